"""What rows that are no content have in common, in every room."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db import connections, models, router
from django.db.models.query import RawQuerySet

M = TypeVar("M", bound=models.Model)


class Row(models.Model):
    """A row that nothing editors choose refers to: Wagtail's index of references leaves it alone.

    Else each save would write that index, in the request of a citizen.
    """

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class WrittenOnce(Row):
    """A row that is inserted and never changed or deleted; another row corrects it.

    This stops our own code. Where it must hold against everybody, the room's migrations add
    triggers, and `append_only = True` has `manage.py limit_rights` take the right away.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only. Raises TypeError on a change."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never. Raises TypeError."""
        raise TypeError(f"{type(self).__name__} is never deleted.")


def add(row: models.Model) -> None:
    """Insert a row and give it its key: what `save` does, for half of the work, where nobody listens
    to the model's signals. Raises IntegrityError where the database refuses it."""
    _insert(row, "")


def add_new(row: models.Model) -> bool:
    """As `add`, unless the row is there already (a unique constraint says so); whether it was new.

    A twin breaks nothing: the caller's transaction goes on, without a savepoint.
    """
    return _insert(row, "ON CONFLICT DO NOTHING ")


def find(model: type[M], *, newest: str = "", **equal: Any) -> M | None:
    """The row whose columns have these values, the newest of them by a column; None where there is
    none. What `filter`, `order_by` and `first` do, for a third of the work: names are columns."""
    return next(iter(_read(model, newest, equal)), None)


def find_all(model: type[M], **equal: Any) -> list[M]:
    """All rows whose columns have these values, in no order."""
    return list(_read(model, "", equal))


def _read(model: type[M], newest: str, equal: dict[str, Any]) -> RawQuerySet[M]:
    sql = _reading(model, router.db_for_read(model), newest, tuple(equal))
    return model._default_manager.raw(sql, list(equal.values()))


@cache
def _reading(model: type[models.Model], alias: str, newest: str, names: tuple[str, ...]) -> str:
    """The statement that reads rows by columns. Names come from the model and from our own code."""
    quote = connections[alias].ops.quote_name
    wanted = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    equal = " AND ".join(f"{quote(name)} = %s" for name in names)
    order = f" ORDER BY {quote(newest)} DESC LIMIT 1" if newest else ""
    return f"SELECT {wanted} FROM {quote(model._meta.db_table)} WHERE {equal}{order}"  # noqa: S608


def _insert(row: models.Model, on_conflict: str) -> bool:
    model = type(row)
    alias = router.db_for_write(model)
    connection = connections[alias]
    sql, fields = _writing(model, alias, on_conflict)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, alias
    return True


@cache
def _writing(
    model: type[models.Model], alias: str, on_conflict: str
) -> tuple[str, list[models.Field[Any, Any]]]:
    """The statement that inserts a row, and the fields whose values it takes."""
    quote = connections[alias].ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    # Names of tables and columns come from the model, never from what somebody typed.
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({names}) "  # noqa: S608 - own names
        f"VALUES ({', '.join(['%s'] * len(fields))}) "
        f"{on_conflict}RETURNING {quote(str(model._meta.pk.column))}"
    )
    return sql, fields
