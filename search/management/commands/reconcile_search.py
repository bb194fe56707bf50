"""Find and mend differences between what is published and what is found."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from search.indexing import reconcile


class Command(BaseCommand):
    help = "Bring the search index in step with what is published."

    def handle(self, *args: Any, **options: Any) -> None:
        """Mend, and say how much was out of step."""
        services, pages = reconcile()
        self.stdout.write(f"{services} services and {pages} pages were out of step")
