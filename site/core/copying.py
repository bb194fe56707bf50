"""Many rows into a table at once: PostgreSQL reads them as a stream, other databases in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    add_values(
        model,
        [str(field.column) for field in fields],
        ([_value(field, row) for field in fields] for row in rows),
    )


def add_values(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of values as the database takes them: an instance for each costs far more."""
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            signs = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({signs})",  # noqa: S608 - own names
                list(rows),
            )


def _value(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)
