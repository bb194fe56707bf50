"""Many rows into a table at once: PostgreSQL reads them as a stream, other databases in batches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

_BATCH = 1_000


def add(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Insert rows that nobody asks the keys of: without signals, and they get no key in memory.

    On PostgreSQL through COPY, about five times as quick as INSERT.
    """
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=_BATCH)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([_value(field, row) for field in fields])


def _value(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
