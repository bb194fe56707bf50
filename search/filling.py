"""Adding many documents to the tables at once: a new portal, a restored one, a large import."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from search import postings, store
from search.models import SearchDocument
from search.store import Content
from search.vocabulary import Place

_BATCH = 500


def add(contents: Iterable[Content]) -> int:
    """Add documents that the index does not have; how many.

    Each batch is one transaction, so that an interrupted run leaves whole documents behind.
    """
    rows = iter(contents)
    ids: dict[Place, int] = {}
    added = 0
    while batch := list(islice(rows, _BATCH)):
        _add(batch, ids)
        added += len(batch)
    return added


@transaction.atomic
def _add(batch: list[Content], ids: dict[Place, int]) -> None:
    """Write one batch; `ids` keeps the words that are known from one batch to the next."""
    documents = [SearchDocument() for _content in batch]
    for document, content in zip(documents, batch, strict=True):
        store.describe(document, content)
    SearchDocument.objects.bulk_create(documents, batch_size=_BATCH)
    words = [postings.weighted_words(content.fields, content.codes) for content in batch]
    surfaces: dict[str, str] = {}
    for _weights, written in words:
        surfaces |= written
    places = {place for weights, _written in words for place in weights}
    ids |= postings.word_ids(places - ids.keys(), surfaces)
    postings.insert_postings(
        [
            (ids[place], document.pk, weight)
            for document, (weights, _written) in zip(documents, words, strict=True)
            for place, weight in weights.items()
        ]
    )
    store.tell_node({document.pk: document.version for document in documents})
