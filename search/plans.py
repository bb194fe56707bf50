"""What an engine is given: the words to look for, what each is worth, and how they go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from search.corpora import PUBLIC, Corpus
from search.engine import Correction, Query
from search.vocabulary import Word

#: A word in more than this share of the documents leads to none of them where another word does,
#: once there are enough documents for that to cost time.
COMMON_SHARE, COMMON_FROM = 0.25, 1000
#: A floor that leaves nothing out.
EVERYWHERE = 0


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
        return self.floors.get(word, EVERYWHERE)

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
    #: Beginning of words that the last one may be.
    beginning: str = ""
    #: Where to look.
    corpus: Corpus = PUBLIC

    @property
    def kind(self) -> str | None:
        """The only kind of documents wanted, or None."""
        return None if self.query.everything else "service"
