"""What rows that are no content have in common, in every room."""

from __future__ import annotations

from typing import Any

from django.db import models


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
