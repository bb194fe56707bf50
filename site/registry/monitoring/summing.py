"""Counts of months or of a day, and the sums of them that pages tell: what solving.py is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry.models.figures import Cut
from registry.monitoring import reading
from registry.monitoring.disclosure import MANY, SMALLEST
from registry.monitoring.formulas import amount
from registry.monitoring.periods import month, quarter, year
from registry.monitoring.solving import Hidden, Sum
from registry.monitoring.terms import APPEALS, OF_APPEALS, STANDING, TABLED

#: Numbers of months by cut.
Months = Mapping[date, Mapping[str, reading.Table]]
#: (agency, value)
Place = tuple[int, str]
#: (key of the period, agency, value) of a sum; no agency: of all, no value: of all values.
Name = tuple[str, int | None, str | None]


@dataclass(frozen=True)
class Block:
    """Counts of a month or a day by agency and value."""

    cut: str
    term: str
    #: Keys of the periods that have it, the shortest first.
    periods: tuple[str, ...]
    numbers: Mapping[Place, int]
    #: Places in which a reader sees that there is something, although not how much.
    seen: Callable[[Place], bool]


#: Sums that have a count of a block.
Names = Callable[[Block, int, str], Iterator[Name]]


def appeals_of(number: int) -> str:
    """The key of the table of a year's appeals, among those of periods."""
    return f"{number}:appeals"


def keys(first: date) -> tuple[str, ...]:
    """Of the month, its quarter and its year."""
    return month(first).key, quarter(first).key, year(first.year).key


def of_months(months: Months, cut: str, term: str, after: Mapping[int, int]) -> Iterator[Block]:
    """A term by one cut; `after`: heirs of agencies."""
    for first, tables in sorted(months.items()):
        if cut in tables:
            table = tables[cut]
            yield Block(
                cut, term, keys(first), numbers(table, term, after), _rows(table, term, after)
            )


def numbers(table: reading.Table, term: str, after: Mapping[int, int]) -> dict[Place, int]:
    """A term of each place, those of agencies that were merged with their heirs'."""
    found: dict[Place, int] = {}
    for (agency, value), counts in table.items():
        if agency is not None and (number := amount(counts, term)):
            place = after.get(agency, agency), value
            found[place] = found.get(place, 0) + number
    return found


def _rows(table: reading.Table, term: str, after: Mapping[int, int]) -> Callable[[Place], bool]:
    """What of a table is seen to be something: of few requests there is no row, and so nothing; of
    not many no share."""
    if term == "received" or term not in TABLED:
        return lambda _place: False
    received = numbers(table, "received", after)
    of = TABLED[term]
    whole = numbers(table, of, after) if of else {}
    return lambda place: (
        received.get(place, 0) >= SMALLEST and (not of or whole.get(place, 0) >= MANY)
    )


def told(block: Block, agency: int, value: str) -> Iterator[Name]:
    """What public pages tell of a count; in the shortest period it stands alone."""
    if block.term not in OF_APPEALS:
        for depth, period in enumerate(block.periods):
            if depth:
                yield period, agency, value
            yield period, agency, None
            yield period, None, value
            yield period, None, None
    else:
        for period in block.periods:
            yield period, None, None
    if block.cut == Cut.KIND and value in APPEALS and block.term not in STANDING:
        table = appeals_of(int(block.periods[-1]))
        yield table, agency, None
        yield table, None, None


def summed(blocks: Iterable[Block], names: Names = told) -> tuple[list[Hidden], dict[Name, Sum]]:
    """(counts that are hidden, sums that hold some of them)."""
    hidden: list[Hidden] = []
    sums: dict[Name, Sum] = {}
    for block in blocks:
        for (agency, value), number in block.numbers.items():
            place = None
            if number < SMALLEST:
                place = len(hidden)
                hidden.append(Hidden(number, int(block.seen((agency, value)))))
            for name in names(block, agency, value):
                _add(sums, name, number, place, block.term)
    return hidden, {name: one for name, one in sums.items() if one.hidden}


def summed_whole(
    months: Months, term: str, names: Callable[[tuple[str, ...]], Iterable[str]] = lambda keys: keys[1:]
) -> tuple[list[Hidden], dict[Name, Sum]]:  # fmt: skip
    """The same of what is told of everything together alone: each month's count is seen as far as
    it is not small. `names`: keys of the sums that have a month, given its own, the quarter's and
    the year's."""
    hidden: list[Hidden] = []
    sums: dict[Name, Sum] = {}
    for first, tables in sorted(months.items()):
        number = sum(
            amount(counts, term)
            for cut in (Cut.AGENCY, Cut.HOUSE)
            for counts in tables.get(cut, {}).values()
        )
        if not number:
            continue
        place = None
        if number < SMALLEST:
            place = len(hidden)
            hidden.append(Hidden(number, 1))
        for period in names(keys(first)):
            _add(sums, (period, None, None), number, place, term)
    return hidden, {name: one for name, one in sums.items() if one.hidden}


def _add(sums: dict[Name, Sum], name: Name, number: int, place: int | None, term: str) -> None:
    one = sums.get(name)
    if one is None:
        _period, agency, value = name
        one = sums[name] = Sum(
            name, is_whole=agency is None and value is None,
            # An agency's sum stands in its tiles, a value's in a row, if at all.
            least=int(value is None or term != "received"),
        )  # fmt: skip
    one.total += number
    if place is not None:
        one.hidden.append(place)
