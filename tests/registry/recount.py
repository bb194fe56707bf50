"""The same counts by another way: every request by itself, from its raw events, with plain loops.

Shares no code with registry.monitoring: what it gets wrong, this does not get wrong alike.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Agency
from casework.models import ServiceRequest
from core.models import work_calendar

#: (agency key, service key, district, channel, applicant, kind)
Group = tuple[str, str, str, str, str, str]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def recount(first: date, last: date) -> dict[Group, Counter[str]]:
    """Flows from the first day to the last one, and states at the end of the last."""
    found: dict[Group, Counter[str]] = {}
    end = timezone.make_aware(datetime.combine(last, datetime.min.time())) + timedelta(days=1)
    for row in ServiceRequest.objects.select_related("service").prefetch_related("events"):
        _one(row, first, last, end, found)
    return found


def _working_days(first: datetime, last: datetime, calendar: Any) -> int:
    days = (_day(last) - _day(first)).days
    return sum(calendar.is_working(_day(first) + timedelta(days=n)) for n in range(1, days + 1))


def _one(
    row: ServiceRequest, first: date, last: date, end: datetime,
    found: dict[Group, Counter[str]],
) -> None:  # fmt: skip
    calendar = work_calendar()
    events = sorted(row.events.all(), key=lambda event: event.sequence)
    born = events[0]

    def group(agency: str) -> Counter[str]:
        key = (agency, row.service.key, born.data["district"], row.source,
               born.data["applicant"], row.kind)  # fmt: skip
        return found.setdefault(key, Counter())

    agency, state = born.data["agency"], ""
    registered: datetime | None = None
    due: datetime | None = None
    promised: datetime | None = None
    asked_at: datetime | None = None
    with_applicant = 0
    for event in events:
        if event.at >= end:
            break
        counts = group(agency) if first <= _day(event.at) <= last else Counter()
        kind = event.kind
        if kind == "submitted":
            registered = _moment(event.data["registered_at"])
            due = promised = _moment(event.data["due_at"])
            counts["received"] += 1
            counts["repeats"] += bool(event.data["repeats"])
            counts["registered"] += registered is not None
            state = "registered" if registered else "awaiting_payment"
            continue
        if kind == "registered" and state == "awaiting_payment":
            registered = calendar.registration_moment(event.at)
            promised = _moment(event.data["due_at"])
            counts["paid"] += 1
            counts["registered"] += 1
        if kind == "in_review" and state in {"registered", "forwarded"}:
            counts["taken"] += 1
            counts["taken_days"] += _working_days(registered, event.at, calendar)
        if kind == "info_requested":
            counts["asked"] += 1
            asked_at = event.at
        elif asked_at is not None and kind in _MOVES:
            with_applicant += _working_days(asked_at, event.at, calendar)
            asked_at = None
        if kind == "forwarded":
            counts["forwarded"] += 1
            counts["forwarded_late"] += int(event.data["late_forward"])
            agency = event.data["to_agency"]
        if kind == "handed_over":
            agency = event.data["to"]
        if kind in {"approved", "refused"}:
            counts["decided"] += 1
            counts[kind] += 1
            counts["late"] += int(event.data["late"])
            counts["automatic"] += event.actor_id is None
            if event.ground_code:
                counts[f"ground:{event.ground_code}"] += 1
            took = _working_days(registered, event.at, calendar) - with_applicant
            counts[f"took:{max(took, 0)}"] += 1
            counts["promised"] += 1
            counts["promised_days"] += _working_days(registered, promised, calendar)
        if kind == "rated":
            counts["rated"] += 1
            counts["rating_sum"] += event.data["score"]
            counts["rated_low"] += event.data["score"] in {1, 2}
        if kind in {"completed", "withdrawn", "expired", "reopened", "extended"}:
            counts[kind] += 1
        if kind in {"completed", "refused"}:
            counts["rateable"] += 1
        if kind == "complained":
            counts["complaints"] += 1
        if kind in _MOVES:
            state = kind
        due = _moment(event.data.get("due_at")) or due
    if state and state not in {"approved", "refused", "completed", "withdrawn", "expired"}:
        counts = group(agency)
        counts["open"] += 1
        if state in {"awaiting_payment", "info_requested"}:
            counts["waiting"] += 1
        elif due is not None and due < end:
            counts["overdue"] += 1
            counts["overdue_days"] += (last - _day(due)).days


_MOVES = frozenset(
    "registered in_review info_requested forwarded approved refused completed withdrawn expired "
    "reopened".split()
)


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def by_agency(found: dict[Group, Counter[str]]) -> dict[int, dict[str, int]]:
    """Sums of each agency, without zeros."""
    keys = dict(Agency.objects.values_list("key", "pk"))
    sums: dict[int, Counter[str]] = {}
    for group, counts in found.items():
        sums.setdefault(keys[group[0]], Counter()).update(counts)
    return {pk: {n: c for n, c in counts.items() if c} for pk, counts in sums.items() if +counts}


def by_value(found: dict[Group, Counter[str]], place: int) -> dict[str, dict[str, int]]:
    """Sums of each value at a place of the group, without zeros."""
    sums: dict[str, Counter[str]] = {}
    for group, counts in found.items():
        sums.setdefault(group[place], Counter()).update(counts)
    return {
        value: {n: c for n, c in counts.items() if c} for value, counts in sums.items() if +counts
    }
