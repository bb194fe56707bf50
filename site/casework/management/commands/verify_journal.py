"""Check the hash chain of every request, the audit, and the daily anchors."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.journal import broken_links, cut_histories
from casework.models import ServiceRequest
from operations import journal as house


class Command(BaseCommand):
    help = "Check every hash chain and daily anchor; fails where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError naming requests, entries and anchors that were changed or are missing."""
        count, broken = 0, []
        for request in ServiceRequest.objects.iterator():
            count += 1
            if links := broken_links(request):
                broken.append(f"{request.number}: {links}")
        broken += [f"{row.number}: the end is missing" for row in cut_histories().iterator()]
        broken += [f"audit: {entry}" for entry in house.broken_entries()]
        broken += [f"anchor: {name}" for name in house.broken_anchors()]
        if broken:
            raise CommandError("Broken chains:\n" + "\n".join(broken))
        self.stdout.write(f"{count} requests, all chains whole")
