"""A column type of the index."""

from __future__ import annotations

from typing import Any

from django.db import models


class TermField(models.CharField):
    """Folded words, compared byte by byte: a beginning is a range, on every server's locale.

    PostgreSQL compares by the database's locale otherwise, in which ranges are not beginnings.
    """

    def db_parameters(self, connection: Any) -> Any:
        """Add the collation to PostgreSQL's column; SQLite compares bytes anyway."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
