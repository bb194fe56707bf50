"""Groups of words that mean the same: which words or phrases else a query's words stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.publishing import generation
from languages.analysis import QueryWord, deletions, meaning_words, query_words
from search import spelling
from search.models import Synonyms

#: Shorter words have too many neighbours.
_SHORTEST_MISTYPED = 5
#: A member of a group: the words of a word or phrase.
Member = tuple[QueryWord, ...]


@dataclass(frozen=True)
class Reading:
    """Words `start` to `end` (exclusive) of a query mean the same as these other members."""

    start: int
    end: int
    others: tuple[Member, ...]


@dataclass(frozen=True)
class Groups:
    """All groups, found by a stem of a member's first word."""

    by_stem: dict[str, tuple[tuple[Member, int], ...]]
    members: tuple[tuple[Member, ...], ...]
    #: A word less one of its letters → words (`search.spelling`).
    by_error: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Folded words that may be mistyped, as a group writes them.
    written: dict[str, str] = field(default_factory=dict)

    def near(self, word: str) -> tuple[str, bool] | None:
        """(the word of a group that a folded one stands for, whether an error is made up for).

        One error away, if there is but one such word; else the longest that it is built on.
        """
        if spelling.errors_allowed(word) == 0 or len(word) < _SHORTEST_MISTYPED:
            return None
        close = {
            other
            for key in deletions(word)
            for other in self.by_error.get(key, ())
            if spelling.distance(word, other, 1) <= 1
        }
        if close:
            return (self.written[close.pop()], True) if len(close) == 1 else None
        shortest = max(_SHORTEST_MISTYPED, (len(word) + 1) // 2)
        roots = (word[:end] for end in range(len(word) - 1, shortest - 1, -1))
        return next(((self.written[r], False) for r in roots if r in self.written), None)

    def readings(self, words: Sequence[QueryWord]) -> list[Reading]:
        """What else the words of a query stand for, at each place by itself, phrases first."""
        found = []
        for start in range(len(words)):
            matched: dict[int, set[int]] = defaultdict(set)
            for stem in words[start].forms:
                for member, group in self.by_stem.get(stem, ()):
                    if _begins(words[start:], member):
                        matched[len(member)].add(group)
            for length in sorted(matched, reverse=True):
                others = tuple(
                    member
                    for group in sorted(matched[length])
                    for member in self.members[group]
                    if not (len(member) == length and _begins(words[start:], member))
                )
                found.append(Reading(start, start + length, others))
        return found


def _begins(words: Sequence[QueryWord], member: Member) -> bool:
    """Whether words begin with a member, each in some form of it."""
    return len(words) >= len(member) and all(
        word.is_form_of(own) for word, own in zip(words, member, strict=False)
    )


def groups() -> Groups:
    """The groups as editors keep them now."""
    return _groups(generation())


@lru_cache(maxsize=2)
def _groups(_generation: int) -> Groups:
    used = Synonyms.objects.filter(is_used=True).order_by("pk")
    return _of_lists(tuple(used.values_list("words", flat=True)))


@lru_cache(maxsize=2)
def _of_lists(lists: tuple[str, ...]) -> Groups:
    """A generation ends with each publication; the groups stay the same, and take long to make."""
    return build(words.splitlines() for words in lists)


def build(lists: Iterable[Iterable[str]]) -> Groups:
    """Groups of words and phrases in any language and script; spellings of one are one member."""
    by_stem: dict[str, list[tuple[Member, int]]] = defaultdict(list)
    all_members = []
    for number, texts in enumerate(lists):
        members: dict[tuple[str, ...], Member] = {}
        for text in texts:
            member = meaning_words(query_words(text, "uz"))
            if member:
                members.setdefault(tuple(word.exact[0] for word in member), member)
        for member in members.values():
            for stem in member[0].forms:
                by_stem[stem].append((member, number))
        all_members.append(tuple(members.values()))
    by_error: dict[str, list[str]] = defaultdict(list)
    written: dict[str, str] = {}
    for word in (word for members in all_members for member in members for word in member):
        exact = word.exact[0]
        if len(exact) >= _SHORTEST_MISTYPED and exact.isalpha() and exact not in written:
            written[exact] = word.written
            for key in deletions(exact):
                by_error[key].append(exact)
    return Groups(
        {stem: tuple(found) for stem, found in by_stem.items()},
        tuple(all_members),
        {key: tuple(words) for key, words in by_error.items()},
        written,
    )
