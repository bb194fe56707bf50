"""Forget answers whose time is over."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from forms import retention


class Command(BaseCommand):
    """`forget_answers --dry-run` says what would go; without it, it goes."""

    help = "Delete or anonymise answers of forms whose time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        """Arguments."""
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and report."""
        report = retention.forget_due(dry_run=options["dry_run"])
        self.stdout.write(
            f"deleted: {report.purged}, anonymised: {report.anonymised}, held: {report.held}"
        )
