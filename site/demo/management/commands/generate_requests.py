"""Add requests to measure with: `generate_requests 100000`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.generating_requests import generate


class Command(BaseCommand):
    help = "Add so many requests of the last two years with their histories, to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """COUNT, and `--until` (the last day; yesterday)."""
        parser.add_argument("count", type=int)
        parser.add_argument("--until", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate. Raises CommandError where settings do not allow a demonstration."""
        if not settings.DEMO:
            raise CommandError("DEMO is off: generated requests are refused here.")
        started = time.monotonic()
        try:
            added = generate(options["count"], options["until"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{added} requests added, {time.monotonic() - started:.1f} s")
