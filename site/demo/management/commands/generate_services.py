"""Add services to measure with: `generate_services 20000`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.generating import generate


class Command(BaseCommand):
    help = "Add services like those of the demonstration until there are so many, to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """COUNT [--without-admin]."""
        parser.add_argument("count", type=int)
        parser.add_argument(
            "--without-admin", action="store_true", help="Staff need not find them: half the time."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate. Raises CommandError where settings do not allow a demonstration."""
        if not settings.DEMO:
            raise CommandError("DEMO is off: generated services are refused here.")
        started = time.monotonic()
        try:
            added = generate(options["count"], admin=not options["without_admin"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{added} services added, {time.monotonic() - started:.1f} s")
