"""Which sums would give a hidden count away, found by trying.

A reader is played who is stronger than any: whatever is shown rounded counts as known exactly, so
that the hidden counts (1 to 4) alone are open; of those that have no row on any page nobody knows
that there is anything. Each sum that is told narrows those it holds; where one of them would have
a single value left, a sum is not told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from registry.monitoring.disclosure import SMALLEST, count, span

_HIGH = SMALLEST - 1
_ENDLESS = 10**9


@dataclass(frozen=True)
class Hidden:
    """A count that is not shown; `least`: 1 where it is seen that there is something, else 0."""

    number: int
    least: int


@dataclass
class Sum:
    """A sum of counts, some of them hidden."""

    name: Hashable
    total: int = 0
    #: Places of the hidden counts that it holds.
    hidden: list[int] = field(default_factory=list)
    #: The sum of everything is the last to go.
    is_whole: bool = False
    #: Where it is small itself: 1 where it is seen that there is something, else 0.
    least: int = 1

    @property
    def is_small(self) -> bool:
        """Of a sum that is small it is told that it is, and nothing else: it is hidden itself."""
        return self.total < SMALLEST

    @property
    def worth(self) -> tuple[bool, int]:
        """Which of two sums goes first: the lesser one."""
        return self.is_whole, self.total


class _Reader:
    """Narrows hidden counts down, until one is found out or nothing moves."""

    def __init__(self, hidden: Sequence[Hidden], sums: Sequence[Sum]) -> None:
        self.sums, self.untold = sums, set[int]()
        self.begin = [one.least for one in hidden]
        self.low, self.high = list(self.begin), [_HIGH] * len(hidden)
        self.held: list[list[int]] = [[] for _count in hidden]
        #: What a sum has beside its hidden counts, and between which numbers these lie by it.
        self.known: list[int] = []
        self.windows: list[tuple[int, int]] = []
        for number, one in enumerate(sums):
            known = one.total - sum(hidden[place].number for place in one.hidden)
            low, high = (one.least, _HIGH) if one.is_small else span(count(one.total))
            self.known.append(known)
            self.windows.append((low - known, high - known))
            for place in one.hidden:
                self.held[place].append(number)
        #: What narrowed a hidden count so far.
        self.by: dict[int, set[int]] = {}
        #: Sums that say something by themselves: with these each reading begins.
        self.telling = [
            number
            for number in range(len(sums))
            if self._narrowed(number) or self._is_found_out(number)
        ]

    def reads(self) -> bool:
        """Whether a sum went that had been believed before: then all is read anew."""
        self.low, self.high = list(self.begin), [_HIGH] * len(self.begin)
        self.by = {}
        waiting = deque(self.telling)
        queued = set(waiting)
        while waiting:
            number = waiting.popleft()
            queued.discard(number)
            if self._is_found_out(number):
                victim = self._victim(self.sums[number].hidden, number)
                if victim is not None:
                    self._goes(victim)
                    return True
            for place, low, high in self._narrowed(number):
                if low == high:
                    victim = self._victim([place], number)
                    if victim is not None:
                        self._goes(victim)
                        if victim != number:
                            return True
                        queued.add(number)
                        waiting.append(number)
                        break
                self.low[place], self.high[place] = low, high
                self.by.setdefault(place, set()).add(number)
                for other in self.held[place]:
                    if other not in queued:
                        queued.add(other)
                        waiting.append(other)
        return False

    def _goes(self, number: int) -> None:
        """Do not tell a sum. Its dash says that there is something, even where else there were no
        row."""
        self.untold.add(number)
        self.windows[number] = 1 - self.known[number], _ENDLESS
        self.telling.append(number)

    def _narrowed(self, number: int) -> list[tuple[int, int, int]]:
        """(place, least, most) of the counts in a sum that it narrows."""
        places = self.sums[number].hidden
        low, high = self.windows[number]
        least, most = sum(self.low[p] for p in places), sum(self.high[p] for p in places)
        found = []
        for place in places:
            lowest, highest = self.low[place], self.high[place]
            first = max(lowest, low - (most - highest))
            last = min(highest, high - (least - lowest))
            if (first, last) != (lowest, highest):
                found.append((place, first, last))
        return found

    def _is_found_out(self, number: int) -> bool:
        """Whether a sum that is hidden itself has a single value left, be it told or not that it is
        small."""
        one = self.sums[number]
        if not one.is_small:
            return False
        least = sum(self.low[place] for place in one.hidden)
        most = sum(self.high[place] for place in one.hidden)
        if number not in self.untold:
            least, most = max(least, one.least), min(most, _HIGH)
        return least >= most

    def _victim(self, places: Sequence[int], number: int) -> int | None:
        """The sum to go where one would find counts out; None where nothing told them."""
        if self.sums[number].is_small:
            places = self.sums[number].hidden
        candidates = {number}.union(*(self.by.get(place, ()) for place in places))
        told = [n for n in candidates if n not in self.untold]
        return min(told, key=lambda n: self.sums[n].worth, default=None)


def given_away(hidden: Sequence[Hidden], sums: Sequence[Sum]) -> list[Sum]:
    """Sums that are not to be told; `hidden` are the counts that are hidden, by place."""
    reader = _Reader(hidden, sums)
    while reader.reads():
        pass
    return [sums[number] for number in sorted(reader.untold)]
