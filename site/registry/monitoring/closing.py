"""Days are closed once a day: what happened on them becomes rows that never change.

A run counts the days that are over and, as corrections, what came to closed days since: a letter
entered on Tuesday as received on Friday. It reads events up to a mark that was set at least
SETTLED earlier, so that none is lost that another transaction had begun to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from casework.models import RequestEvent, ServiceRequest
from core import copying
from registry.models import Figure, FigureMark, FigureRun
from registry.models.figures import Span
from registry.monitoring import daily
from registry.monitoring.folding import Folder, Rows, day_of, merged, rows, tidy
from registry.monitoring.histories import COLUMNS, KINDS, Event, Histories, History
from registry.monitoring.measures import is_state
from registry.monitoring.periods import Period, begin_of, last_of_month
from registry.monitoring.spans import MADE_OF, around

#: Nobody writes an event for longer than this.
SETTLED = timedelta(minutes=10)


@dataclass
class _Found:
    """What a run is going to write: days that are over, and what came late to former ones."""

    days: list[tuple[date, Rows]]
    late: list[tuple[date, Rows]]
    closed: date
    until_event: int


def last_run() -> FigureRun | None:
    """The newest run, or None before the first."""
    return FigureRun.objects.order_by("-number").first()


def close_days(until: date | None = None, *, settled: bool = False) -> int:
    """Close the days up to `until` (yesterday at most); how many. Safe to repeat.

    `settled`: nobody writes events now (tests, the generator), so that the newest may be read.
    """
    today = timezone.localdate()
    last = min(until or today, today - timedelta(days=1))
    ceiling = _ceiling(settled=settled)
    run = last_run()
    first = run.closed + timedelta(days=1) if run else _first_day(last)
    if ceiling is None or first > last:
        return 0
    done = 0
    folder: Folder | None = None
    while first <= last:
        end = min(last_of_month(first), last)
        folder = folder or _opened(first, run)
        found = _count(folder, first, end, run, ceiling)
        run = _write(found, run)
        done += (end - first).days + 1
        first = end + timedelta(days=1)
    return done


def _ceiling(*, settled: bool) -> int | None:
    """The newest event that surely everybody sees; None where none is known yet."""
    newest = RequestEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if settled:
        return newest
    now = timezone.now()
    mark = FigureMark.objects.first()
    if mark is None:
        FigureMark.objects.create(event=newest, seen_at=now)
        return None
    if mark.seen_at > now - SETTLED:
        return None
    known = mark.event
    FigureMark.objects.filter(pk=mark.pk).update(event=newest, seen_at=now)
    return known


def _first_day(last: date) -> date:
    first = RequestEvent.objects.filter(kind="submitted").aggregate(at=Min("at"))["at"]
    return min(timezone.localdate(first), last) if first else last


def events_of(**conditions: object) -> Iterator[Event]:
    """Events that counting reads, in the order of time."""
    found = RequestEvent.objects.filter(kind__in=KINDS, **conditions)
    ordered = found.order_by("at", "request_id", "sequence").values_list(*COLUMNS)
    return (Event(*row) for row in ordered.iterator(5000))


def _opened(first: date, run: FigureRun | None) -> Folder:
    """Who counts from the begin of a day on, with all requests that were open then in mind."""
    histories = Histories()
    if run is None:
        return Folder(histories, {})
    start = begin_of(first)
    before = ServiceRequest.objects.filter(submitted_at__lt=start)
    ids = set(before.open().values_list("pk", flat=True))
    # Open then, although it may have ended since.
    ids |= set(
        RequestEvent.objects.filter(
            kind__in=KINDS, at__gte=start, request__submitted_at__lt=start
        ).values_list("request_id", flat=True)
    )
    # What came late to closed days is folded first, from the state before it.
    late: dict[int, int] = {}
    for event in events_of(pk__gt=run.until_event, at__lt=start):
        late[event.request] = min(late.get(event.request, event.sequence), event.sequence)
    found = histories.until(
        ids | late.keys(),
        lambda pk, sequence, at: at < start and sequence < late.get(pk, sequence + 1),
    )
    return Folder(histories, found)


def _count(folder: Folder, first: date, last: date, run: FigureRun | None, ceiling: int) -> _Found:
    found = _Found([], [], last, ceiling)
    if run is not None and ceiling > run.until_event:
        late = list(events_of(pk__gt=run.until_event, pk__lte=ceiling, at__lt=begin_of(first)))
        know(folder, late)
        for day, events in sorted(day_of(late).items()):
            found.late.append((day, tidy(rows(folder.fold(events)))))
    day = first
    while day <= last:
        end = begin_of(day + timedelta(days=1))
        events = list(events_of(at__gte=begin_of(day), at__lt=end, pk__lte=ceiling))
        know(folder, events)
        counted = rows(folder.fold(events))
        folder.forget_closed()
        standing = rows(folder.states(end))
        found.days.append((day, tidy(merged([counted, standing, daily.figures(day)]))))
        day += timedelta(days=1)
    return found


def know(folder: Folder, events: list[Event]) -> None:
    """Bring to mind what events are about, as it was before them."""
    first: dict[int, int] = {}
    for event in events:
        if event.request not in folder.known:
            first[event.request] = min(first.get(event.request, event.sequence), event.sequence)
    begun = [pk for pk, sequence in first.items() if sequence == 1]
    folder.known.update(folder.histories.begun(begun))
    older = [pk for pk, sequence in first.items() if sequence > 1]
    found: dict[int, History] = folder.histories.until(
        older, lambda pk, sequence, _at: sequence < first[pk]
    )
    folder.known.update(found)


@transaction.atomic
def _write(found: _Found, before: FigureRun | None) -> FigureRun:
    """Write a run. Raises IntegrityError where another process was quicker."""
    run = FigureRun(
        number=before.number + 1 if before else 1,
        made_at=timezone.now(),
        closed=found.closed,
        until_event=found.until_event,
    )
    run.save(force_insert=True)
    for day, table in found.late + found.days:
        _add(run, Span.DAY, day, table)
    for span, finer in MADE_OF.items():
        corrected: dict[date, list[Rows]] = {}
        for day, table in found.late:
            whole = around(span, day)
            if before is not None and whole.last <= before.closed:
                corrected.setdefault(whole.first, []).append(table)
        for first, tables in sorted(corrected.items()):
            _add(run, span, first, flows(merged(tables)))
        for day, _table in found.days:
            whole = around(span, day)
            if whole.last == day:
                _add(run, span, whole.first, flows(_stored(finer, whole)))
    return run


def flows(table: Rows) -> Rows:
    """Without states, which are not summed."""
    return tidy(
        {
            key: type(counts)({n: c for n, c in counts.items() if not is_state(n)})
            for key, counts in table.items()
        }
    )


def _stored(span: Span, within: Period) -> Rows:
    """Sums of the rows of one kind of span within a period."""
    stored = Figure.objects.filter(span=span, day__gte=within.first, day__lte=within.last)
    columns = stored.values_list("agency_id", "cut", "value", "counts")
    return merged({(a, cut, value): counts} for a, cut, value, counts in columns.iterator(2000))


def _add(run: FigureRun, span: Span, day: date, table: Rows) -> None:
    counted = Figure._meta.get_field("counts")
    copying.add_values(
        Figure,
        ("run_id", "span", "day", "agency_id", "cut", "value", "counts"),
        (
            (run.pk, str(span), day, agency, cut, value,
             counted.get_db_prep_save(dict(counts), connection))
            for (agency, cut, value), counts in table.items()
        ),
    )  # fmt: skip
