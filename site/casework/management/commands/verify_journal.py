"""Check the hash chain of every request."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.journal import broken_links
from casework.models import ServiceRequest


class Command(BaseCommand):
    help = "Check the hash chain of every request; fails where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError naming the requests whose history was changed."""
        count, broken = 0, []
        for request in ServiceRequest.objects.iterator():
            count += 1
            if links := broken_links(request):
                broken.append(f"{request.number}: {links}")
        if broken:
            raise CommandError("Broken chains:\n" + "\n".join(broken))
        self.stdout.write(f"{count} requests, all chains whole")
