"""Keeping the node in step with the tables, whatever happens to it.

A change of a document leaves a PendingDocument in its own transaction; `catch_up` tells the node and
then forgets the note. It runs as a task after each commit and every minute by the schedule, so what
the node missed while it was away is made up for when it is back. A missing index, or one of another
mapping, is rebuilt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from elasticsearch import ApiError, NotFoundError, TransportError

from search import breaker
from search.backends.elasticsearch import IndexingFailed, SearchBackend, mapping_version
from search.engine import EngineUnavailable
from search.models import PendingDocument, RebuildLease, SearchDocument

log = logging.getLogger(__name__)

_BATCH = 500
#: A rebuild that has not been heard of for so long is over.
_LEASE = timedelta(minutes=2)
_KNOWN, _KNOWN_SECONDS = "search:node:version", 60


def is_configured() -> bool:
    """Whether there is a node at all."""
    return bool(settings.ELASTICSEARCH_URL)


def backend() -> SearchBackend:
    """The client of the node, kept for the process."""
    return _backend(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_INDEX_PREFIX,
        settings.ELASTICSEARCH_TIMEOUT,
    )


@lru_cache(maxsize=4)
def _backend(_url: str, _prefix: str, _timeout: float) -> SearchBackend:
    return SearchBackend({})


@contextmanager
def watched() -> Iterator[SearchBackend]:
    """The client, for work whose outcome the breaker learns. Raises EngineUnavailable."""
    if not breaker.allows():
        raise EngineUnavailable("the node did not answer a moment ago")
    try:
        yield backend()
    except TransportError as error:
        breaker.failed()
        raise EngineUnavailable(f"the node does not answer: {type(error).__name__}") from error
    except ApiError as error:
        if error.status_code >= 500 or error.status_code == 429:
            breaker.failed()
        else:
            breaker.worked()
        cache.delete(_KNOWN)
        raise EngineUnavailable(f"the node refuses: {error.status_code}") from error
    except IndexingFailed as error:
        raise EngineUnavailable("the node refuses documents") from error
    breaker.worked()


def require_index(client: SearchBackend) -> None:
    """Raises EngineUnavailable where there is no index, or one of another mapping."""
    if cache.get(_KNOWN) != (client.alias, mapping_version()):
        problem = _index_problem(client)
        if problem:
            raise EngineUnavailable(problem)
        cache.set(_KNOWN, (client.alias, mapping_version()), _KNOWN_SECONDS)


def _index_problem(client: SearchBackend) -> str | None:
    try:
        version = client.index.mapping_version()
    except NotFoundError:
        return "there is no index yet"
    if version != mapping_version():
        return f"the index has mapping {version}, this portal needs {mapping_version()}"
    return None


def problem() -> str | None:
    """What is wrong with the node, in a line without secrets; None where all is well."""
    if not is_configured():
        return None
    try:
        with watched() as client:
            found = _index_problem(client)
    except EngineUnavailable as error:
        return f"{error}; the database answers"
    return f"{found}; the database answers" if found else None


def catch_up() -> int:
    """Tell the node what it has missed; how many documents that were.

    Rebuilds where there is no index of our mapping. Raises EngineUnavailable; nothing is lost then.
    """
    if not is_configured():
        return 0
    with watched() as client:
        if _index_problem(client):
            return _rebuild(client)
        return _push(client)


def rebuild() -> int:
    """Rebuild the index beside the old one; how many documents. Raises EngineUnavailable."""
    with watched() as client:
        return _rebuild(client)


def reconcile() -> tuple[int, int]:
    """Compare index and tables and mend the index; (written, forgotten). Raises EngineUnavailable."""
    with watched() as client:
        if _index_problem(client):
            return _rebuild(client), 0
        return client.index.reconcile()


def _push(client: SearchBackend) -> int:
    told = 0
    while notes := dict(
        PendingDocument.objects.order_by("pk").values_list("document_id", "version")[:_BATCH]
    ):
        documents = list(SearchDocument.objects.filter(pk__in=notes))
        if documents:
            client.index.add_items(SearchDocument, documents)
        gone = notes.keys() - {document.pk for document in documents}
        if gone:
            client.index.forget({pk: notes[pk] for pk in gone})
        _forget_notes(notes)
        told += len(notes)
    if told:
        client.index.refresh()
    return told


def _forget_notes(notes: dict[int, int]) -> None:
    """Forget what the node was told, but not what changed once more meanwhile."""
    now = dict(
        PendingDocument.objects.filter(document_id__in=notes).values_list("document_id", "version")
    )
    same = [pk for pk, version in notes.items() if now.get(pk) == version]
    for pk in same:
        PendingDocument.objects.filter(document_id=pk, version=notes[pk]).delete()


def _rebuild(client: SearchBackend) -> int:
    with _lease(client.alias) as taken:
        if not taken:
            return 0
        # What is noted up to now is in the tables that the rebuild reads.
        notes = dict(PendingDocument.objects.values_list("document_id", "version"))
        written = client.rebuild(alive=lambda: _extend(client.alias))
        pending = list(notes.items())
        for start in range(0, len(pending), _BATCH):
            _forget_notes(dict(pending[start : start + _BATCH]))
    log.info("the node's index was rebuilt", extra={"documents": written})
    return written


@contextmanager
def _lease(name: str) -> Iterator[bool]:
    """Whether this process may rebuild now: one at a time."""
    now = timezone.now()
    RebuildLease.objects.get_or_create(name=name, defaults={"until": now})
    taken = RebuildLease.objects.filter(name=name, until__lte=now).update(until=now + _LEASE)
    try:
        yield bool(taken)
    finally:
        if taken:
            RebuildLease.objects.filter(name=name).update(until=timezone.now())


def _extend(name: str) -> None:
    RebuildLease.objects.filter(name=name).update(until=timezone.now() + _LEASE)
