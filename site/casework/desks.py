"""On whose desk a request lay, from when until when: read from its history, not kept beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from casework.graph import CLOSED, State
from casework.models import RequestEvent, Unit
from core.models import work_calendar
from core.texts import pick


@dataclass(frozen=True)
class Stay:
    """A stretch of time on one desk; `until` is None where it still lies there."""

    who: str
    since: datetime
    until: datetime | None
    #: Working days that it lay, the first not counted.
    days: int


_DECIDED = CLOSED | {State.APPROVED}
#: The applicant, who gives it back to whoever had it before.
_APPLICANT = "applicant"


def desks(events: list[RequestEvent], language: str, now: datetime | None = None) -> list[Stay]:
    """Whose desk it was, oldest first. `events` come with their `actor`; three queries for names."""
    people = User.objects.in_bulk({e.data["assignee"] for e in events if e.data.get("assignee")})
    units = Unit.objects.in_bulk({e.data["unit"] for e in events if e.data.get("unit")})
    places = _places(events, language)
    moves: list[tuple[str, datetime]] = []
    staff = ""
    for event in events:
        who = _next(event, people, units, places[event.sequence], language)
        if who is None and event.from_state == State.INFO_REQUESTED and event.to_state:
            who = staff
        if who is not None and (not moves or moves[-1][0] != who):
            moves.append((who, event.at))
        if who and who != _APPLICANT:
            staff = who
    return _stays(moves, now or timezone.now())


def _stays(moves: list[tuple[str, datetime]], now: datetime) -> list[Stay]:
    calendar, found = work_calendar(), []
    ends: list[datetime | None] = [since for _who, since in moves[1:]] + [None]
    for (who, since), until in zip(moves, ends, strict=True):
        days = calendar.working_days_between(
            timezone.localdate(since), timezone.localdate(until or now)
        )
        if who:
            label = _("Applicant") if who == _APPLICANT else who
            found.append(Stay(label, since, until, days))
    return found


def _places(events: list[RequestEvent], language: str) -> dict[int, str]:
    """sequence → the agency that the event leaves the request in."""
    keys = {e.data.get("to_agency") or e.data.get("agency") for e in events
            if e.kind in {"submitted", State.FORWARDED}}  # fmt: skip
    names = {
        agency.key: pick(agency.name, language)
        for agency in Agency.objects.filter(key__in=keys - {None})
    }
    found, here = {}, ""
    for event in events:
        if event.kind == "submitted":
            here = names.get(event.data.get("agency", ""), "")
        elif event.kind == State.FORWARDED:
            here = names.get(event.data.get("to_agency", ""), "")
        found[event.sequence] = here
    return found


def _next(
    event: RequestEvent, people: dict[int, User], units: dict[int, Unit], place: str, language: str
) -> str | None:
    """Who has it after an event; "" for nobody, None where it stays."""
    match event.kind:
        case "submitted" if event.to_state == State.AWAITING_PAYMENT:
            return _APPLICANT
        case "submitted" | State.REGISTERED | State.FORWARDED | State.REOPENED:
            return place
        case "assigned":
            person = people.get(event.data.get("assignee") or 0)
            unit = units.get(event.data.get("unit") or 0)
            return str(person) if person else (pick(unit.name, language) if unit else place)
        case State.IN_REVIEW:
            own = event.from_state == State.INFO_REQUESTED
            return None if own or event.actor is None else str(event.actor)
        case "proposed":
            return _("Head")
        case "returned":
            return str(people.get(event.data.get("assignee") or 0) or place)
        case State.INFO_REQUESTED:
            return _APPLICANT
        case kind if kind in _DECIDED:
            return ""
    return None
