"""What the public edition of a report does not tell, beside what is of few: numbers of its year, which
ends in October, that would give a count of 1 to 4 away together with what the public pages tell of
months, quarters and the two calendar years.

The same reader is played as for those pages (monitoring/solving.py), with what they withhold already;
it is the report that gives way. Decided when the report is signed, so that all its copies say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Agency
from accounts.selectors import heirs
from registry.models import Report
from registry.models.figures import Cut
from registry.monitoring import margins, reading, summing, terms
from registry.monitoring.names import ALL_CUTS, CUTS
from registry.monitoring.periods import month, trail, year
from registry.monitoring.solving import Hidden, Sum, given_away
from registry.monitoring.summing import Block, Months, Name
from registry.monitoring.withholding import TERM, Found, Untold
from registry.reports.parts import OF_AGENCIES, OF_VALUES

#: The report's own span among the keys of periods.
OWN = "report"
#: What its tables tell of each value of a cut, and of each agency.
_OF_VALUES, _OF_AGENCIES = terms.terms_in(OF_VALUES), terms.terms_in(OF_AGENCIES)


@dataclass(frozen=True)
class Withheld:
    """What is not told of a report, by the keys that stand in it."""

    #: (key of the agency, value), (cut, value of the cut, value), value of the whole.
    agencies: frozenset[tuple[str, str]] = frozenset()
    values: frozenset[tuple[str, str, str]] = frozenset()
    whole: frozenset[str] = frozenset()
    #: (month, value): not told on the page of the month.
    months: frozenset[tuple[str, str]] = frozenset()

    def as_json(self) -> dict[str, list[Any]]:
        """As it is signed."""
        return {
            "agencies": sorted(map(list, self.agencies)), "values": sorted(map(list, self.values)),
            "whole": sorted(self.whole), "months": sorted(map(list, self.months)),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, list[Any]]) -> Withheld:
        """What `as_json` gave."""
        return cls(
            frozenset((key, name) for key, name in kept["agencies"]),
            frozenset((cut, value, name) for cut, value, name in kept["values"]),
            frozenset(kept["whole"]),
            frozenset((key, name) for key, name in kept["months"]),
        )


def of(report: Report) -> Withheld:
    """What is not told of a report: as it was signed, or as it would be signed now."""
    kept = report.figures.get("withheld")
    return now(report) if kept is None else Withheld.from_json(kept)


def now(report: Report) -> Withheld:
    """The same, by what is closed now."""
    first, last = year(report.first_day.year).first, year(report.last_day.year).last
    spans = trail(last, 12 * (last.year - first.year + 1))
    told: Found = {}
    for number in range(first.year, last.year + 1):
        told |= margins.of_year(number)
    numbers = reading.by_month(spans, ALL_CUTS, terms.READ)
    flows = solved(numbers, (report.first_day, report.last_day), told, heirs())
    # States at the end of October stand on the page of October as they stand here.
    states = margins.of_period(month(report.last_day))
    keys = dict(Agency.objects.values_list("pk", "key"))
    standing = frozenset(terms.STANDING)
    return Withheld(
        frozenset((keys[pk], name) for pk, name in flows.agencies)
        | {(keys[pk], name) for pk, name in states.agencies if name in standing and pk in keys},
        frozenset(flows.values) | {row for row in states.values if row[2] in standing},
        frozenset(flows.whole) | (states.whole & standing),
        frozenset(
            (span.key, name)
            for span in spans
            if report.first_day <= span.first <= report.last_day and span.key in told
            for name in told[span.key].whole
        ),
    )


def solved(
    months: Months, span: tuple[date, date], told: Found, after: Mapping[int, int]
) -> Untold:
    """What of the flows between two days is not told; `told`: what the public pages withhold, by key
    of the period; `after`: heirs of agencies."""
    found = Untold()
    mine = {month(first).key for first in months if span[0] <= first <= span[1]}

    def names(block: Block, agency: int, value: str) -> Iterator[Name]:
        yield from summing.told(block, agency, value)
        if block.periods[0] in mine:
            yield OWN, None, None
            if block.term in _OF_VALUES:
                yield OWN, None, value
            if block.term in _OF_AGENCIES:
                yield OWN, agency, None

    def of_whole(keys: tuple[str, ...]) -> Iterator[str]:
        yield from keys[1:]
        if keys[0] in mine:
            yield OWN

    for term in (*terms.TABLED, *terms.OF_APPEALS):
        for cut in CUTS if term in terms.TABLED else (Cut.KIND,):
            blocks = summing.of_months(months, str(cut), term, after)
            _give_way(str(cut), term, *summing.summed(blocks, names), told, found)
    for term in terms.OF_THE_WHOLE:
        _give_way("", term, *summing.summed_whole(months, term, of_whole), told, found)
    found.name_values(terms.TOLD_BY)
    return found


def _give_way(
    cut: str, term: str, hidden: Sequence[Hidden], sums: dict[Name, Sum], told: Found, found: Untold
) -> None:
    """Add the report's sums that are not to be told. The report gives way, its total last; the other
    pages cannot any more."""
    for name in [name for name in sums if _is_untold(cut, term, name, told, found)]:
        del sums[name]
    for name, one in sums.items():
        one.is_whole = name[0] != OWN or name == (OWN, None, None)
    while victims := given_away(hidden, list(sums.values())):
        # Where a public page would have to give way, what of the report lies nearest does.
        chosen = [one for one in victims if _is_own(one)] or _nearest(sums.values(), victims)
        if not chosen:
            break
        for one in chosen:
            _own, agency, value = one.name  # type: ignore[misc]
            found.add(cut, agency, value, term)
            del sums[one.name]  # type: ignore[arg-type]


def _is_untold(cut: str, term: str, name: Name, told: Found, found: Untold) -> bool:
    """Whether a sum is told nowhere: not on the public pages, or not here by another cut."""
    period, agency, value = name
    untold = found if period == OWN else told.get(period, Untold())
    term = term if period == OWN else TERM + term
    if value is None:
        return term in untold.of_agency(agency)
    return (value, term) in untold.of_cut(cut, agency)


def _is_own(one: Sum) -> bool:
    return one.name[0] == OWN  # type: ignore[index]


def _nearest(sums: Iterable[Sum], victims: Sequence[Sum]) -> list[Sum]:
    """The least sums of the report that are tied to others by hidden counts, step by step."""
    sums = list(sums)
    own = [one for one in sums if _is_own(one)]
    reached = {place for one in victims for place in one.hidden}
    while own:
        near = [one for one in own if reached.intersection(one.hidden)]
        if near:
            return [min(near, key=lambda one: one.worth)]
        wider = reached.union(*(one.hidden for one in sums if reached.intersection(one.hidden)))
        if wider == reached:
            break
        reached = wider
    return []
