"""Mend what did not follow its Uzbek source: `manage.py reconcile_translations`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.following import reconcile


class Command(BaseCommand):
    help = "Bring Cyrillic versions that are missing, old or not live in step with their source."

    def handle(self, *args: Any, **options: Any) -> None:
        """Until nothing is left; prints how many pages were mended."""
        total = 0
        while mended := reconcile():
            total += mended
        self.stdout.write(f"{total} pages mended")
