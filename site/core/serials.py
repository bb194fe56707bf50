"""Serial numbers without gaps: one row of a counter's table for each series."""

from __future__ import annotations

from typing import Any

from django.db import connections, models, router


def next_serial(model: type[models.Model], **series: Any) -> int:
    """Count a series on by one and give its number, from 1, in one statement.

    `model` has the columns that name a series (unique together) and `last`. The row stays locked
    until the caller's transaction ends, and what is rolled back leaves no gap: whoever takes a number
    has everything else ready.
    """
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    names = [quote(str(getattr(model._meta.get_field(name), "column", name))) for name in series]
    columns = ", ".join(names)
    # Names of tables and columns come from the model, never from what somebody typed.
    table, last = quote(model._meta.db_table), quote("last")
    sql = (
        f"INSERT INTO {table} AS counter ({columns}, {last}) "  # noqa: S608 - own
        f"VALUES ({', '.join(['%s'] * len(names))}, 1) "
        f"ON CONFLICT ({columns}) DO UPDATE SET {last} = counter.{last} + 1 RETURNING {last}"
    )
    values = [getattr(value, "pk", value) for value in series.values()]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
