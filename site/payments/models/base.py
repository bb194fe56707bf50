"""What every row of the room has in common."""

from __future__ import annotations

from typing import Any

from django.db import models


class Row(models.Model):
    """A row of payments: none is content, so Wagtail's index of references leaves it alone."""

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True


class AppendOnly(Row):
    """A row that is written once. The database has triggers that say the same."""

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
