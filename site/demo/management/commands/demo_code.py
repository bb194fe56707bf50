"""The code of the second factor of a demonstration account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.codes import address_of, code_of
from demo.people import PEOPLE


class Command(BaseCommand):
    help = "Print the code that the authenticator app of a demonstration account shows now."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The account's e-mail, and `--address` for the key that apps scan."""
        parser.add_argument("email")
        parser.add_argument("--address", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line. Raises CommandError where the demonstration has no such staff account."""
        email = options["email"]
        if email not in {person.email for person in PEOPLE if person.is_staff}:
            raise CommandError(f"The demonstration has no staff account {email}.")
        self.stdout.write(address_of(email) if options["address"] else code_of(email))
