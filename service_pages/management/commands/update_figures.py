"""`manage.py update_figures`: count views and popularity of services now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from service_pages.figures import update_figures


class Command(BaseCommand):
    """Bring the figures of all services up to date; the schedule does it hourly."""

    help = "Brings views and popularity of all services up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many services changed."""
        self.stdout.write(f"changed {update_figures()}")
