"""Import services of one agency from a JSON file."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Agency
from core.publishing import published_many
from service_pages.importing import import_services, validate
from service_pages.models import AgencyPage


class Command(BaseCommand):
    help = "Import services of one agency from a JSON array (or an object with `items`)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, `--agency KEY`, `--locale uz`, `--dry-run`."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True)
        parser.add_argument("--locale", default=settings.LANGUAGE_CODE)
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Validate all, then write all. Exits with 1 where a record is wrong: nothing is written."""
        if options["locale"] != settings.LANGUAGE_CODE:
            raise CommandError(f"The source language is {settings.LANGUAGE_CODE}.")
        records = self._read(options["file"])
        agency = Agency.objects.filter(key=options["agency"]).first()
        if agency is None or not AgencyPage.objects.filter(agency=agency).exists():
            raise CommandError(f"There is no agency {options['agency']!r} with a page.")
        outcome = validate(records, agency)
        if outcome.unknown:
            self.stderr.write(
                f"warning: unknown keys are skipped: {', '.join(sorted(outcome.unknown))}"
            )
        if outcome.errors:
            for line in outcome.errors:
                self.stderr.write(line)
            sys.exit(1)
        if options["dry_run"]:
            self.stdout.write(f"{len(records)} records are right; nothing was written")
            return
        counts = import_services(records, agency, options["locale"]).counts
        published_many.send(sender=Command)
        self.stdout.write(
            f"created {counts['created']}, updated {counts['updated']}, "
            f"unchanged {counts['unchanged']}"
        )

    @staticmethod
    def _read(path: Path) -> list[Any]:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read: {error}") from error
        records = data.get("items") if isinstance(data, dict) else data
        if not isinstance(records, list):
            raise CommandError(f"{path} holds neither an array nor an object with `items`.")
        return records
