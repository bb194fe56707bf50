"""Find and mend differences between what is published, the tables of the index, and the node."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search import indexing, node, upkeep
from search.admin_index import index as admin_index
from search.engine import EngineUnavailable


class Command(BaseCommand):
    help = "Bring the search index in step with what is published, and the node with it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Mend, and say how much was out of step. Raises CommandError where the node is away."""
        services, pages = indexing.reconcile()
        upkeep.refresh_popularity()
        self.stdout.write(f"{services} services and {pages} pages were out of step")
        added, dropped = admin_index.mend()
        self.stdout.write(f"admin: {added} objects were missing, {dropped} were gone")
        if not node.is_configured():
            return
        try:
            written, forgotten = node.reconcile()
        except EngineUnavailable as error:
            raise CommandError(f"{error}. It will catch up when it is back.") from error
        self.stdout.write(f"node: {written} documents written, {forgotten} forgotten")
