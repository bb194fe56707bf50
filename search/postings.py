"""Which words texts have, and writing that to the tables of an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core import copying
from languages.analysis import terms
from languages.uzbek.fold import fold_word, split
from search import spelling
from search.corpora import PUBLIC, Corpus
from search.tables import LONGEST_WORD, View
from search.vocabulary import Place
from search.weights import CODE, DETAIL

_BATCH = 500

#: (weight, language, text)
Field = tuple[int, str, str]


def code_of(text: str) -> str:
    """A number as one word: `PQ-244`, `pq 244`, `ПҚ–244` → `pq244`."""
    return "".join(fold_word(word) for word in split(text))


def weighted_words(
    fields: Iterable[Field], codes: Iterable[str]
) -> tuple[dict[Place, int], dict[str, str]]:
    """(view, word) → the weight of its best field; word → how it is written.

    `codes` are whole numbers, with whatever signs between their parts.
    """
    weights: dict[Place, int] = {}
    surfaces: dict[str, str] = {}

    def add(view: str, text: str, weight: int) -> None:
        place = (view, text[:LONGEST_WORD])
        weights[place] = max(weights.get(place, 0), weight)

    for weight, language, text in fields:
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
    for code in codes:
        if whole := code_of(code):
            add("e", whole, CODE)
    return weights, surfaces


def put(
    wanted: Mapping[int, Mapping[Place, int]],
    surfaces: Mapping[str, str],
    corpus: Corpus = PUBLIC,
) -> None:
    """Bring the postings of documents in step, touching only those that differ.

    `wanted`: document → word → weight. The caller's transaction holds the documents' rows.
    """
    table = corpus.postings
    ids = word_ids({place for weights in wanted.values() for place in weights}, surfaces, corpus)
    present: dict[int, dict[int, int]] = defaultdict(dict)
    for document, word, weight in table.objects.filter(document__in=wanted).values_list(
        "document_id", "word_id", "weight"
    ):
        present[document][word] = weight
    new: list[tuple[int, int, int]] = []
    for document, weights in wanted.items():
        own = {ids[place]: weight for place, weight in weights.items()}
        stale = [word for word, weight in present[document].items() if own.get(word) != weight]
        for start in range(0, len(stale), _BATCH):
            rows = table.objects.filter(document=document, word__in=stale[start : start + _BATCH])
            rows._raw_delete("default")
        new += [
            (word, document, weight)
            for word, weight in own.items()
            if present[document].get(word) != weight
        ]
    insert_postings(new, corpus)


def insert_postings(rows: Iterable[tuple[int, int, int]], corpus: Corpus = PUBLIC) -> None:
    """Add (word, document, weight); sorted, so that the index grows in its order."""
    copying.add_values(corpus.postings, ("word_id", "document_id", "weight"), sorted(rows))


def word_ids(
    places: Iterable[Place], surfaces: Mapping[str, str], corpus: Corpus = PUBLIC
) -> dict[Place, int]:
    """The ids of words; new ones are added with their keys for typos."""
    places = sorted(places)
    found = _ids(places, corpus)
    new = [place for place in places if place not in found]
    if new:
        # In one order everywhere, so that two writers never wait for each other in a circle.
        corpus.words.objects.bulk_create(
            [
                corpus.words(view=v, text=t, surface=surfaces.get(t, "") if v == "e" else "")
                for v, t in new
            ],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
        added = _ids(new, corpus)
        copying.add_values(
            corpus.grams,
            ("gram", "word_id"),
            sorted(
                (gram, pk)
                for (view, text), pk in added.items()
                if view != View.KEYBOARD
                for gram in spelling.keys(text)
            ),
        )
        found |= added
    return found


def _ids(places: Sequence[Place], corpus: Corpus) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for view in View.values:
        texts = [text for own, text in places if own == view]
        for start in range(0, len(texts), _BATCH):
            rows = corpus.words.objects.filter(view=view, text__in=texts[start : start + _BATCH])
            found |= {(view, text): pk for pk, text in rows.values_list("pk", "text")}
    return found
