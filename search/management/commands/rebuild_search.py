"""Rebuild the node's index beside the old one, and swap."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import node
from search.engine import EngineUnavailable


class Command(BaseCommand):
    help = "Rebuild the index of Elasticsearch; searches go on meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild. Raises CommandError where there is no node or it does not answer."""
        if not node.is_configured():
            raise CommandError("ELASTICSEARCH_URL is not set: the database answers searches.")
        started = time.monotonic()
        try:
            written = node.rebuild()
        except EngineUnavailable as error:
            raise CommandError(f"{error}. The old index stands.") from error
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{written} documents in {seconds:.1f} s" if written else "another process rebuilds now"
        )
