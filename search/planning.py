"""From what people type to a plan that any engine can execute.

A plan says for each word of the query which words of the vocabulary will do and what each is worth.
All that is clever (scripts, stems, spellings, synonyms, beginnings, typos, rarity) happens here, once,
so engines only add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from languages.analysis import meaning_words, query_words
from search import guessing, synonyms, vocabulary
from search.clauses import EXACT, PREFIX, SYNONYM, Clauses, Draft, draft_of, opened, worth_a_look
from search.corpora import PUBLIC, Corpus
from search.engine import Correction, Query
from search.plans import Clause, Plan, Variant
from search.vocabulary import Place, Word

#: Letters of a beginning.
_SHORTEST_PREFIX = 2
_MOST_WORDS, _MOST_BEGINNINGS = 10, 40
#: The query as typed and as said otherwise; while it is being typed, the next letter will tell more.
_MOST_VARIANTS, _MOST_VARIANTS_TYPING = 6, 3
_HALF = 0.5
#: Of a query of gibberish, so many words are guessed at.
_MOST_GUESSED = 4


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
    asked = meaning_words(words)[:_MOST_WORDS]
    if not asked:
        return Plan(query, (), documents, corpus=corpus), False
    readings = synonyms.groups().readings(asked)
    drafts = [draft_of(word) for word in asked]
    _join(drafts)
    phrases = _add_synonyms(drafts, readings)
    others = {word.exact[0]: draft_of(word) for one in phrases for word in one.said}
    known = vocabulary.known(
        {place for draft in (*drafts, *others.values()) for place in draft.factors}, corpus
    )
    last = words[-1] is asked[-1]
    beginning = asked[-1].exact[0] if last and len(asked[-1].exact[0]) >= _SHORTEST_PREFIX else ""
    if beginning:
        found = vocabulary.beginning_with(beginning, _MOST_BEGINNINGS, corpus)
        drafts[-1].guesses = dict.fromkeys(worth_a_look(found, corpus), PREFIX)
        _unfinished(drafts[-1], known)
    unknown = [
        (number, draft)
        for number, draft in enumerate(drafts)
        if not draft.guesses and not any(place in known for place in draft.factors)
    ]
    for number, draft in unknown[:_MOST_GUESSED]:
        if any(one.start <= number < one.end for one in phrases):
            continue
        written, apart = draft.word.written, _guess(draft, corpus)
        if apart and written in text:
            # Each half now has a known word, so this ends.
            return _read(query, text.replace(written, apart), documents, corpus)
    if meant := _meant(drafts, query.language):
        more = _add_synonyms(drafts, meant, guessing.TYPO)
        others |= {word.exact[0]: draft_of(word) for one in more for word in one.said}
        phrases += more
        known |= vocabulary.known(
            {p for draft in (*drafts, *others.values()) for p in draft.factors} - known.keys(),
            corpus,
        )
    clause = Clauses(known, documents, corpus)
    base = [clause.of(draft) for draft in drafts]
    most = _MOST_VARIANTS_TYPING if query.typing else _MOST_VARIANTS
    variants = _variants(base, phrases, others, clause, most)
    if corpus.reads_best:
        variants = opened(variants, documents)
    corrections = tuple(draft.correction for draft in drafts if draft.correction)
    made = Plan(
        query=query,
        variants=variants,
        documents=documents,
        corrections=corrections,
        beginning=beginning,
        corpus=corpus,
    )
    letters = sum(len(draft.word.exact[0]) for draft in drafts)
    missing = sum(len(draft.word.exact[0]) for _number, draft in unknown)
    return made, missing * 2 < letters


def _guess(draft: Draft, corpus: Corpus) -> str:
    """Guess what a word that nothing has stands for; the two words that it is, if it is two."""
    word = draft.word
    guess = guessing.guess(word, corpus)
    draft.guesses = dict(guess.words)
    if guess.read_as is not None:
        draft.read_as = guess.read_as.surface or guess.read_as.text
        draft.correction = Correction(word.written, draft.read_as)
    elif not draft.guesses and (near := synonyms.groups().near(word.exact[0])):
        draft.read_as, mistyped = near
        draft.correction = Correction(word.written, draft.read_as) if mistyped else None
    return guess.apart


def _unfinished(draft: Draft, known: Mapping[Place, Word]) -> None:
    """What no text has as typed is the beginning of a word, even where it is the stem of another."""
    text = draft.word.exact[0]
    if ("e", text) not in known and ("s", text) in draft.factors:
        draft.factors["s", text] = min(draft.factors["s", text], PREFIX)


def _meant(drafts: Sequence[Draft], language: str) -> list[synonyms.Reading]:
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
    others: Mapping[str, Draft],
    clauses: Clauses,
    most: int,
) -> tuple[Variant, ...]:
    """The query as typed, and with phrases in it said otherwise as far as documents say so.

    No more than `most`. A phrase of which documents have less than half means something else to them.
    """
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
        share = sum(c.share for c in said if c.words) / sum(c.share for c in said)
        if len(variants) == most or words in told or share < _HALF:
            continue
        told.add(words)
        replaced = _replaced(shared, reading, said, whole)
        phrase = [c for c in replaced[reading.start : reading.start + len(said)] if c.words]
        phrase.sort(key=lambda clause: clause.frequency)
        variants.append(Variant(tuple(replaced), SYNONYM * reading.worth, tuple(phrase)))
    return tuple(v for v in variants if any(c.words for c in v.clauses))


def _join(drafts: Sequence[Draft]) -> None:
    """Two neighbours may be written as one word: `uy joy`, `PQ 244`."""
    for left, right in pairwise(drafts):
        whole = {("e", left.word.exact[0] + right.word.exact[0]): EXACT}
        left.add(whole)
        right.add(whole)


def _add_synonyms(
    drafts: Sequence[Draft], readings: Iterable[synonyms.Reading], worth: float = 1.0
) -> list[_Phrase]:
    """Add single words to the clauses they stand for; return the phrases.

    What the query itself says is no other name of its other words: `passport or ID card`.
    """
    phrases = []
    for reading in readings:
        besides = [*drafts[: reading.start], *drafts[reading.end :]]
        for member in reading.others:
            if len(member) > 1:
                phrases.append(_Phrase(reading.start, reading.end, member, worth))
                continue
            if any(member[0].is_form_of(draft.word) for draft in besides):
                continue
            said = {p: f for p, f in draft_of(member[0]).factors.items() if p[0] != "k"}
            for draft in drafts[reading.start : reading.end]:
                draft.add(said, SYNONYM * worth)
    return phrases


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
