"""Write documents, their words and the keys of these words to the tables of the index."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from languages.analysis import terms
from languages.uzbek import fold
from search import node, postings
from search.models import PendingDocument, SearchDocument, SearchPosting
from search.postings import Field
from search.tasks import catch_up_after_commit
from search.weights import ANALYSIS
from service_pages.models import Service


@dataclass
class Content:
    """What a document is made of."""

    kind: str
    key: str
    titles: Mapping[str, str]
    paths: Mapping[str, str]
    fields: Sequence[Field]
    #: (facet, value)
    facets: Collection[tuple[str, str]] = ()
    service: Service | None = None
    popularity: int = 0
    #: Whole numbers, with whatever signs between their parts: `PQ-244`.
    codes: Collection[str] = field(default_factory=tuple)

    @property
    def digest(self) -> str:
        """A hash of all that is searched and shown."""
        body = [
            ANALYSIS, dict(self.titles), dict(self.paths), sorted(map(list, self.fields)),
            facets_text(self), sorted(self.codes),
        ]  # fmt: skip
        return hashlib.sha256(
            json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()

    @property
    def state(self) -> tuple[str, str]:
        """(key, hash) of the document that has all of it."""
        return self.key, self.digest


def facets_text(content: Content) -> str:
    """`|agency=iiv|free=yes|type=service|`, sorted."""
    values = {("type", content.kind), *content.facets}
    return "|" + "".join(f"{name}={value}|" for name, value in sorted(values))


@transaction.atomic
def write(content: Content) -> bool:
    """Index a document; whether anything changed. What did not change is not written."""
    # A service stays the same when its key changes.
    by_key = {"kind": content.kind, "key": content.key}
    own = {"service": content.service} if content.service else by_key
    document = SearchDocument.objects.select_for_update().filter(**own).first()
    if document is not None and (document.key, document.content_hash) == content.state:
        return False
    document = document or SearchDocument()
    describe(document, content)
    document.save()
    weights, surfaces = postings.weighted_words(content.fields, content.codes)
    postings.put({document.pk: weights}, surfaces)
    tell_node({document.pk: document.version})
    return True


def describe(document: SearchDocument, content: Content) -> None:
    """Set all that a document says of its content; `save` it, and write its words, afterwards."""
    document.kind, document.key = content.kind, content.key
    document.service = content.service
    document.titles, document.paths = dict(content.titles), dict(content.paths)
    document.phrase = " | ".join(sorted({fold(title) for title in content.titles.values()}))
    document.title_stems = " | ".join(
        sorted({" ".join(terms(text, code).stem) for code, text in content.titles.items()})
    )
    document.facets = facets_text(content)
    document.popularity = content.popularity
    document.content_hash = content.digest
    document.version = next_version(document.version)


@transaction.atomic
def remove(kind: str, keys: Collection[str]) -> int:
    """Take documents out of the index; how many there were."""
    rows = dict(SearchDocument.objects.filter(kind=kind, key__in=keys).values_list("pk", "version"))
    if rows:
        tell_node({pk: next_version(version) for pk, version in rows.items()})
        SearchPosting.objects.filter(document__in=rows)._raw_delete("default")
        SearchDocument.objects.filter(pk__in=rows).delete()
    return len(rows)


def next_version(last: int) -> int:
    """A version above the last one, and above those of rows that had this key before."""
    return max(last + 1, time.time_ns())


def tell_node(versions: Mapping[int, int]) -> None:
    """Note that the node lacks these changes, in their own transaction: nothing gets lost."""
    if not node.is_configured():
        return
    PendingDocument.objects.bulk_create(
        [PendingDocument(document_id=pk, version=version) for pk, version in versions.items()],
        update_conflicts=True,
        unique_fields=["document_id"],
        update_fields=["version"],
    )
    catch_up_after_commit()
