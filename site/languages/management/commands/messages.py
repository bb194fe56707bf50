"""What people see and no catalogue translates: our replacement of makemessages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from languages.catalogue import DOMAINS, compile_all, derive, missing, problems, unused
from languages.extraction import CITIZEN_MODULES, Message, extract, places_of

#: Folders of our rooms under the root of the project.
ROOMS = ("home", "service_pages", "forms", "search", "site")


class Command(BaseCommand):
    """`manage.py messages [--check] [--third-party] [--unused]`."""

    help = "List messages without a translation; derive the Cyrillic catalogue from the Latin one."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail on any gap")
        parser.add_argument(
            "--third-party",
            action="store_true",
            help="also what Django and allauth tell citizens",
        )
        parser.add_argument("--unused", action="store_true", help="list messages nothing asks for")
        parser.add_argument("--tsv", action="store_true", help="print what lacks Uzbek as a table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report; with --check raises CommandError where anything is missing or wrong."""
        root = Path(settings.LOCALE_PATHS[0])
        places = [Path(settings.ROOT) / name for name in ROOMS]
        if options["third_party"]:
            places += places_of(CITIZEN_MODULES)
        messages = extract(places)
        if not options["check"]:
            for domain in DOMAINS:
                derive(root, domain)
            compile_all(root)
        gaps, wrong = missing(root, messages), problems(root)
        if options["tsv"]:
            for message in gaps.get("uz", []):
                self.stdout.write(self._line(message))
            return
        project = f"{Path(settings.ROOT).as_posix()}/"

        def where(message: Message) -> str:
            return messages[message][0].removeprefix(project)

        self.stdout.write(f"{len(messages)} messages in the source")
        for code, lacking in gaps.items():
            self.stdout.write(f"{code}: {len(lacking)} without a translation")
        for message in sorted({message for lacking in gaps.values() for message in lacking}):
            codes = ", ".join(code for code, lacking in gaps.items() if message in lacking)
            self.stdout.write(f"  [{codes}] {message.msgid!r} ({where(message)})")
        for problem in wrong:
            self.stdout.write(f"{problem.language}: {problem.message.msgid!r}: {problem.text}")
        if options["unused"]:
            for message in unused(root, messages):
                self.stdout.write(f"unused: {message.msgid!r}")
        if options["check"] and (gaps or wrong):
            raise CommandError("The catalogues are not complete.")

    @staticmethod
    def _line(message: Message) -> str:
        context = f"[[{message.context}]]" if message.context else ""
        plural = f"|||{message.plural}" if message.plural else ""
        return f"{context}{message.msgid}{plural}".replace("\n", "\\n") + "\t\t\t"
