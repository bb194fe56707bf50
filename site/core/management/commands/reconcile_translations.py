"""Mend what did not follow its Uzbek source: `manage.py reconcile_translations`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core import following, following_rows


class Command(BaseCommand):
    help = "Bring Cyrillic versions that are missing, old or not live in step with their source."

    def handle(self, *args: Any, **options: Any) -> None:
        """Until nothing is left; prints how many pages and rows were mended."""
        total = following_rows.reconcile()
        while mended := following.reconcile():
            total += mended
        self.stdout.write(f"{total} pages and rows mended")
