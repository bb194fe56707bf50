"""Merge tables of translations into the catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from languages.catalogue import (
    DOMAINS,
    BadTable,
    compile_all,
    conflicts,
    merge,
    problems,
    read_table,
)


def _domain(path: Path) -> str:
    return "djangojs" if path.name.endswith("js.tsv") else "django"


class Command(BaseCommand):
    """`manage.py merge_translations FILE.tsv…`."""

    help = (
        "Merge tab-separated tables (English, Uzbek in Latin script, Russian, Karakalpak) into "
        "locale/, derive the Cyrillic catalogue and compile all. What scripts of the admin say "
        "stands in tables called …js.tsv."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The tables; none only derives and compiles."""
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge, derive, compile. Raises CommandError on a line that cannot be read."""
        root = Path(settings.LOCALE_PATHS[0])
        try:
            tables = [(_domain(path), read_table(path)) for path in options["files"]]
        except (BadTable, OSError) as error:
            raise CommandError(str(error)) from error
        for domain in DOMAINS:
            rows = [row for name, table in tables if name == domain for row in table]
            for message in conflicts(rows):
                self.stderr.write(f"two translations, the last one taken: {message.msgid!r}")
            for code, entries in merge(root, rows, domain).items():
                self.stdout.write(f"{code}: {entries} translated")
        for problem in problems(root):
            self.stderr.write(f"{problem.language}: {problem.message.msgid!r}: {problem.text}")
        compile_all(root)
