"""Load the demonstration content: idempotent, in all languages, through models."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.publishing import bump_generation
from core.references import index_references
from core.translating import without_indexing
from demo import council, counted, pages, payments, people, receptions, requests, rows
from search.indexing import reconcile
from service_pages.figures import update_figures
from service_pages.rights import ensure_rights, rights_given_later


class Command(BaseCommand):
    help = "Load the demonstration content (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load. Raises CommandError where settings do not allow a demonstration."""
        if not settings.DEMO:
            raise CommandError("DEMO is off: demonstration content is refused here.")
        started = time.monotonic()
        # One line for each of a thousand pages says nothing.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        with transaction.atomic(), without_indexing(everything=True):
            rows.load_rows()
            receptions.load_receptions()
            people.load_people()
            with rights_given_later():
                pages.load_pages()
            ensure_rights()
            council.load_council()
            requests.mark_services()
            requests.load_requests()
            # After the requests: theirs were never paid through the portal.
            payments.load_payments()
            counted.load_counted()
            counted.load_report()
        with transaction.atomic(), without_indexing():
            services, others = reconcile()
            update_figures()
            bump_generation()
        if services or others:
            index_references()
            call_command("update_index", verbosity=0)
        self.stdout.write(
            f"{services} services and {others} pages indexed, {time.monotonic() - started:.1f} s"
        )
