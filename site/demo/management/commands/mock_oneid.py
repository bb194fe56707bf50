"""The mock of OneID as a process of its own."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from demo.oneid.server import CLIENT_ID, CLIENT_SECRET, MockOneID


class Command(BaseCommand):
    help = "Serve a OneID of invented people for the demonstration."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--port` (0 takes a free one), `--with-parent` (end where its input ends)."""
        parser.add_argument("--port", type=int, default=0)
        parser.add_argument("--with-parent", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the settings that lead to it, then serve until interrupted."""
        oneid = MockOneID(options["port"])
        self.stdout.write(
            f"ONEID_URL={oneid.url}\nONEID_CLIENT_ID={CLIENT_ID}\n"
            f"ONEID_CLIENT_SECRET={CLIENT_SECRET}"
        )
        self.stdout.flush()
        if options["with_parent"]:
            # Whoever started it may be killed and never say so; the pipe then ends.
            with oneid:
                sys.stdin.read()
            return
        with contextlib.suppress(KeyboardInterrupt):
            oneid.serve_forever()
