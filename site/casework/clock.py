"""The clock of a request: when an answer is promised, and the rules that keep it honest.

It cannot be played with: it stands still only for a list of what is missing, once unless the head
allows more, and never after the day the answer was due; it is put off once, by the head, with a
reason; who forwards after the fifth day has broken the term of the law.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from casework.graph import CLOSED, DECISIONS, State
from casework.models import ServiceRequest
from core.models import work_calendar
from service_pages.passport import Passport

#: Days within which what belongs to another body is forwarded (ZRU-445, art. 18).
FORWARD_DAYS = 5
#: How often an officer may stop the clock without the head.
QUESTIONS = 1
#: The law's own extension of a term: one month, once (ZRU-445, art. 28).
LEGAL_EXTENSION = {"value": 1, "unit": "months"}
_BY_DAYS = frozenset({"working_days", "calendar_days", "months"})


def promised(registered: datetime, term: dict[str, Any]) -> datetime:
    """When a term `{"value", "unit"}` ends that begins with the registration.

    `automatic` is promised for the same working day: until the other body's system answers by
    itself, an officer does.
    """
    if term["unit"] == "automatic":
        return work_calendar().add_term(registered, 0, "working_days")
    return work_calendar().add_term(registered, term["value"], term["unit"])


def resumed(due_at: datetime, paused_at: datetime, now: datetime, unit: str) -> datetime:
    """The deadline after a pause: later by the working days it took; for a term in working hours
    as much working time is left as there was; for one in minutes or hours, later by the time it
    took. Never earlier than before."""
    calendar = work_calendar()
    if unit == "working_hours":
        left = calendar.working_time_between(paused_at, due_at)
        return max(due_at, calendar.add_working_time(now, left) if left else due_at)
    if unit not in _BY_DAYS:
        return due_at + max(now - paused_at, timedelta())
    days = calendar.working_days_between(timezone.localdate(paused_at), timezone.localdate(now))
    if not days:
        return due_at
    return calendar.closing(calendar.add_working_days(timezone.localdate(due_at), days))


def extension_of(request: ServiceRequest) -> dict[str, Any]:
    """`{"value", "unit"}` by which the head may put the term off: the passport's, else the law's."""
    version = request.passport_version
    term = Passport(version.content).term(request.term.get("key", "")) if version else None
    if term and term.get("extension_value") and term.get("extension_unit"):
        return {"value": term["extension_value"], "unit": term["extension_unit"]}
    return dict(LEGAL_EXTENSION)


def extended(due_at: datetime, extension: dict[str, Any]) -> datetime:
    """The deadline put off by an extension; always later than before."""
    return max(
        due_at + timedelta(minutes=1),
        work_calendar().add_term(due_at, extension["value"], extension["unit"]),
    )


def may_ask(request: ServiceRequest, now: datetime, *, head: bool) -> str:
    """Why the clock may not stop for a question: `late`, `again` (the head may), or empty."""
    if request.due_at is not None and now > request.due_at:
        return "late"
    return "again" if request.asked_count >= QUESTIONS and not head else ""


def may_extend(request: ServiceRequest, now: datetime) -> str:
    """Why the term may not be put off: `closed`, `again`, `late`, or empty where it may."""
    if request.state in CLOSED | {State.APPROVED, State.AWAITING_PAYMENT} or request.due_at is None:
        return "closed"
    if request.extended_at is not None:
        return "again"
    # Where the clock stands, it stands at the moment of the question.
    return "late" if (request.paused_at or now) > request.due_at else ""


def is_last_day(registered_at: datetime | None, due_at: datetime, now: datetime) -> bool:
    """Whether something is decided on the last day of its term; what has but one day has none."""
    last = timezone.localdate(due_at)
    one_day = registered_at is not None and timezone.localdate(registered_at) >= last
    return timezone.localdate(now) == last and not one_day


def conduct(request: ServiceRequest, target: State, now: datetime) -> dict[str, Any]:
    """Facts about a step that are counted of the person who takes it: `late`, `on_last_day` of a
    decision, `late_forward` with the days it lay."""
    facts: dict[str, Any] = {}
    if target in DECISIONS and request.due_at is not None:
        facts["late"] = now > request.due_at
        facts["on_last_day"] = is_last_day(request.registered_at, request.due_at, now)
    if target == State.FORWARDED and (came := _came_to_agency(request)) is not None:
        lay = (timezone.localdate(now) - timezone.localdate(came)).days
        facts |= {"lay_days": max(lay, 0), "late_forward": lay > FORWARD_DAYS}
    return facts


def _came_to_agency(request: ServiceRequest) -> datetime | None:
    """Since when it lies with the agency that has it: days of another before it are not theirs, nor
    those before it was opened again."""
    moved = request.events.filter(kind__in=[State.FORWARDED, State.REOPENED, "handed_over"]).last()
    return moved.at if moved is not None else request.registered_at
