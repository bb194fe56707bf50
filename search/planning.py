"""From what people type to a plan that any engine can execute.

A plan says for each word of the query which words of the vocabulary will do and what each is worth.
All that is clever (scripts, stems, spellings, synonyms, beginnings, typos, rarity) happens here, once,
so engines only add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from languages.analysis import QueryWord, query_words
from search import synonyms, vocabulary
from search.corpora import PUBLIC, Corpus
from search.engine import Correction, Query
from search.spelling import errors_allowed
from search.vocabulary import Place, Word

EXACT, STEM, SYNONYM, KEYBOARD, PREFIX, TYPO = 1.0, 0.9, 0.85, 0.6, 0.55, 0.5
#: A stem that the word has in another language than the reader's.
_OTHER_LANGUAGE = 0.95
_SECOND_ERROR = 0.7
#: Letters: a beginning, a part of two words written as one, a stem that may be mistyped.
_SHORTEST_PREFIX, _SHORTEST_HALF, _SHORTEST_STEM = 2, 3, 5
_MOST_WORDS, _MOST_VARIANTS, _MOST_BEGINNINGS, _MOST_TYPOS = 10, 8, 40, 6
#: A word in more than this share of the documents leads to none of them where another word does,
#: once there are enough documents for that to cost time.
COMMON_SHARE, COMMON_FROM = 0.25, 1000


@dataclass(frozen=True, eq=False)
class Clause:
    """One word of the query: the words of the vocabulary that will do, and what each is worth.

    Rarity is part of the worth. `share` is what the word counts for in the whole query.
    """

    words: Mapping[Word, float]
    share: float
    frequency: int

    @property
    def ids(self) -> tuple[int, ...]:
        """Keys of the words."""
        return tuple(word.id for word in self.words)


@dataclass(frozen=True)
class Variant:
    """The query as typed, or with a phrase in it said otherwise. Shares add up to one."""

    clauses: tuple[Clause, ...]
    worth: float

    def drivers(self, documents: int) -> tuple[Clause, ...]:
        """The clauses that lead to documents; the others only add to their scores."""
        limit = max(COMMON_FROM, documents * COMMON_SHARE)
        rare = tuple(clause for clause in self.clauses if clause.frequency <= limit)
        return rare or self.clauses


@dataclass(frozen=True)
class Plan:
    """What to look for."""

    query: Query
    variants: tuple[Variant, ...]
    #: Documents in the index.
    documents: int
    corrections: tuple[Correction, ...] = ()
    did_you_mean: str | None = None
    #: The words of the query that were asked for.
    words: tuple[QueryWord, ...] = ()
    #: Beginning of words that the last one may be.
    beginning: str = ""
    #: Where to look.
    corpus: Corpus = PUBLIC

    @property
    def kind(self) -> str | None:
        """The only kind of documents wanted, or None."""
        return None if self.query.everything else "service"


@dataclass
class _Draft:
    """A clause before its words are known: (view, text) → factor."""

    word: QueryWord
    factors: dict[Place, float] = field(default_factory=dict)
    #: Words that only begin or sound like it.
    guesses: dict[Word, float] = field(default_factory=dict)
    correction: Correction | None = None

    def add(self, factors: Mapping[Place, float], worth: float = 1.0) -> None:
        for place, factor in factors.items():
            self.factors[place] = max(self.factors.get(place, 0.0), factor * worth)


def plan(query: Query, corpus: Corpus = PUBLIC) -> Plan:
    """Read a query, by the words of an index."""
    documents = corpus.documents.objects.count()
    words = query_words(query.text, query.language)
    asked = tuple(word for word in words if not word.is_stop)[:_MOST_WORDS] or words[:_MOST_WORDS]
    if not asked or not documents:
        return Plan(query, (), documents, corpus=corpus)
    readings = synonyms.groups().readings(asked)
    drafts = [_draft(word) for word in asked]
    _join(drafts)
    phrases = _add_synonyms(drafts, readings)
    others = {word.exact[0]: _draft(word) for _reading, member in phrases for word in member}
    halves = _halves(asked)
    known = vocabulary.known(
        {place for draft in (*drafts, *others.values()) for place in draft.factors}
        | {("e", half) for pair in halves.values() for cut in pair for half in cut},
        corpus,
    )
    last = words[-1] is asked[-1]
    beginning = asked[-1].exact[0] if last and len(asked[-1].exact[0]) >= _SHORTEST_PREFIX else ""
    if beginning:
        for word in vocabulary.beginning_with(beginning, _MOST_BEGINNINGS, corpus):
            drafts[-1].guesses[word] = PREFIX
    for number, draft in enumerate(drafts):
        if not draft.guesses and not any(place in known for place in draft.factors):
            in_phrase = any(r.start <= number < r.end for r, _member in phrases)
            _guess(draft, halves.get(number, ()), known, corpus, spelled_right=in_phrase)
    base = [_clause(draft, known, documents) for draft in drafts]
    variants = _variants(base, phrases, others, known, documents)
    corrections = tuple(draft.correction for draft in drafts if draft.correction)
    return Plan(
        query=query,
        variants=variants,
        documents=documents,
        corrections=corrections,
        words=asked,
        beginning=beginning,
        corpus=corpus,
    )


def _variants(
    base: Sequence[Clause],
    phrases: Sequence[tuple[synonyms.Reading, synonyms.Member]],
    others: Mapping[str, _Draft],
    known: Mapping[Place, Word],
    documents: int,
) -> tuple[Variant, ...]:
    """The query as typed, and with phrases in it said otherwise as far as documents say so."""
    whole = sum(clause.share for clause in base) or 1.0
    shared = [replace(clause, share=clause.share / whole) for clause in base]
    variants = [Variant(tuple(shared), 1.0)]
    told: set[frozenset[int]] = set()
    for reading, member in phrases:
        said = [_clause(others[word.exact[0]], known, documents) for word in member]
        words = frozenset(pk for clause in said for pk in clause.ids) | {-reading.start - 1}
        if len(variants) == _MOST_VARIANTS or words in told or not any(c.words for c in said):
            continue
        told.add(words)
        variants.append(Variant(tuple(_replaced(shared, reading, said, whole)), SYNONYM))
    return tuple(v for v in variants if any(c.words for c in v.clauses))


def _draft(word: QueryWord) -> _Draft:
    draft = _Draft(word)
    for views, texts, worth in (
        ("e", word.exact, EXACT),
        # A word that is its own stem has no second posting.
        ("se", word.stem, STEM),
        ("kse", word.kb, KEYBOARD),
    ):
        for number, text in enumerate(texts):
            factor = worth * (_OTHER_LANGUAGE if number else 1.0)
            draft.add({(view, text): factor for view in views})
    return draft


def _join(drafts: Sequence[_Draft]) -> None:
    """Two neighbours may be written as one word: `uy joy`, `PQ 244`."""
    for left, right in pairwise(drafts):
        whole = {("e", left.word.exact[0] + right.word.exact[0]): EXACT}
        left.add(whole)
        right.add(whole)


def _halves(words: Sequence[QueryWord]) -> dict[int, list[tuple[str, str]]]:
    """Two words may be written as one: the ways to part each word."""
    return {
        number: [
            (text[:cut], text[cut:])
            for cut in range(_SHORTEST_HALF, len(text) - _SHORTEST_HALF + 1)
        ]
        for number, word in enumerate(words)
        if len(text := word.exact[0]) >= 2 * _SHORTEST_HALF
    }


def _add_synonyms(
    drafts: Sequence[_Draft], readings: Iterable[synonyms.Reading]
) -> list[tuple[synonyms.Reading, synonyms.Member]]:
    """Add single words to the clauses they stand for; return the phrases."""
    phrases = []
    for reading in readings:
        for member in reading.others:
            if len(member) > 1:
                phrases.append((reading, member))
                continue
            said = {p: f for p, f in _draft(member[0]).factors.items() if p[0] != "k"}
            for draft in drafts[reading.start : reading.end]:
                draft.add(said, SYNONYM)
    return phrases


def _guess(
    draft: _Draft,
    halves: Iterable[tuple[str, str]],
    known: Mapping[Place, Word],
    corpus: Corpus,
    *,
    spelled_right: bool,
) -> None:
    """Nothing has the word: it is two in one, or mistyped."""
    for left, right in halves:
        if ("e", left) in known and ("e", right) in known:
            draft.guesses |= {known["e", left]: TYPO, known["e", right]: TYPO}
    if draft.guesses or spelled_right or not errors_allowed(draft.word.exact[0]):
        return
    found = vocabulary.near(draft.word.exact[:1], "e", corpus)
    # A stem that is short has neighbours that mean something else (танц, tanish).
    stems = [stem for stem in draft.word.stem if len(stem) >= _SHORTEST_STEM]
    found += vocabulary.near(stems, "s", corpus)
    if not found:
        return
    fewest = min(errors for errors, _word in found)
    for errors, word in [pair for pair in found if pair[0] == fewest][:_MOST_TYPOS]:
        draft.guesses[word] = TYPO * (_SECOND_ERROR if errors > 1 else 1.0)
    best = next((word for errors, word in found if errors == fewest and word.view == "e"), None)
    if best is not None:
        draft.correction = Correction(draft.word.written, best.surface or best.text)


def _clause(draft: _Draft, known: Mapping[Place, Word], documents: int) -> Clause:
    words = {known[place]: factor for place, factor in draft.factors.items() if place in known}
    own = [word.frequency for word, factor in words.items() if factor >= KEYBOARD]
    for word, factor in draft.guesses.items():
        words[word] = max(words.get(word, 0.0), factor)
    frequency = min(documents, sum(own) or sum(word.frequency for word in words))
    rarity = math.log(1 + documents / max(1, frequency))
    return Clause({word: factor * rarity for word, factor in words.items()}, rarity, frequency)


def _replaced(
    clauses: Sequence[Clause], reading: synonyms.Reading, said: Sequence[Clause], whole: float
) -> list[Clause]:
    """The clauses with those of a reading replaced by others that count for as much together.

    `whole` is what the shares of `clauses` were divided by.
    """
    before = sum(clause.share for clause in clauses[reading.start : reading.end])
    scale = before * whole / (sum(clause.share for clause in said) or 1.0)
    scaled = [
        replace(
            clause,
            share=clause.share * scale / whole,
            words={word: worth * scale for word, worth in clause.words.items()},
        )
        for clause in said
    ]
    return [*clauses[: reading.start], *scaled, *clauses[reading.end :]]
