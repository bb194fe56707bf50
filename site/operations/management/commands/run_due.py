"""Run recurring work that is due. Called each minute by compose, systemd or the demo process."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from operations import schedule


class Command(BaseCommand):
    help = "Run recurring work that is due (idempotent, under a lock)."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--everything` runs also what is not due yet."""
        parser.add_argument("--everything", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and say what ran."""
        for name, result in schedule.run_due(everything=options["everything"]).items():
            self.stdout.write(f"{name}: {result}")
