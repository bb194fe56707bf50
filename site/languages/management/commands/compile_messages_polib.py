"""Compile the catalogues in `locale/` (.po → .mo) without gettext on the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from languages.catalogue import compile_all


class Command(BaseCommand):
    """`manage.py compile_messages_polib [--force]`."""

    help = "Compile message catalogues that are missing or out of date."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """`--force` compiles all."""
        parser.add_argument("--force", action="store_true", help="compile up-to-date ones too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile, and say how many entries each catalogue has."""
        for root in map(Path, settings.LOCALE_PATHS):
            for name, entries in compile_all(root, force=options["force"]).items():
                self.stdout.write(f"{name}: {entries} messages compiled")
