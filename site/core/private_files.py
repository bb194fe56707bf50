"""Bytes in the private storage that no row names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import Storage, storages
from django.db.models import Model
from django.utils import timezone

#: Bytes without a row are older than any request that may still be writing one.
ORPHAN_AGE = timedelta(hours=6)
#: Names that one query asks for.
_BATCH = 500


def delete_orphans(model: type[Model], folder: str) -> int:
    """Delete bytes under `folder` that no row of `model` (its field `file`) names: what a crash
    between disk and database left; how many."""
    storage, before = storages["private"], timezone.now() - ORPHAN_AGE
    count = 0
    for names in _batches(_stored(storage, folder)):
        rows = model._default_manager.filter(file__in=names)
        for name in set(names).difference(rows.values_list("file", flat=True)):
            if storage.get_modified_time(name) < before:
                storage.delete(name)
                count += 1
    return count


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(names, _BATCH)):
        yield batch


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}"
    for inner in folders:
        yield from _stored(storage, f"{folder}/{inner}")
