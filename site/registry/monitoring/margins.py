"""Sums that are not told to the public, since with the parts they would give a small count away.

A sum stands on many pages: of an agency in the table of agencies, over its tiles and under each of
its tables; of a district under the whole and beside each agency's share. So whether it is told is
decided once, from all tables whose parts it is the sum of, and then holds wherever it stands.

It is decided by trying: somebody who reads every page and knows the rules narrows each part down by
each sum, again and again. Where a hidden part has one value left, the least of its sums is not told,
and the trying begins anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache

from accounts.selectors import heirs
from registry.monitoring import reading
from registry.monitoring.closing import last_run
from registry.monitoring.disclosure import SMALLEST, count, span
from registry.monitoring.formulas import Number, amount
from registry.monitoring.indicators import VALUES
from registry.monitoring.names import CUTS
from registry.monitoring.periods import Period

#: Keys of values that are counts of requests.
COUNTED = ("received", "decided", "open", "overdue", "repeats", "approved_count", "refused_count",
           "late")  # fmt: skip
#: Seconds for which the answer for a period stands, as long as that of live.py.
LIFETIME = 300
#: Times that each sum is tried before nothing more is narrowed down.
_ROUNDS = 20
_ANY = (0, 10**9)
#: (agency, value)
Place = tuple[int, str]


@dataclass
class Untold:
    """Sums that are not told: of an agency, of a value of a cut, of everything."""

    agencies: set[tuple[int, str]] = field(default_factory=set)
    values: set[tuple[str, str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def of_agency(self, agency: int | None) -> set[str]:
        """Keys of values that are not told of an agency; None: of all together."""
        if agency is None:
            return self.whole
        return {key for pk, key in self.agencies if pk == agency}


@dataclass
class _Line:
    """A sum with the places of its parts; `agency` or `value` says whose, neither: of all."""

    places: list[Place]
    total: int
    agency: int | None = None
    value: str | None = None
    bounds: tuple[int, int] = _ANY

    @property
    def is_whole(self) -> bool:
        """Whether it is the sum of everything."""
        return self.agency is None and self.value is None


def of_period(period: Period) -> Untold:
    """What may not be told of a period."""
    run = last_run()
    key = f"registry:untold:{period.key}:{run.number if run else 0}"
    found: Untold | None = cache.get(key)
    if found is None:
        found = untold(reading.tables([str(cut) for cut in CUTS], period))
        cache.set(key, found, LIFETIME)
    return found


def untold(tables: Mapping[str, reading.Table]) -> Untold:
    """What may not be told, given the tables of a period by cut."""
    found, after = Untold(), heirs()
    shown = {cut: _shown(table, after) for cut, table in tables.items()}
    for key in COUNTED:
        formula = VALUES[key].formula
        assert isinstance(formula, Number)
        for cut, table in tables.items():
            numbers: Counter[Place] = Counter()
            for (agency, value), counts in table.items():
                number = amount(counts, formula.name)
                if agency is not None and number:
                    numbers[after.get(agency, agency), value] += number
            _one(found, key, cut, numbers, shown[cut])
    return found


def _shown(table: reading.Table, after: Mapping[int, int]) -> set[Place]:
    """Places that have a row on some page: of fewer nobody knows whether there is anything."""
    received: Counter[Place] = Counter()
    for (agency, value), counts in table.items():
        if agency is not None:
            received[after.get(agency, agency), value] += counts["received"]
    return {place for place, number in received.items() if number >= SMALLEST}


def _one(
    found: Untold, key: str, cut: str, numbers: Counter[Place], shown: Collection[Place]
) -> None:
    """Add the sums of one count in one cut."""
    if not any(0 < number < SMALLEST for number in numbers.values()):
        return
    lines = _lines(numbers)
    for line in lines:
        hidden = (
            (line.agency, key) in found.agencies
            if line.agency is not None
            else line.is_whole and key in found.whole
        )
        line.bounds = _ANY if hidden else span(count(line.total))
    while (place := _given_away(numbers, lines, shown)) is not None:
        # A sum that is small itself is hidden anyway, and everybody knows that it is small.
        told = [
            line
            for line in lines
            if line.bounds is not _ANY and line.total >= SMALLEST and place in line.places
        ]
        if not told:
            return
        # The sum of everything is the last to go.
        least = min(told, key=lambda line: (line.is_whole, line.total))
        least.bounds = _ANY
        if least.agency is not None:
            found.agencies.add((least.agency, key))
        elif least.value is not None:
            found.values.add((cut, least.value, key))
        else:
            found.whole.add(key)


def _lines(numbers: Counter[Place]) -> list[_Line]:
    rows: dict[int, _Line] = {}
    columns: dict[str, _Line] = {}
    for (agency, value), number in numbers.items():
        for line in (
            rows.setdefault(agency, _Line([], 0, agency=agency)),
            columns.setdefault(value, _Line([], 0, value=value)),
        ):
            line.places.append((agency, value))
            line.total += number
    return [*rows.values(), *columns.values(), _Line(list(numbers), numbers.total())]


def _given_away(
    numbers: Counter[Place], lines: list[_Line], shown: Collection[Place]
) -> Place | None:
    """A hidden part that has one value left after all sums have been tried."""
    cells = {
        place: span(count(number)) if place in shown else (0, SMALLEST - 1)
        for place, number in numbers.items()
    }
    for _round in range(_ROUNDS):
        narrowed = False
        for line in lines:
            low, high = line.bounds
            least = sum(cells[place][0] for place in line.places)
            most = sum(cells[place][1] for place in line.places)
            if low <= least and high >= most:
                continue
            for place in line.places:
                lowest, highest = cells[place]
                first = max(lowest, low - (most - highest))
                last = min(highest, high - (least - lowest))
                if (first, last) != (lowest, highest):
                    cells[place] = first, last
                    narrowed = True
                    if first >= last and 0 < numbers[place] < SMALLEST:
                        return place
        if not narrowed:
            return None
    return None
