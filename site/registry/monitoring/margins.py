"""Sums that are not told to the public, since with the parts they would give a small count away.

A sum stands on many pages: of an agency in the table of agencies, over its tiles and under each of
its tables; of a district under the whole and beside each agency's share; all of them of a month, in
its quarter and in its year. So whether it is told is decided once for a year, from all its tables
together (solving.py), and then holds wherever it stands.

The public sees days that are closed alone, and whole months, quarters and years: figures of any
span of days would give each day away by the differences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from registry.models.figures import Cut
from registry.monitoring import reading, summing, withholding
from registry.monitoring.names import ALL_CUTS, CUTS
from registry.monitoring.periods import Period, trail, year
from registry.monitoring.solving import Hidden, Sum, given_away
from registry.monitoring.summing import Block, Months, Name
from registry.monitoring.terms import (
    OF_APPEALS,
    OF_THE_WHOLE,
    READ,
    STANDING,
    TABLED,
    TOLD_BY,
)  # fmt: skip
from registry.monitoring.withholding import Found, Untold


def of_period(period: Period) -> Untold:
    """What is not told of a month, a quarter or a year."""
    closed = reading.closed_until()
    if closed is None:
        return Untold()
    flows = of_year(period.first.year).get(period.key, Untold())
    return flows | _of_day(min(period.last, closed))


def of_appeals(number: int) -> Untold:
    """What is not told of the appeals of a year by agency."""
    return of_year(number).get(summing.appeals_of(number), Untold())


def of_year(number: int) -> Found:
    """What is not told of the flows of a year's months and quarters, and of the year itself."""

    def work_out(after: Mapping[int, int]) -> Found:
        months = trail(year(number).last, 12)
        return untold(
            reading.by_month(months, ALL_CUTS, READ),
            after,
        )

    return withholding.decided(str(number), work_out)


def _of_day(day: date) -> Untold:
    """What is not told of the states at the end of a day."""

    def work_out(after: Mapping[int, int]) -> Found:
        tables = reading.tables([str(cut) for cut in CUTS], Period(day, day), with_today=False)
        return {"day": untold_states(tables, after)}

    return withholding.decided(day.isoformat(), work_out).get("day", Untold())


def untold(months: Months, after: Mapping[int, int]) -> Found:
    """What is not told, given the tables of the months of a year by cut, and heirs of agencies."""
    found: Found = {}
    for term in TABLED:
        for cut in CUTS:
            _decide(found, cut, term, summing.of_months(months, cut, term, after))
    for term in OF_APPEALS:
        _decide(found, Cut.KIND, term, summing.of_months(months, Cut.KIND, term, after))
    for term in OF_THE_WHOLE:
        _take_away(found, "", term, *summing.summed_whole(months, term))
    for one in found.values():
        one.name_values(TOLD_BY)
    return found


def untold_states(tables: Mapping[str, reading.Table], after: Mapping[int, int]) -> Untold:
    """What is not told, given the tables of a day by cut, and heirs of agencies."""
    found: Found = {}
    for term in STANDING:
        for cut in CUTS:
            if cut in tables:
                numbers = summing.numbers(tables[cut], term, after)
                _decide(
                    found, cut, term, [Block(cut, term, ("day",), numbers, lambda _place: True)]
                )
    return found.get("day", Untold())


def _decide(found: Found, cut: str, term: str, blocks: Iterable[Block]) -> None:
    """Add what is not told of one term in one cut."""
    _take_away(found, cut, term, *summing.summed(blocks))


def _take_away(
    found: Found, cut: str, term: str, hidden: Sequence[Hidden], sums: Mapping[Name, Sum]
) -> None:
    known = [one for name, one in sums.items() if not _is_untold(found, name, term)]
    for one in given_away(hidden, known):
        period, agency, value = one.name  # type: ignore[misc]
        found.setdefault(period, Untold()).add(cut, agency, value, term)


def _is_untold(found: Found, name: Name, term: str) -> bool:
    """Whether another cut decided already: sums of an agency and of all stand under each."""
    period, agency, value = name
    return value is None and period in found and term in found[period].of_agency(agency)
