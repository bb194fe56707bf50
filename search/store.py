"""Write documents, their words and the keys of these words to the tables of the index."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from languages.analysis import terms
from languages.uzbek import fold
from languages.uzbek.fold import fold_word, split
from search import node, spelling
from search.models import (
    LONGEST_WORD,
    PendingDocument,
    SearchDocument,
    SearchGram,
    SearchPosting,
    SearchWord,
)
from search.tasks import catch_up_after_commit
from search.vocabulary import Place
from search.weights import ANALYSIS, CODE, DETAIL
from service_pages.models import Service

_BATCH = 500

#: (weight, language, text)
Field = tuple[int, str, str]


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


def facets_text(content: Content) -> str:
    """`|agency=iiv|free=yes|type=service|`, sorted."""
    values = {("type", content.kind), *content.facets}
    return "|" + "".join(f"{name}={value}|" for name, value in sorted(values))


def code_of(text: str) -> str:
    """A number as one word: `PQ-244`, `pq 244`, `ПҚ–244` → `pq244`."""
    return "".join(fold_word(word) for word in split(text))


@transaction.atomic
def write(content: Content) -> bool:
    """Index a document; whether anything changed. What did not change is not written."""
    document = (
        SearchDocument.objects.select_for_update().filter(kind=content.kind, key=content.key)
    ).first()
    if document is not None and document.content_hash == content.digest:
        return False
    document = document or SearchDocument(kind=content.kind, key=content.key)
    describe(document, content)
    document.save()
    _write_postings(document, *weighted_words(content))
    tell_node({document.pk: document.version})
    return True


def describe(document: SearchDocument, content: Content) -> None:
    """Set all that a document says of its content; `save` it, and write its words, afterwards."""
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


def weighted_words(content: Content) -> tuple[dict[Place, int], dict[str, str]]:
    """(view, word) → the weight of its best field; word → how it is written."""
    weights: dict[Place, int] = {}
    surfaces: dict[str, str] = {}

    def add(view: str, text: str, weight: int) -> None:
        place = (view, text[:LONGEST_WORD])
        weights[place] = max(weights.get(place, 0), weight)

    for weight, language, text in content.fields:
        found = terms(text, language)
        for written, exact, stem, kb in zip(
            found.written, found.exact, found.stem, found.kb, strict=True
        ):
            if weight <= DETAIL:
                # Found by its stem; neither beginnings nor typos lead to a word of a step.
                add("s" if stem != exact else "e", stem, weight)
                continue
            add("e", exact, weight)
            surfaces.setdefault(exact[:LONGEST_WORD], written.lower()[:LONGEST_WORD])
            if stem != exact:
                add("s", stem, weight)
            if kb not in {exact, stem}:
                add("k", kb, weight)
    for code in content.codes:
        if whole := code_of(code):
            add("e", whole, CODE)
    return weights, surfaces


def _write_postings(
    document: SearchDocument, weights: Mapping[Place, int], surfaces: Mapping[str, str]
) -> None:
    """Bring a document's postings in step, touching only those that differ."""
    ids = word_ids(weights, surfaces)
    wanted = {ids[place]: weight for place, weight in weights.items()}
    present = dict(document.postings.values_list("word_id", "weight"))
    stale = [word for word, weight in present.items() if wanted.get(word) != weight]
    for start in range(0, len(stale), _BATCH):
        document.postings.filter(word__in=stale[start : start + _BATCH])._raw_delete("default")
    SearchPosting.objects.bulk_create(
        [
            SearchPosting(word_id=word, document=document, weight=weight)
            for word, weight in sorted(wanted.items())
            if present.get(word) != weight
        ],
        batch_size=_BATCH,
    )


def word_ids(places: Iterable[Place], surfaces: Mapping[str, str]) -> dict[Place, int]:
    """The ids of words; new ones are added with their keys for typos."""
    places = sorted(places)
    found = _ids(places)
    new = [place for place in places if place not in found]
    if new:
        # In one order everywhere, so that two writers never wait for each other in a circle.
        SearchWord.objects.bulk_create(
            [
                SearchWord(view=v, text=t, surface=surfaces.get(t, "") if v == "e" else "")
                for v, t in new
            ],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        added = _ids(new)
        SearchGram.objects.bulk_create(
            [
                SearchGram(gram=gram, word_id=pk)
                for (view, text), pk in added.items()
                if view != SearchWord.View.KEYBOARD
                for gram in sorted(spelling.keys(text))
            ],
            batch_size=_BATCH,
        )
        found |= added
    return found


def _ids(places: Sequence[Place]) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for view in SearchWord.View.values:
        texts = [text for own, text in places if own == view]
        for start in range(0, len(texts), _BATCH):
            rows = SearchWord.objects.filter(view=view, text__in=texts[start : start + _BATCH])
            found |= {(view, text): pk for pk, text in rows.values_list("pk", "text")}
    return found


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
