"""Bytes in the private storage that no row names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage, storages
from django.db.models import Model
from django.utils import timezone

#: Bytes without a row are older than any request that may still be writing one.
ORPHAN_AGE = timedelta(hours=6)


def delete_orphans(model: type[Model], folder: str) -> int:
    """Delete bytes under `folder` that no row of `model` (its field `file`) names: what a crash
    between disk and database left; how many."""
    storage = storages["private"]
    count = 0
    for name in _stored(storage, folder):
        old = storage.get_modified_time(name) < timezone.now() - ORPHAN_AGE
        if old and not model._default_manager.filter(file=name).exists():
            storage.delete(name)
            count += 1
    return count


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        yield f"{folder}/{name}"
    for inner in folders:
        yield from _stored(storage, f"{folder}/{inner}")
