"""From what people type to a plan that any engine can execute.

A plan says for each word of the query which words of the vocabulary will do and what each is worth.
All that is clever (scripts, stems, spellings, synonyms, beginnings, typos, rarity) happens here, once,
so engines only add up.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from languages.analysis import QueryWord, query_words
from search import guessing, synonyms, vocabulary, weights
from search.corpora import PUBLIC, Corpus
from search.engine import Correction, Query
from search.vocabulary import Place, Word

EXACT, STEM, SYNONYM, KEYBOARD, PREFIX = 1.0, 0.9, 0.85, 0.6, 0.55
#: A stem that the word has in another language than the reader's.
_OTHER_LANGUAGE = 0.95
#: What a word that says little counts for, beside others.
_LIGHT = 0.4
#: Letters of a beginning.
_SHORTEST_PREFIX = 2
_MOST_WORDS, _MOST_VARIANTS, _MOST_BEGINNINGS = 10, 6, 40
#: Of a query of gibberish, so many words are guessed at.
_MOST_GUESSED = 4
#: A word in more than this share of the documents leads to none of them where another word does,
#: once there are enough documents for that to cost time.
COMMON_SHARE, COMMON_FROM = 0.25, 1000
#: Of a word that more documents have than are worth a look, only those are read that say it in a title,
#: or in what lists show of them, unless so few do that they make no page.
_WORTH_A_LOOK, _PAGE = 1000, 20
_EVERYWHERE = 0


@dataclass(frozen=True, eq=False)
class Clause:
    """One word of the query: the words of the vocabulary that will do, and what each is worth.

    Rarity is part of the worth. `share` is what the word counts for in the whole query. Clauses with
    the very same `words` hit the same documents; `scale` is what such a hit counts here.
    """

    words: Mapping[Word, float]
    share: float
    frequency: int
    scale: float = 1.0
    #: Word → the lowest weight that counts; those left out count wherever they stand.
    floors: Mapping[Word, int] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[int, ...]:
        """Keys of the words."""
        return tuple(word.id for word in self.words)

    @property
    def hits(self) -> int:
        """The same for clauses that hit the same documents alike."""
        return id(self.words)

    def floor(self, word: Word) -> int:
        """The lowest weight at which a word counts."""
        return self.floors.get(word, _EVERYWHERE)

    def opened(self) -> Clause:
        """The same with words that count wherever they stand."""
        return replace(self, words=dict(self.words), floors={})


@dataclass(frozen=True)
class Variant:
    """The query as typed, or with a phrase in it said otherwise. Shares add up to one."""

    clauses: tuple[Clause, ...]
    worth: float
    #: A phrase that is said otherwise: of a part of it, something else is made. The rarest first.
    phrase: tuple[Clause, ...] = ()

    @property
    def leading(self) -> Clause | None:
        """What a phrase is looked up by: the rarest of its words."""
        return self.phrase[0] if self.phrase else None

    def drivers(self, documents: int) -> tuple[Clause, ...]:
        """The clauses that lead to documents; the others only add to their scores."""
        if self.leading is not None:
            return (self.leading,)
        limit = max(COMMON_FROM, documents * COMMON_SHARE)
        rare = tuple(clause for clause in self.clauses if clause.frequency <= limit)
        # Where all are common, whatever has none of the rarest is not worth a look.
        known = [clause for clause in self.clauses if clause.words]
        return rare or (min(known, key=lambda clause: clause.frequency),)


@dataclass(frozen=True)
class Plan:
    """What to look for."""

    query: Query
    variants: tuple[Variant, ...]
    #: Documents in the index.
    documents: int
    corrections: tuple[Correction, ...] = ()
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
    #: What it is read as, if not as typed.
    read_as: str = ""

    def add(self, factors: Mapping[Place, float], worth: float = 1.0) -> None:
        for place, factor in factors.items():
            self.factors[place] = max(self.factors.get(place, 0.0), factor * worth)


@dataclass(frozen=True)
class _Phrase:
    """A phrase that words `start` to `end` (exclusive) of a query stand for."""

    start: int
    end: int
    said: synonyms.Member
    worth: float


def plan(query: Query, corpus: Corpus = PUBLIC) -> Plan:
    """Read a query, by the words of an index."""
    documents = vocabulary.documents(corpus)
    if not documents:
        return Plan(query, (), documents, corpus=corpus)
    made, found = _read(query, query.text, documents, corpus)
    if not found:
        other = guessing.in_other_layout(query.text, query.language, corpus)
        if other is not None:
            made, _found = _read(query, other, documents, corpus)
            return replace(made, corrections=(Correction(query.text, other),))
    return made


def _read(query: Query, text: str, documents: int, corpus: Corpus) -> tuple[Plan, bool]:
    """(the plan for a text, whether the index has most of it as typed)."""
    words = query_words(text, query.language)
    asked = tuple(word for word in words if not word.is_stop)[:_MOST_WORDS] or words[:_MOST_WORDS]
    if not asked:
        return Plan(query, (), documents, corpus=corpus), False
    readings = synonyms.groups().readings(asked)
    drafts = [_draft(word) for word in asked]
    _join(drafts)
    phrases = _add_synonyms(drafts, readings)
    others = {word.exact[0]: _draft(word) for one in phrases for word in one.said}
    known = vocabulary.known(
        {place for draft in (*drafts, *others.values()) for place in draft.factors}, corpus
    )
    last = words[-1] is asked[-1]
    beginning = asked[-1].exact[0] if last and len(asked[-1].exact[0]) >= _SHORTEST_PREFIX else ""
    if beginning:
        found = vocabulary.beginning_with(beginning, _MOST_BEGINNINGS, corpus)
        drafts[-1].guesses = dict.fromkeys(_worth_a_look(found, corpus), PREFIX)
        _unfinished(drafts[-1], known)
    unknown = [
        (number, draft)
        for number, draft in enumerate(drafts)
        if not draft.guesses and not any(place in known for place in draft.factors)
    ]
    for number, draft in unknown[:_MOST_GUESSED]:
        if not any(one.start <= number < one.end for one in phrases):
            guess = guessing.guess(draft.word, corpus)
            if guess.apart and draft.word.written in text:
                # Each half now has a known word, so this ends.
                return _read(
                    query, text.replace(draft.word.written, guess.apart), documents, corpus
                )
            draft.guesses = dict(guess.words)
            if guess.read_as is not None:
                draft.read_as = guess.read_as.surface or guess.read_as.text
                draft.correction = Correction(draft.word.written, draft.read_as)
            elif not draft.guesses and (near := synonyms.groups().near(draft.word.exact[0])):
                draft.read_as, mistyped = near
                draft.correction = Correction(draft.word.written, near[0]) if mistyped else None
    if meant := _meant(drafts, query.language):
        more = _add_synonyms(drafts, meant, guessing.TYPO)
        others |= {word.exact[0]: _draft(word) for one in more for word in one.said}
        phrases += more
        known |= vocabulary.known(
            {p for draft in (*drafts, *others.values()) for p in draft.factors} - known.keys(),
            corpus,
        )
    clause = _Clauses(known, documents, corpus)
    base = [clause.of(draft) for draft in drafts]
    variants = _variants(base, phrases, others, clause)
    if corpus.reads_best:
        variants = _opened(variants, documents)
    corrections = tuple(draft.correction for draft in drafts if draft.correction)
    made = Plan(
        query=query,
        variants=variants,
        documents=documents,
        corrections=corrections,
        words=asked,
        beginning=beginning,
        corpus=corpus,
    )
    letters = sum(len(draft.word.exact[0]) for draft in drafts)
    missing = sum(len(draft.word.exact[0]) for _number, draft in unknown)
    return made, missing * 2 < letters


def _unfinished(draft: _Draft, known: Mapping[Place, Word]) -> None:
    """What no text has as typed is the beginning of a word, even where it is the stem of another."""
    text = draft.word.exact[0]
    if ("e", text) not in known and ("s", text) in draft.factors:
        draft.factors["s", text] = min(draft.factors["s", text], PREFIX)


def _meant(drafts: Sequence[_Draft], language: str) -> list[synonyms.Reading]:
    """What words stand for once their errors are made up for."""
    words = [
        next(iter(query_words(draft.read_as, language)), draft.word)
        if draft.read_as
        else draft.word
        for draft in drafts
    ]
    mended = {number for number, draft in enumerate(drafts) if draft.read_as}
    return [
        reading
        for reading in (synonyms.groups().readings(words) if mended else ())
        if not mended.isdisjoint(range(reading.start, reading.end))
    ]


def _variants(
    base: Sequence[Clause],
    phrases: Sequence[_Phrase],
    others: Mapping[str, _Draft],
    clauses: _Clauses,
) -> tuple[Variant, ...]:
    """The query as typed, and with phrases in it said otherwise as far as documents say so."""
    whole = sum(clause.share for clause in base) or 1.0
    shared = [replace(clause, share=clause.share / whole) for clause in base]
    variants = [Variant(tuple(shared), 1.0)]
    told: set[frozenset[int]] = set()
    said_otherwise = [
        (one, [clauses.of(others[word.exact[0]]) for word in one.said]) for one in phrases
    ]
    # Those that documents may say as a whole first, and of them the longer: they say more.
    said_otherwise.sort(key=lambda pair: (sum(not c.words for c in pair[1]), -len(pair[1])))
    for reading, said in said_otherwise:
        words = frozenset(pk for clause in said for pk in clause.ids) | {-reading.start - 1}
        if len(variants) == _MOST_VARIANTS or words in told or not any(c.words for c in said):
            continue
        told.add(words)
        replaced = _replaced(shared, reading, said, whole)
        phrase = [c for c in replaced[reading.start : reading.start + len(said)] if c.words]
        phrase.sort(key=lambda clause: clause.frequency)
        variants.append(Variant(tuple(replaced), SYNONYM * reading.worth, tuple(phrase)))
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


def _add_synonyms(
    drafts: Sequence[_Draft], readings: Iterable[synonyms.Reading], worth: float = 1.0
) -> list[_Phrase]:
    """Add single words to the clauses they stand for; return the phrases."""
    phrases = []
    for reading in readings:
        for member in reading.others:
            if len(member) > 1:
                phrases.append(_Phrase(reading.start, reading.end, member, worth))
                continue
            said = {p: f for p, f in _draft(member[0]).factors.items() if p[0] != "k"}
            for draft in drafts[reading.start : reading.end]:
                draft.add(said, SYNONYM * worth)
    return phrases


class _Clauses:
    """Clauses of drafts, each made once."""

    def __init__(self, known: Mapping[Place, Word], documents: int, corpus: Corpus) -> None:
        self.known, self.documents, self.corpus = known, documents, corpus
        self._made: dict[int, Clause] = {}

    def of(self, draft: _Draft) -> Clause:
        """The clause of a draft that is complete."""
        if id(draft) not in self._made:
            self._made[id(draft)] = self._of(draft)
        return self._made[id(draft)]

    def _of(self, draft: _Draft) -> Clause:
        known, documents = self.known, self.documents
        words = {known[place]: factor for place, factor in draft.factors.items() if place in known}
        own = [word.frequency for word, factor in words.items() if factor >= KEYBOARD]
        only_begin = draft.guesses.keys() - words.keys()
        for word, factor in draft.guesses.items():
            words[word] = max(words.get(word, 0.0), factor)
        frequency = sum(own) or sum(word.frequency for word in words)
        rarity = math.log(1 + documents / max(1, min(documents, frequency))) * (
            _LIGHT if draft.word.is_light else 1.0
        )
        if not own and words:
            # A rare word that is only guessed must not outweigh what is there as typed.
            rarity *= min(1.0, max(words.values()) / guessing.TYPO)
        weighed = {word: factor * rarity for word, factor in words.items()}
        floors = _floors(words.keys(), only_begin) if self.corpus.reads_best else {}
        return Clause(weighed, rarity, frequency, floors=floors)


def _floors(words: Collection[Word], only_begin: Collection[Word]) -> dict[Word, int]:
    """The lowest weights at which words count; many beginnings together are as one common word."""
    many = sum(word.frequency for word in only_begin) > _WORTH_A_LOOK
    floors: dict[Word, int] = {}
    for word in words:
        if many and word in only_begin and word.in_titles:
            floors[word] = weights.SYNONYM
        elif word.frequency > _WORTH_A_LOOK:
            few = 0 < word.in_summaries <= _WORTH_A_LOOK
            floors[word] = weights.AGENCY if few else weights.SYNONYM
    return floors


def _worth_a_look(words: Sequence[Word], corpus: Corpus) -> Iterator[Word]:
    """The first of these words: those that come in the titles of too many documents are not read."""
    titles = 0
    for word in words:
        titles += word.in_titles
        if corpus.reads_best and titles > _WORTH_A_LOOK and titles > word.in_titles:
            return
        yield word


def _opened(variants: tuple[Variant, ...], documents: int) -> tuple[Variant, ...]:
    """The same variants; where those that lead would fill no page, their words count everywhere."""
    leading = {clause for variant in variants for clause in variant.drivers(documents)}
    read = {word: clause.floor(word) for clause in leading for word in clause.words}
    left = sum(
        {_EVERYWHERE: word.frequency, weights.AGENCY: word.in_summaries}.get(floor, word.in_titles)
        for word, floor in read.items()
    )
    if left >= _PAGE or not any(read.values()):
        return variants
    opened = {clause: clause.opened() for clause in leading}
    return tuple(
        replace(
            variant,
            clauses=tuple(opened.get(clause, clause) for clause in variant.clauses),
            phrase=tuple(opened.get(clause, clause) for clause in variant.phrase),
        )
        for variant in variants
    )


def _replaced(
    clauses: Sequence[Clause], reading: _Phrase, said: Sequence[Clause], whole: float
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
            scale=scale,
        )
        for clause in said
    ]
    return [*clauses[: reading.start], *scaled, *clauses[reading.end :]]
