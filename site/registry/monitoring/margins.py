"""Sums that are not told to the public, since with the parts they would give a small count away.

A sum stands on many pages: of an agency in the table of agencies, over its tiles and under each of
its tables; of a district under the whole and beside each agency's share; all of them of a month, in
its quarter and in its year. So whether it is told is decided once for a year, from all its tables
together (solving.py), and then holds wherever it stands.

The public sees days that are closed alone, and whole months, quarters and years: figures of any
span of days would give each day away by the differences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from casework.models import Kind
from registry.models.figures import Cut
from registry.monitoring import reading, withholding
from registry.monitoring.disclosure import SMALLEST
from registry.monitoring.formulas import Formula, Number, Share, amount
from registry.monitoring.indicators import VALUES
from registry.monitoring.measures import is_state
from registry.monitoring.names import CUTS
from registry.monitoring.periods import Period, month, quarter, trail, year
from registry.monitoring.solving import Hidden, Sum, given_away
from registry.monitoring.withholding import Found, Untold

#: Counts of requests that tables of the public take apart: flows, and states of a day.
FLOWS = ("received", "decided")
STANDING = ("open", "overdue")
#: Whole tables tell these too, some as shares: what a share counts, and what it leaves.
TABLED = ("late", "decided-late", "repeats", "received-repeats", "approved", "refused")
#: Kinds under the law on appeals: their sum stands in a table of its own.
APPEALS = frozenset({Kind.APPLICATION, Kind.PROPOSAL, Kind.COMPLAINT})
#: The name of that table among periods.
APPEALED = "appeals"


#: (agency, value) → a count.
Numbers = Mapping[tuple[int, str], int]
#: Places in which a reader sees that there is something, although not how much.
Seen = Callable[[tuple[int, str]], bool]
#: Keys of the periods in which counts are summed, the shortest first, with the counts.
Block = tuple[Sequence[str], Numbers, Seen]
#: (key of the period, agency, value) of a sum.
Name = tuple[str, int | None, str | None]


def of_period(period: Period) -> Untold:
    """What is not told of a month, a quarter or a year."""
    closed = reading.closed_until()
    if closed is None:
        return Untold()
    flows = of_year(period.first.year).get(period.key, Untold())
    return flows | _of_day(min(period.last, closed))


def of_appeals(number: int) -> Untold:
    """What is not told of the appeals of a year by agency."""
    return of_year(number).get(APPEALED, Untold())


def of_year(number: int) -> Found:
    """What is not told of the flows of a year's months and quarters, and of the year itself."""

    def work_out(after: Mapping[int, int]) -> Found:
        months = trail(year(number).last, 12)
        return untold(
            reading.by_month(months, [*(str(cut) for cut in CUTS), Cut.AGENCY, Cut.HOUSE], READ),
            after,
        )

    return withholding.decided(str(number), work_out)


def _of_day(day: date) -> Untold:
    """What is not told of the states at the end of a day."""

    def work_out(after: Mapping[int, int]) -> Found:
        tables = reading.tables([str(cut) for cut in CUTS], Period(day, day), with_today=False)
        return {"day": untold_states(tables, after)}

    return withholding.decided(day.isoformat(), work_out).get("day", Untold())


def untold(months: Mapping[date, Mapping[str, reading.Table]], after: Mapping[int, int]) -> Found:
    """What is not told, given the tables of the months of a year by cut, and heirs of agencies."""
    found: Found = {}
    for key in FLOWS + TABLED:
        for cut in CUTS:
            blocks = [
                (_keys(first), _numbers(tables[cut], key, after), _rows(tables[cut], after, key))
                for first, tables in sorted(months.items())
                if cut in tables
            ]
            _decide(found, cut, key, blocks)
    for key in of_the_whole():
        _decide_whole(found, key, months)
    for one in found.values():
        one.name_values(_TOLD_BY)
    return found


def of_the_whole() -> list[str]:
    """Counts that are told of all requests together alone: each month's are known as far as they
    are not small, and a quarter or a year must not give those away."""
    return [term for term in _TOLD_BY if term not in FLOWS + TABLED]


def _decide_whole(
    found: Found, key: str, months: Mapping[date, Mapping[str, reading.Table]]
) -> None:
    hidden: list[Hidden] = []
    sums: dict[str, Sum] = {}
    for first, tables in sorted(months.items()):
        number = sum(
            amount(counts, key)
            for cut in (Cut.AGENCY, Cut.HOUSE)
            for counts in tables.get(cut, {}).values()
        )
        if not number:
            continue
        if number < SMALLEST:
            hidden.append(Hidden(number, 1))
        for period in _keys(first)[1:]:
            one = sums.setdefault(period, Sum((period, None, None), is_whole=True))
            one.total += number
            if number < SMALLEST:
                one.hidden.append(len(hidden) - 1)
    told = [one for one in sums.values() if one.hidden]
    for one in given_away(hidden, told):
        found.setdefault(one.name[0], Untold()).whole.add(key)  # type: ignore[index]


def terms_of(formula: Formula) -> tuple[str, ...]:
    """Counts that a value gives away as far as they are rounded: a share those that it counts, and
    the others."""
    if isinstance(formula, Number):
        return (formula.name,)
    if isinstance(formula, Share):
        positive, minus, rest = formula.part.partition("-")
        others = rest if minus and positive == formula.whole else f"{formula.whole}-{formula.part}"
        return formula.part, others
    return ()


def _told_by() -> dict[str, tuple[str, ...]]:
    """Count of requests → keys of the values that give it away; states are not summed over months."""
    found: dict[str, list[str]] = {}
    for value in VALUES.values():
        for term in terms_of(value.formula):
            if not any(map(is_state, re.findall(r"\w+", term))):
                found.setdefault(term, []).append(value.key)
    return {term: tuple(keys) for term, keys in found.items()}


_TOLD_BY = _told_by()
#: Counts that are read of each month.
READ = tuple(dict.fromkeys(
    name for term in (*FLOWS, *TABLED, *_TOLD_BY) for name in re.findall(r"\w+", term)
))  # fmt: skip


def _rows(table: reading.Table, after: Mapping[int, int], key: str) -> Seen:
    """What of a table has a row: of few requests there is none, and so nothing is seen."""
    received = _numbers(table, "received", after)
    return lambda place: key != "received" and received.get(place, 0) >= SMALLEST


def _keys(first: date) -> tuple[str, ...]:
    return month(first).key, quarter(first).key, year(first.year).key


def untold_states(tables: Mapping[str, reading.Table], after: Mapping[int, int]) -> Untold:
    """What is not told, given the tables of a day by cut, and heirs of agencies."""
    found: Found = {}
    for key in STANDING:
        for cut in CUTS:
            if cut in tables:
                _decide(
                    found,
                    cut,
                    key,
                    [(("day",), _numbers(tables[cut], key, after), lambda _place: True)],
                )
    return found.get("day", Untold())


def _numbers(table: reading.Table, key: str, after: Mapping[int, int]) -> Numbers:
    numbers: dict[tuple[int, str], int] = {}
    for (agency, value), counts in table.items():
        if agency is not None and (number := amount(counts, key)):
            place = after.get(agency, agency), value
            numbers[place] = numbers.get(place, 0) + number
    return numbers


def _decide(found: Found, cut: str, key: str, blocks: Iterable[Block]) -> None:
    """Add what is not told of one count in one cut."""
    hidden, sums = _sums(cut, key, blocks)
    known = [one for one in sums if not _is_untold(found, one.name, key)]
    for one in given_away(hidden, known):
        period, agency, value = one.name  # type: ignore[misc]
        found.setdefault(period, Untold()).add(cut, agency, value, key)


def _is_untold(found: Found, name: object, key: str) -> bool:
    """Whether another cut decided already: sums of an agency and of all stand under each."""
    period, agency, value = name  # type: ignore[misc]
    return value is None and period in found and key in found[period].of_agency(agency)


def _sums(cut: str, key: str, blocks: Iterable[Block]) -> tuple[list[Hidden], list[Sum]]:
    """(hidden counts, sums that hold some of them)."""
    hidden: list[Hidden] = []
    sums: dict[Name, Sum] = {}
    for periods, numbers, seen in blocks:
        for (agency, value), number in numbers.items():
            place = None
            if number < SMALLEST:
                place = len(hidden)
                hidden.append(Hidden(number, int(seen((agency, value)))))
            for name in _names(cut, periods, agency, value):
                one = sums.get(name)
                if one is None:
                    one = sums[name] = Sum(
                        name, is_whole=name[1] is None and name[2] is None,
                        # An agency's sum stands in its tiles, a value's in a row, if at all.
                        least=int(name[2] is None or key != "received"),
                    )  # fmt: skip
                one.total += number
                if place is not None:
                    one.hidden.append(place)
    return hidden, [one for one in sums.values() if one.hidden]


def _names(cut: str, periods: Sequence[str], agency: int, value: str) -> Iterator[Name]:
    """Sums that a count is part of; in the shortest period it stands alone."""
    for depth, period in enumerate(periods):
        if depth:
            yield period, agency, value
        yield period, agency, None
        yield period, None, value
        yield period, None, None
    if cut == Cut.KIND and value in APPEALS:
        yield APPEALED, agency, None
        yield APPEALED, None, None
