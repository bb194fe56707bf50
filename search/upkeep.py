"""What keeps the index right without anybody's help: called by the schedule and by commands."""

from __future__ import annotations

import logging

from django.db import transaction

from search import indexing, node, store
from search.admin_index import index as admin_index
from search.engine import EngineUnavailable
from search.models import AdminEntry, PendingDocument, SearchDocument
from service_pages.models import CatalogueEntry, ServiceFigures

log = logging.getLogger(__name__)

#: Notes for the node that wait longer than a moment are worth an operator's look.
_MANY_NOTES = 1000


def catch_up_now() -> None:
    """Let the node know before the caller goes on; where it is away, the schedule will."""
    try:
        node.catch_up()
    except EngineUnavailable as error:
        log.warning("the node was not told", extra={"reason": str(error)})


def every_minute() -> None:
    """Index what is published where nothing is, and let the node catch up."""
    if not SearchDocument.objects.exists() and CatalogueEntry.objects.exists():
        indexing.reconcile()
    if not AdminEntry.objects.exists():
        admin_index.mend()
    if node.is_configured():
        node.catch_up()


def every_hour() -> None:
    """Compare everything: publications, tables, node."""
    indexing.reconcile()
    admin_index.mend()
    refresh_popularity()
    if node.is_configured():
        node.reconcile()


def refresh_popularity() -> int:
    """Bring views and requests of 90 days, which break ties, up to date; how many changed."""
    figures = {row.service_id: row.popularity for row in ServiceFigures.objects.all()}
    moved = []
    documents = SearchDocument.objects.filter(service__isnull=False)
    for document in documents.only("service_id", "popularity", "version"):
        popularity = figures.get(document.service_id or 0, 0)
        if document.popularity != popularity:
            document.popularity = popularity
            document.version = store.next_version(document.version)
            moved.append(document)
    with transaction.atomic():
        SearchDocument.objects.bulk_update(moved, ["popularity", "version"], batch_size=500)
        store.tell_node({document.pk: document.version for document in moved})
    return len(moved)


def problem() -> str | None:
    """What `/readyz` says of search; None where all is well."""
    if not SearchDocument.objects.exists():
        return "the index is empty"
    waiting = PendingDocument.objects.count() if node.is_configured() else 0
    if found := node.problem():
        return f"{found}, {waiting} changes wait" if waiting else found
    return f"{waiting} changes wait for the node" if waiting > _MANY_NOTES else None
