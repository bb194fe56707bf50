"""Empty the whole database: the operator's own act, which no trigger may half stop."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

#: Those of the journal and of published forms: "… never change".
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s"


class Command(flush.Command):
    """Django's `flush`. SQLite empties tables row by row, which the triggers that keep
    histories and published forms forbid: they are lifted meanwhile. PostgreSQL truncates, which
    they allow.
    """

    def handle(self, **options: Any) -> None:
        """Lift the triggers, empty the tables, put the triggers back whatever happens."""
        connection = connections[options["database"]]
        if connection.vendor != "sqlite":
            super().handle(**options)
            return
        with connection.cursor() as cursor:
            cursor.execute(_TRIGGERS, ["%never change%"])
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            super().handle(**options)
        finally:
            with connection.cursor() as cursor:
                for _name, sql in triggers:
                    cursor.execute(sql)
