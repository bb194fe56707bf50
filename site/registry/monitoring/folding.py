"""Events become counts: one pass in the order of time, a day after another.

Only requests that are open are kept in mind; those that something happens to after their end are
read again. What a day costs depends on what happened on it and on what is open, not on all that
ever came.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from casework import anonymous
from casework.models import Kind
from core.working_time import WorkCalendar
from registry.models.figures import Cut
from registry.monitoring.histories import Event, Facts, Histories, History, local_day
from registry.monitoring.measures import GROUND, TOOK, Counts

#: Working days within which a request is registered (ZRU-445, art. 23).
REGISTRATION_DAYS = 1
_LOW = 2


class Cell(NamedTuple):
    """Requests of one agency that share all facts."""

    agency: int
    facts: Facts


Cells = defaultdict[Cell, Counts]
#: (agency, cut, value) → counts.
Rows = dict[tuple[int | None, str, str], Counts]


class Days:
    """Working days between two days, remembered: many requests share a pair of days."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.between = lru_cache(maxsize=100_000)(calendar.working_days_between)

    def of(self, first: datetime, last: datetime) -> int:
        """Working days after the day of `first` up to that of `last`."""
        return self.between(local_day(first), local_day(last))


class Folder:
    """Counts events; what is open lives in `known` between the days."""

    def __init__(self, histories: Histories, known: dict[int, History]) -> None:
        self.histories, self.known = histories, known
        self.days = Days(histories.calendar)

    def fold(self, events: Iterable[Event]) -> Cells:
        """Counts of what happens in some events, which come in the order of time."""
        cells: Cells = defaultdict(Counter)
        for event in events:
            row = self.known[event.request]
            self._count(event, row, cells)
            row.apply(event, self.histories)
            if event.kind == "submitted":
                self._came(event, row, cells)
            elif event.kind == "registered" and event.before == "awaiting_payment":
                self._paid(event, row, cells)
        return cells

    def forget_closed(self) -> None:
        """Keep in mind only what is open."""
        self.known = {pk: row for pk, row in self.known.items() if row.is_open}

    def states(self, end: datetime) -> Cells:
        """Counts of what is open at a moment."""
        cells: Cells = defaultdict(Counter)
        last = local_day(end - timedelta(microseconds=1))
        for row in self.known.values():
            if not row.is_open:
                continue
            counts = cells[Cell(row.agency, row.facts)]
            counts["open"] += 1
            if not row.runs:
                counts["waiting"] += 1
            elif row.due is not None and row.due < end:
                counts["overdue"] += 1
                counts["overdue_days"] += (last - local_day(row.due)).days
        return cells

    def _came(self, event: Event, row: History, cells: Cells) -> None:
        counts = cells[Cell(row.agency, row.facts)]
        counts["received"] += 1
        counts["repeats"] += bool(event.data.get("repeats"))
        counts["about_portal"] += row.facts.about_portal
        if row.registered is not None:
            self._registered(event.at, row.registered, counts)
            counts["registered_late"] += bool(event.data.get("entered_late"))

    def _paid(self, event: Event, row: History, cells: Cells) -> None:
        assert row.registered is not None
        counts = cells[Cell(row.agency, row.facts)]
        counts["paid"] += 1
        self._registered(event.at, row.registered, counts)

    def _registered(self, came: datetime, registered: datetime, counts: Counts) -> None:
        counts["registered"] += 1
        counts["registered_late"] += self.days.of(came, registered) > REGISTRATION_DAYS

    def _count(self, event: Event, row: History, cells: Cells) -> None:
        """Count an event by what was before it."""
        kind, counts = event.kind, cells[Cell(row.agency, row.facts)]
        match kind:
            case "in_review" if event.before in {"registered", "forwarded"}:
                counts["taken"] += 1
                if row.registered is not None:
                    counts["taken_days"] += self.days.of(row.registered, event.at)
            case "info_requested":
                counts["asked"] += 1
            case "forwarded":
                counts["forwarded"] += 1
                counts["forwarded_late"] += bool(event.data.get("late_forward"))
            case "refused" if event.ground == anonymous.GROUND:
                # No answer to anybody: neither a refusal, nor anything to be rated (L-08).
                counts["kept"] += 1
                return
            case "approved" | "refused":
                self._decided(event, row, counts, cells)
            case "rated":
                score = int(event.data.get("score", 0))
                counts["rated"] += 1
                counts["rating_sum"] += score
                counts["rated_low"] += score <= _LOW
            case "complained":
                counts["complaints"] += 1
            case "extended" | "completed" | "withdrawn" | "expired" | "reopened":
                counts[kind] += 1
        if kind in {"completed", "refused"}:
            counts["rateable"] += 1

    def _decided(self, event: Event, row: History, counts: Counts, cells: Cells) -> None:
        counts["decided"] += 1
        counts[event.kind] += 1
        counts["late"] += bool(event.data.get("late"))
        counts["automatic"] += event.actor is None
        if event.ground:
            counts[GROUND + event.ground] += 1
        if row.registered is not None:
            counts[f"{TOOK}{self._took(row, event.at)}"] += 1
            if row.promised is not None:
                counts["promised"] += 1
                counts["promised_days"] += self.days.of(row.registered, row.promised)
        if row.facts.kind == Kind.COMPLAINT and row.about is not None:
            about = self.known.get(row.about) or self.histories.until(
                [row.about], lambda _pk, _sequence, at: at < event.at
            ).get(row.about)
            if about is not None:
                theirs = cells[Cell(about.agency, about.facts)]
                theirs["complaints_decided"] += 1
                theirs["upheld"] += event.kind == "approved"

    def _took(self, row: History, decided: datetime) -> int:
        """Working days from registration to decision, without those in which the applicant acted."""
        assert row.registered is not None
        ours = self.days.of(row.registered, decided)
        theirs = sum(self.days.of(begin, end) for begin, end in row.pauses)
        if row.paused is not None:
            theirs += self.days.of(row.paused, decided)
        return max(ours - theirs, 0)


def rows(cells: Mapping[Cell, Counts]) -> Rows:
    """Counts by agency and each cut; zeros are left out."""
    found: Rows = {}
    for cell, counts in cells.items():
        facts = cell.facts
        for cut, value in (
            (Cut.SERVICE, facts.service), (Cut.DISTRICT, facts.district),
            (Cut.CHANNEL, facts.channel), (Cut.APPLICANT, facts.applicant), (Cut.KIND, facts.kind),
            (Cut.AGENCY, ""),
        ):  # fmt: skip
            found.setdefault((cell.agency, str(cut), value), Counter()).update(counts)
    return tidy(found)


def tidy(found: Rows) -> Rows:
    """Without zeros and without rows in which nothing is left."""
    kept = {key: Counter({n: c for n, c in counts.items() if c}) for key, counts in found.items()}
    return {key: counts for key, counts in kept.items() if counts}


def merged(parts: Iterable[Rows]) -> Rows:
    """Several tables of rows as one."""
    total: Rows = {}
    for part in parts:
        for key, counts in part.items():
            total.setdefault(key, Counter()).update(counts)
    return total


def day_of(events: Iterable[Event]) -> dict[date, list[Event]]:
    """Events by their day."""
    found: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        found[local_day(event.at)].append(event)
    return found
