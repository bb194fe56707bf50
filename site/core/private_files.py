"""Files in the private storage beside the rows that name them: written and deleted together, given
out to be kept and never to be run, and the bytes that no row names.

A row has its file in `file`, its name in `filename`, its kind in `content_type`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Model
from django.http import FileResponse, Http404
from django.utils import timezone

#: Bytes without a row are older than any request that may still be writing one.
ORPHAN_AGE = timedelta(hours=6)
#: Names that one query asks for.
_BATCH = 500


@contextmanager
def written() -> Iterator[list[Any]]:
    """One transaction for rows and bytes: those of the rows in the list (`store` puts them there) go
    again where the block raises."""
    saved: list[Any] = []
    try:
        with transaction.atomic():
            yield saved
    except BaseException:
        for row in saved:
            row.file.storage.delete(str(row.file.name))
        raise


def store(row: Any, content: bytes, saved: list[Any]) -> None:
    """Save a new row with its bytes, their `size` and `sha256`; `saved` is the list of `written`."""
    row.size, row.sha256 = len(content), hashlib.sha256(content).hexdigest()
    row.file.save(str(row.uuid), ContentFile(content), save=False)
    saved.append(row)
    row.save()


def drop(rows: Iterable[Any]) -> int:
    """Delete rows; their bytes go once the transaction commits. How many."""
    found = list(rows)
    for row in found:
        storage, name = row.file.storage, str(row.file.name)
        row.delete()
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
    return len(found)


def opened(row: Any) -> Any:
    """The file of a row. Raises Http404 where its bytes are gone."""
    try:
        return row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error


def give(content: Any, row: Any) -> FileResponse:
    """An opened file as a download."""
    response = FileResponse(
        content, as_attachment=True, filename=row.filename, content_type=row.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


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
