"""What the public edition of a report does not tell, beside what is of few: numbers of its year, which
ends in October, that would give a count of 1 to 4 away together with what the public pages tell of
months, quarters and the two calendar years.

The same reader is played as for those pages (monitoring/solving.py), with what they withhold already;
it is the report that gives way. Decided when the report is signed, so that all its copies say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Agency
from accounts.selectors import heirs
from registry.models import Report
from registry.models.figures import Cut
from registry.monitoring import margins, reading
from registry.monitoring.disclosure import SMALLEST
from registry.monitoring.names import CUTS
from registry.monitoring.periods import month, quarter, trail, year
from registry.monitoring.solving import Hidden, Sum, given_away
from registry.monitoring.withholding import Found, Untold

#: The report's own span among the keys of periods.
OWN = "report"
#: (key of the span, agency, value): a sum that some page tells.
Name = tuple[str, int | None, str | None]
#: Numbers of months by cut: what the public pages are made of.
Months = Mapping[date, Mapping[str, reading.Table]]


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
        told |= {f"{number}:{key}" if key == margins.APPEALED else key: one
                 for key, one in margins.of_year(number).items()}  # fmt: skip
    numbers = reading.by_month(spans, [str(cut) for cut in CUTS], margins.FLOWS)
    flows = solved(numbers, (report.first_day, report.last_day), told, heirs())
    # States at the end of October stand on the page of October as they stand here.
    states = margins.of_period(month(report.last_day))
    keys = dict(Agency.objects.values_list("pk", "key"))
    standing = frozenset(margins.STANDING)
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
    of the period, the appeals of a year by `2026:appeals`; `after`: heirs of agencies."""
    found = Untold()
    for key in margins.FLOWS:
        for cut in CUTS:
            system = _System(str(cut), key, span)
            for first, tables in sorted(months.items()):
                if cut in tables:
                    system.take(first, tables[cut], after)
            system.leave_out(told, found)
            for agency, value in system.given_away():
                found.add(str(cut), agency, value, key)
    return found


@dataclass
class _System:
    """The hidden counts of a cut in all months, and all sums of them that any page tells."""

    cut: str
    key: str
    span: tuple[date, date]
    hidden: list[Hidden] = field(default_factory=list)
    sums: dict[Name, Sum] = field(default_factory=dict)

    def take(self, first: date, table: reading.Table, after: Mapping[int, int]) -> None:
        """Add the counts of a month."""
        counts = _merged(table, after)
        for (agency, value), found in counts.items():
            number = found.get(self.key, 0)
            if not number:
                continue
            place = None
            if number < SMALLEST:
                place = len(self.hidden)
                # Of few requests there is no row, and so nothing is seen.
                seen = self.key != "received" and found.get("received", 0) >= SMALLEST
                self.hidden.append(Hidden(number, int(seen)))
            for name in self._names(first, agency, value):
                one = self.sums.get(name)
                if one is None:
                    one = self.sums[name] = Sum(
                        name,
                        # The report gives way, its total last; the other pages cannot any more.
                        is_whole=name[0] != OWN or name == (OWN, None, None),
                        least=int(name[2] is None or self.key != "received"),
                    )  # fmt: skip
                one.total += number
                if place is not None:
                    one.hidden.append(place)

    def _names(self, first: date, agency: int, value: str) -> Iterator[Name]:
        keys = month(first).key, quarter(first).key, year(first.year).key
        for depth, key in enumerate(keys):
            if depth:
                yield key, agency, value
            yield key, agency, None
            yield key, None, value
            yield key, None, None
        if self.cut == Cut.KIND and value in margins.APPEALS:
            yield f"{first.year}:{margins.APPEALED}", agency, None
            yield f"{first.year}:{margins.APPEALED}", None, None
        if self.span[0] <= first <= self.span[1]:
            yield OWN, None, value
            yield OWN, None, None
            if self.key == "received":
                yield OWN, agency, None

    def leave_out(self, told: Found, found: Untold) -> None:
        """Leave sums out that are not told anywhere: on the public pages, or here by another cut."""
        for name in list(self.sums):
            period, agency, value = name
            untold = found if period == OWN else told.get(period, Untold())
            whose = untold.of_agency(agency)
            if value is None:
                hidden = self.key in whose
            else:
                hidden = (value, self.key) in untold.of_cut(self.cut, agency)
            if hidden or not self.sums[name].hidden:
                del self.sums[name]

    def given_away(self) -> list[tuple[int | None, str | None]]:
        """(agency, value) of the report's sums that are not to be told."""
        gone: list[tuple[int | None, str | None]] = []
        while victims := given_away(self.hidden, list(self.sums.values())):
            mine = [one for one in victims if one.name[0] == OWN]  # type: ignore[index]
            # Where a public page would have to give way, what of the report lies nearest does.
            chosen = mine or self._nearest(victims)
            if not chosen:
                break
            for one in chosen:
                _own, agency, value = one.name  # type: ignore[misc]
                gone.append((agency, value))
                del self.sums[one.name]  # type: ignore[arg-type]
        return gone

    def _nearest(self, victims: list[Sum]) -> list[Sum]:
        """The least sums of the report that are tied to others by hidden counts, step by step."""
        own = [one for one in self.sums.values() if one.name[0] == OWN]  # type: ignore[index]
        reached = {place for one in victims for place in one.hidden}
        while own:
            near = [one for one in own if reached.intersection(one.hidden)]
            if near:
                return [min(near, key=lambda one: one.worth)]
            wider = reached.union(
                *(one.hidden for one in self.sums.values() if reached.intersection(one.hidden))
            )
            if wider == reached:
                break
            reached = wider
        return []


def _merged(
    table: reading.Table, after: Mapping[int, int]
) -> dict[tuple[int, str], dict[str, int]]:
    """Counts with those of agencies that were merged added to their heirs'."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    for (agency, value), counts in table.items():
        if agency is not None:
            mine = found.setdefault((after.get(agency, agency), value), {})
            for name, number in counts.items():
                mine[name] = mine.get(name, 0) + number
    return found
