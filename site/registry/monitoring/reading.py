"""The reads of the figures: counts of a period by agency and by the values of a cut.

Whole months that are closed are read from their own rows, so that a year costs twelve times the
rows of a month; the rest from the rows of days and from what has happened since the last run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Min, Q

from accounts.selectors import heirs
from registry.models import Figure, FigureRun
from registry.models.figures import Cut, Span
from registry.monitoring import live
from registry.monitoring.closing import last_run
from registry.monitoring.measures import Counts, is_state
from registry.monitoring.periods import Period

#: (agency, value) → counts; the agency None is the portal itself.
Table = dict[tuple[int | None, str], Counts]


def closed_until() -> date | None:
    """The last day that is closed: states hold at its end."""
    run = last_run()
    return run.closed if run else None


def first_day() -> date | None:
    """The first day that is counted."""
    return Figure.objects.filter(cut=Cut.SERVICE).aggregate(day=Min("day"))["day"]


def table(
    cut: str,
    period: Period,
    agencies: Collection[int] | None = None,
    *,
    run: int | None = None,
    with_today: bool = True,
) -> Table:
    """Counts of a period by agency and value of a cut; of some agencies where they are named.

    `run`: as known after that run, for what was frozen then; nothing later is read.
    `with_today`: with what has happened since the last day was closed.
    """
    return tables([cut], period, agencies, run=run, with_today=with_today)[cut]


def tables(
    cuts: Sequence[str],
    period: Period,
    agencies: Collection[int] | None = None,
    *,
    run: int | None = None,
    with_today: bool = True,
) -> dict[str, Table]:
    """The same of several cuts, in as many queries as of one."""
    found: dict[str, Table] = {cut: {} for cut in cuts}
    newest = last_run()
    if newest is None:
        return found
    closed = newest.closed
    rows = Figure.objects.filter(cut__in=cuts)
    if run is not None:
        rows = rows.filter(run__number__lte=run)
        closed = newest.closed if newest.number == run else _closed_at(run)
    if agencies is not None:
        rows = rows.filter(agency_id__in=agencies)
    months, spans = period.parts(closed)
    wanted = Q(span=Span.MONTH, day__in=months)
    for first, last in spans:
        wanted |= Q(span=Span.DAY, day__gte=first, day__lte=last)
    columns = ("cut", "agency_id", "value", "counts")
    for cut, agency, value, counts in rows.filter(wanted).values_list(*columns):
        _add(found[cut], agency, value, {n: c for n, c in counts.items() if not is_state(n)})
    standing = rows.filter(span=Span.DAY, day=min(period.last, closed))
    for cut, agency, value, counts in standing.values_list(*columns):
        _add(found[cut], agency, value, {n: c for n, c in counts.items() if is_state(n)})
    if run is None and with_today:
        for day, part in live.tail().items():
            if period.first <= day <= period.last:
                for (whose, of, value), flows in part.items():
                    if of in found and (agencies is None or whose in agencies):
                        _add(found[of], whose, value, flows)
    return {
        cut: {key: counts for key, counts in table.items() if counts}
        for cut, table in found.items()
    }


def monthly(months: Sequence[Period], agencies: Collection[int] | None = None) -> list[Counts]:
    """Flows of each of several months that follow one another, of all or some agencies."""
    found = {month.first: Counter[str]() for month in months}
    newest = last_run()
    if newest is None or not months:
        return list(found.values())
    rows = Figure.objects.filter(cut=Cut.SERVICE)
    if agencies is not None:
        rows = rows.filter(agency_id__in=agencies)
    whole, spans = Period(months[0].first, months[-1].last).parts(newest.closed)
    wanted = Q(span=Span.MONTH, day__in=whole)
    for first, last in spans:
        wanted |= Q(span=Span.DAY, day__gte=first, day__lte=last)
    for day, counts in rows.filter(wanted).values_list("day", "counts"):
        found[day.replace(day=1)].update({n: c for n, c in counts.items() if not is_state(n)})
    for day, part in live.tail().items():
        if day.replace(day=1) in found:
            for (agency, cut, _value), counts in part.items():
                if cut == Cut.SERVICE and (agencies is None or agency in agencies):
                    found[day.replace(day=1)].update(counts)
    return list(found.values())


def _closed_at(number: int) -> date:
    return FigureRun.objects.values_list("closed", flat=True).get(number=number)


def _add(found: Table, agency: int | None, value: str, counts: dict[str, int]) -> None:
    if counts:
        found.setdefault((agency, value), Counter()).update(counts)


def by_agency(rows: Table) -> dict[int | None, Counts]:
    """Sums over the values of a cut."""
    found: dict[int | None, Counts] = {}
    for (agency, _value), counts in rows.items():
        found.setdefault(agency, Counter()).update(counts)
    return found


def by_value(rows: Table) -> dict[str, Counts]:
    """Sums over agencies."""
    found: dict[str, Counts] = {}
    for (_agency, value), counts in rows.items():
        found.setdefault(value, Counter()).update(counts)
    return found


def by_heir(found: Mapping[int, Counts]) -> dict[int, Counts]:
    """Counts of agencies that were merged or renamed, with those of the one that stands for them."""
    after = heirs()
    merged: dict[int, Counts] = {}
    for pk, counts in found.items():
        merged.setdefault(after.get(pk, pk), Counter()).update(counts)
    return merged


def agencies_of(period: Period, agencies: Collection[int] | None = None) -> dict[int, Counts]:
    """All counts of each agency: its requests, forms, money, passports, sign-ins."""
    found: dict[int, Counts] = {}
    for cut in (Cut.SERVICE, Cut.HOUSE):
        for agency, counts in by_agency(table(cut, period, agencies)).items():
            if agency is not None:
                found.setdefault(agency, Counter()).update(counts)
    return by_heir(found) if agencies is None else found
