"""Work of search that goes through the task queue."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.db import transaction
from django_tasks import task

from search import node
from search.engine import EngineUnavailable
from search.models import PendingDocument

log = logging.getLogger(__name__)

_QUEUED, _QUEUED_SECONDS = "search:catch-up:queued", 60


@task()
def catch_up() -> None:
    """Tell the node what it has missed. Where it cannot, the schedule tries again each minute."""
    cache.delete(_QUEUED)
    try:
        node.catch_up()
    except EngineUnavailable as error:
        log.warning("the node was not told", extra={"reason": str(error)})


def catch_up_after_commit() -> None:
    """Queue `catch_up` once this transaction is through, unless it waits in the queue already."""
    if node.is_configured():
        transaction.on_commit(_queue)


def _queue() -> None:
    if PendingDocument.objects.exists() and cache.add(_QUEUED, 1, _QUEUED_SECONDS):
        catch_up.enqueue()
