"""The order of what an engine found: how well titles fit, then popularity. One rule for all engines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from languages.uzbek import fold
from search.engine import Candidate
from search.models import SearchDocument
from search.plans import Plan

#: A title that is the query, one that begins with it, one that has it somewhere.
_WHOLE, _BEGINS, _WITHIN = 2.0, 1.25, 1.2
#: What a title may add that has all words of the query and no others.
_TITLE = 0.6
_PARTED = " | "


@dataclass(frozen=True)
class Ranked:
    """A candidate with its final score."""

    document_id: int
    score: float


def rank(plan: Plan, candidates: Sequence[Candidate]) -> list[Ranked]:
    """Candidates best first. One whose document is gone is left out."""
    rows = {
        pk: (phrase, stems, popularity)
        for pk, phrase, stems, popularity in SearchDocument.objects.filter(
            pk__in=[candidate.document_id for candidate in candidates]
        ).values_list("pk", "phrase", "title_stems", "popularity")
    }
    phrase = fold(plan.query.text)
    fits = _TitleFit(plan)
    ranked = []
    for candidate in candidates:
        if candidate.document_id not in rows:
            continue
        titles, stems, popularity = rows[candidate.document_id]
        # Engines add up in another order: what differs by less is equal.
        score = round(candidate.score, 2) * (1 + _TITLE * fits.best(titles, stems))
        score *= _phrase_boost(phrase, titles.split(_PARTED))
        # Views and requests decide between equals, never more.
        ranked.append(Ranked(candidate.document_id, score * (1 + math.log1p(popularity) / 1000)))
    return sorted(ranked, key=lambda one: (-one.score, one.document_id))


def _phrase_boost(phrase: str, titles: Sequence[str]) -> float:
    if not phrase:
        return 1.0
    if phrase in titles:
        return _WHOLE
    if any(title.startswith(phrase) for title in titles):
        return _BEGINS
    if " " in phrase and any(phrase in title for title in titles):
        return _WITHIN
    return 1.0


class _TitleFit:
    """How much of the query a title has, and how much else."""

    def __init__(self, plan: Plan) -> None:
        self.variants = [
            [({word.text for word in clause.words}, clause.share) for clause in variant.clauses]
            for variant in plan.variants
        ]
        self.wanted = frozenset[str]().union(
            *(texts for variant in self.variants for texts, _share in variant)
        )
        self._known: dict[str, float] = {}

    def best(self, titles: str, stems: str) -> float:
        """From 0 (no word of the query) to 1 (all of them and nothing else), over all languages."""
        return max((self._fit(title) for title in stems.split(_PARTED)), default=0.0)

    def _fit(self, title: str) -> float:
        if title not in self._known:
            words = title.split()
            meant = [word for word in words if word in self.wanted]
            found = 0.0
            for variant in self.variants if meant else ():
                share, told = 0.0, 0
                for wanted, part in variant:
                    hits = len([word for word in meant if word in wanted])
                    if hits:
                        share += part
                        told += hits
                found = max(found, share * (0.5 + 0.5 * min(1.0, told / len(words))))
            self._known[title] = found
        return self._known[title]
