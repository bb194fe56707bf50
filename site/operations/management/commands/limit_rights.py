"""Rights of the role that the site works under: all it needs, and no change of the journal."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql


def append_only() -> list[str]:
    """Tables that only grow: whatever says `append_only = True`."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)
    )


class Command(BaseCommand):
    help = "Make a PostgreSQL role that may do everything but change the journal (run as owner)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The name of the role; `--show` prints the statements instead."""
        parser.add_argument("role")
        parser.add_argument(
            "--password-from", metavar="VARIABLE", default="",
            help="environment variable whose value becomes the role's password",
        )  # fmt: skip
        parser.add_argument("--show", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run after each migration, as the owner of the tables. Raises CommandError elsewhere."""
        role = options["role"]
        if not role.isidentifier() or not role.isascii():
            raise CommandError("A role is named by letters, digits and underscores.")
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        variable = options["password_from"]
        if variable and not os.environ.get(variable):
            raise CommandError(f"{variable} is not set.")
        statements = [
            f"""DO $$ BEGIN CREATE ROLE "{role}" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL;
            END $$""",
            f'GRANT USAGE ON SCHEMA public TO "{role}"',
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
            f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
            *(
                f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{role}"'
                for table in append_only()
            ),
        ]
        if options["show"]:
            self.stdout.write(";\n".join(statements) + ";")
            return
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            if variable:
                # Statements about roles take no parameters: the driver writes the literal.
                cursor.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(os.environ[variable])
                    )
                )
        self.stdout.write(f"{role}: {len(append_only())} tables only grow")
