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
from forms.models import FormEvent
from home.models.feedback import PageComment, PageVote
from operations.models import DailyServing, DailyUptime
from payments.models import LedgerEntry
from registry.models import PlanLine, RegistryLine, RegistryVersion
from search.models import QueryCount

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
            if registered is not None:
                counts["registered_late"] += _working_days(event.at, registered, calendar) > 1
                counts["registered_late"] += bool(event.data.get("entered_late"))
            counts["about_portal"] += row.about_portal
            state = "registered" if registered else "awaiting_payment"
            continue
        if kind == "registered" and state == "awaiting_payment":
            registered = calendar.registration_moment(event.at)
            promised = _moment(event.data["due_at"])
            counts["paid"] += 1
            counts["registered"] += 1
            counts["registered_late"] += _working_days(event.at, registered, calendar) > 1
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
        unheard = kind == "refused" and event.ground_code == "anonymous"
        counts["kept"] += unheard
        if kind in {"approved", "refused"} and not unheard:
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
        if kind in {"completed", "refused"} and not unheard:
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


def money(first: date, last: date) -> Counter[str]:
    """What came and went in tiyin, entry by entry."""
    found: Counter[str] = Counter()
    for entry in LedgerEntry.objects.all():
        if first <= _day(entry.at) <= last:
            name = {"paid": "income_tiyin", "surplus": "income_tiyin",
                    "refunded": "returned_tiyin"}.get(entry.kind)  # fmt: skip
            if name:
                found[name] += entry.amount
    return found


def forms(first: date, last: date) -> Counter[str]:
    """Forms begun and sent, one by one."""
    found: Counter[str] = Counter()
    for event in FormEvent.objects.all():
        if first <= event.day <= last and event.kind in {"started", "sent"}:
            found[event.kind] += 1
            if event.kind == "sent":
                found["fill_seconds"] += event.seconds or 0
    return found


def house(first: date, last: date) -> Counter[str]:
    """Answers of the server and searches, minute by minute and word by word."""
    found: Counter[str] = Counter()
    for row in QueryCount.objects.all():
        if first <= row.day <= last:
            found["searches"] += row.searches
            found["searches_empty"] += row.searches if row.results == 0 else 0
    for served in DailyServing.objects.all():
        if first <= served.day <= last:
            found["answers"] += served.answers
            found["failures"] += served.failures
            found[f"under_ms:{served.under_ms}"] += served.answers
    beats = {row.day: row for row in DailyUptime.objects.all()}
    day = max(first, min(beats, default=last))
    while beats and day <= last:
        beat = beats.get(day)
        found["minutes"] += 24 * 60 - (beat.first_minute if beat else 0)
        found["minutes_up"] += beat.minutes_up if beat else 0
        day += timedelta(days=1)
    return found


def plan(first: date, last: date) -> Counter[str]:
    """Lines of the plan whose day lay in the span."""
    found: Counter[str] = Counter()
    for line in PlanLine.objects.all():
        if line.dropped_by_id is None and first <= line.planned_on <= last:
            found["plan_due"] += 1
            started = line.launched_on
            if started is None or started > last:
                found["plan_missed"] += 1
            else:
                found["plan_kept" if started <= line.planned_on else "plan_late"] += 1
    return found


def registry(last: date) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Services by phase as the last version of a day says, together and by kind of agency."""
    numbers = [v.number for v in RegistryVersion.objects.all() if _day(v.published_at) <= last]
    number = max(numbers, default=0)
    total: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    for line in RegistryLine.objects.all():
        holds = line.since <= number and (line.until is None or line.until > number)
        if not holds or line.content["status"] == "retired":
            continue
        phase = line.content["phase"]
        kind = Agency.objects.get(key=line.content["agency"]["key"]).kind
        for counts in (total, kinds.setdefault(kind, Counter())):
            counts["registry"] += 1
            counts[f"phase:{phase}"] += 1
            counts["registry_online"] += phase in {3, 4, 5}
    return total, kinds


def feedback(first: date, last: date) -> dict[str, Any]:
    """Presses and comments, one by one."""
    votes = [row for row in PageVote.objects.all() if first <= row.day <= last]
    comments = [
        row for row in PageComment.objects.all()
        if first <= row.day <= last and row.state != "rejected"
    ]  # fmt: skip
    return {
        "yes": sum(row.yes for row in votes),
        "no": sum(row.no for row in votes),
        "answered": sum(row.answered_on is not None for row in comments),
        "corrected": sum(row.corrected_on is not None for row in comments),
        "themes": dict(Counter(row.theme for row in comments)),
    }


def summed(found: dict[Group, Counter[str]]) -> dict[str, int]:
    """The sum of everything, without zeros."""
    total: Counter[str] = Counter()
    for counts in found.values():
        total.update(counts)
    return {name: number for name, number in total.items() if number}
