"""The reads of the figures: counts of a period by agency and by the values of a cut.

Whole spans that are closed are read from their own rows (spans.py), the rest from the rows of days
and from what has happened since the last run. What is closed changes with the next run alone, so
counts of all agencies are kept for as long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import IntegerField, Min, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from registry.models import Figure, FigureRun
from registry.models.figures import Cut, Span
from registry.monitoring import live
from registry.monitoring.holding import heirs, last_run
from registry.monitoring.measures import STATES, Counts
from registry.monitoring.periods import Period
from registry.monitoring.spans import parts

#: (agency, value) → counts; the agency None is the portal itself.
Table = dict[tuple[int | None, str], Counts]
#: Seconds for which closed counts are kept; the next run makes them anew.
KEPT = 86_400


def closed_until() -> date | None:
    """The last day that is closed: states hold at its end."""
    run = last_run()
    return run.closed if run else None


def first_day() -> date | None:
    """The first day that is counted."""
    return Figure.objects.filter(cut=Cut.AGENCY, span=Span.DAY).aggregate(day=Min("day"))["day"]


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
    newest = last_run()
    if newest is None:
        return {cut: {} for cut in cuts}
    if run is not None:
        closed = newest.closed if newest.number == run else _closed_at(run)
        known = Figure.objects.filter(run__number__lte=run)
        return _read(_of(known, agencies), cuts, period, closed)
    if agencies is not None:
        found = _read(_of(Figure.objects.all(), agencies), cuts, period, newest.closed)
    else:
        found = _kept(cuts, period, newest)
    if with_today:
        for day, part in live.tail(newest).items():
            if period.first <= day <= period.last:
                for (whose, of, value), flows in part.items():
                    if of in found and (agencies is None or whose in agencies):
                        _add(found[of], whose, value, flows)
    return found


def _of(rows: QuerySet[Figure], agencies: Collection[int] | None) -> QuerySet[Figure]:
    return rows if agencies is None else rows.filter(agency_id__in=agencies)


def _kept(cuts: Sequence[str], period: Period, newest: FigureRun) -> dict[str, Table]:
    """Closed counts of all agencies, from the cache where they are there."""
    keys = {f"registry:figures:{newest.number}:{period.key}:{cut}": cut for cut in cuts}
    found: dict[str, Table] = {keys[key]: kept for key, kept in cache.get_many(keys).items()}
    missing = [cut for cut in cuts if cut not in found]
    if missing:
        read = _read(Figure.objects.all(), missing, period, newest.closed)
        cache.set_many({key: read[cut] for key, cut in keys.items() if cut in read}, KEPT)
        found |= read
    return found


def _read(
    rows: QuerySet[Figure], cuts: Sequence[str], period: Period, closed: date
) -> dict[str, Table]:
    """Flows of the spans that make up a period, states of its last day."""
    found: dict[str, Table] = {cut: {} for cut in cuts}
    spans = parts(period, closed)
    standing = min(period.last, closed)
    wanted = _in(spans) | Q(span=Span.DAY, day=standing)
    flowing = {(str(span), day) for span, days in spans.items() for day in days}
    columns = ("span", "day", "cut", "agency_id", "value", "counts")
    for span, day, cut, agency, value, counts in (
        rows.filter(wanted, cut__in=cuts).values_list(*columns).iterator(5000)
    ):
        if span == Span.DAY:
            counts = _of_day(counts, flows=(span, day) in flowing, states=day == standing)
        _add(found[cut], agency, value, counts)
    return found


def _in(spans: Mapping[Span, list[date]]) -> Q:
    wanted = Q(pk__in=[])
    for span, days in spans.items():
        wanted |= Q(span=span, day__in=days)
    return wanted


def _of_day(counts: dict[str, int], *, flows: bool, states: bool) -> dict[str, int]:
    """What is wanted of a row of a day: rows of longer spans have no states."""
    return {
        name: number
        for name, number in counts.items()
        if (states if name in STATES else flows)
    }  # fmt: skip


def monthly(
    months: Sequence[Period], agencies: Collection[int] | None = None, *,
    run: int | None = None, with_today: bool = True,
) -> list[Counts]:  # fmt: skip
    """Flows of each of several months, of all or some agencies; `run` and `with_today` as above."""
    found = {month.first: Counter[str]() for month in months}
    newest = last_run()
    if newest is None:
        return list(found.values())
    rows = _of(Figure.objects.filter(cut=Cut.AGENCY), agencies)
    closed = newest.closed
    if run is not None:
        rows, closed = rows.filter(run__number__lte=run), _closed_at(run)
    for span, day, counts in rows.filter(_of_months(months, closed)).values_list(
        "span", "day", "counts"
    ):
        if span == Span.DAY:
            counts = _of_day(counts, flows=True, states=False)
        found[day.replace(day=1)].update(counts)
    if run is None and with_today:
        for day, part in live.tail(newest).items():
            if day.replace(day=1) in found:
                for (agency, cut, _value), counts in part.items():
                    if cut == Cut.AGENCY and (agencies is None or agency in agencies):
                        found[day.replace(day=1)].update(counts)
    return list(found.values())


def _of_months(months: Sequence[Period], closed: date) -> Q:
    """Rows of each of some months: none of a span that two of them share."""
    wanted = Q(pk__in=[])
    for month in months:
        wanted |= _in(parts(month, closed))
    return wanted


def by_month(
    months: Sequence[Period], cuts: Sequence[str], names: Sequence[str]
) -> dict[date, dict[str, Table]]:
    """Some flows of each of several months by cut, agency and value, as far as days are closed."""
    newest = last_run()
    if newest is None:
        return {}
    found: dict[date, dict[str, Table]] = {}
    # The database takes them out of the rows: most of what a row says is not asked.
    numbers: list[Any] = [Cast(KeyTextTransform(name, "counts"), IntegerField()) for name in names]
    rows = Figure.objects.filter(_of_months(months, newest.closed), cut__in=cuts)
    for day, cut, agency, value, *counts in rows.values_list(
        "day", "cut", "agency_id", "value", *numbers
    ).iterator(5000):
        table = found.setdefault(day.replace(day=1), {}).setdefault(cut, {})
        _add(table, agency, value, {n: c for n, c in zip(names, counts, strict=True) if c})
    return found


def _closed_at(number: int) -> date:
    return FigureRun.objects.values_list("closed", flat=True).get(number=number)


def _add(found: Table, agency: int | None, value: str, counts: dict[str, int]) -> None:
    if counts:
        known = found.get((agency, value))
        if known is None:
            found[agency, value] = Counter(counts)
        else:
            known.update(counts)


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


def agencies_of(
    period: Period, agencies: Collection[int] | None = None, *, with_today: bool = True
) -> dict[int, Counts]:
    """All counts of each agency: its requests, forms, money, passports, sign-ins."""
    return of_agencies(tables((Cut.AGENCY, Cut.HOUSE), period, agencies, with_today=with_today))


def of_agencies(read: Mapping[str, Table]) -> dict[int, Counts]:
    """The same, from what was read; the counts of who was merged are its heir's."""
    found: dict[int, Counts] = {}
    for rows in read.values():
        for (agency, _value), counts in rows.items():
            if agency is not None:
                found.setdefault(agency, Counter()).update(counts)
    return by_heir(found)
