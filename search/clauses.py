"""From a word of a query to a clause: what each word of the vocabulary is worth, and where it counts.

Of words that very many documents have, only the places are read where they say much.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from languages.analysis import QueryWord
from search import guessing, weights
from search.corpora import Corpus
from search.engine import Correction
from search.plans import EVERYWHERE, Clause, Variant
from search.vocabulary import Place, Word

EXACT, STEM, SYNONYM, KEYBOARD, PREFIX = 1.0, 0.9, 0.85, 0.6, 0.55
#: A stem that the word has in another language than the reader's.
_OTHER_LANGUAGE = 0.95
#: What a word that says little counts for, beside others.
_LIGHT = 0.4
#: Of a word that more documents have than are worth a look, only those are read that say it in a title,
#: or in what lists show of them, unless so few do that they make no page.
_WORTH_A_LOOK, _PAGE = 1000, 20


@dataclass
class Draft:
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


def draft_of(word: QueryWord) -> Draft:
    draft = Draft(word)
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


class Clauses:
    """Clauses of drafts, each made once."""

    def __init__(self, known: Mapping[Place, Word], documents: int, corpus: Corpus) -> None:
        self.known, self.documents, self.corpus = known, documents, corpus
        self._made: dict[int, Clause] = {}

    def of(self, draft: Draft) -> Clause:
        """The clause of a draft that is complete."""
        if id(draft) not in self._made:
            self._made[id(draft)] = self._of(draft)
        return self._made[id(draft)]

    def _of(self, draft: Draft) -> Clause:
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


def worth_a_look(words: Sequence[Word], corpus: Corpus) -> Iterator[Word]:
    """The first of these words: those that come in the titles of too many documents are not read."""
    titles = 0
    for word in words:
        titles += word.in_titles
        if corpus.reads_best and titles > _WORTH_A_LOOK and titles > word.in_titles:
            return
        yield word


def opened(variants: tuple[Variant, ...], documents: int) -> tuple[Variant, ...]:
    """The same variants; where those that lead would fill no page, their words count everywhere."""
    leading = {clause for variant in variants for clause in variant.drivers(documents)}
    read = {word: clause.floor(word) for clause in leading for word in clause.words}
    left = sum(
        {EVERYWHERE: word.frequency, weights.AGENCY: word.in_summaries}.get(floor, word.in_titles)
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
