"""What rows that are no content have in common, in every room."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, models, router


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
