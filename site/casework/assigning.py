"""Who works on a request: a person or a unit, with the head's resolution and inner date."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Agency, User
from casework import journal, notices
from casework.locking import locked_request
from casework.models import ServiceRequest, Unit, UnitMember
from casework.transitions import InvalidTransition, Missing, NotAllowed, parties
from core.models import work_calendar


def units_of(agencies: list[Agency], user: User) -> QuerySet[Unit]:
    """Units in use of some agencies; `is_mine` says whether `user` works in one."""
    mine = UnitMember.objects.filter(unit=OuterRef("pk"), user=user)
    return Unit.objects.filter(agency__in=agencies, active=True).annotate(is_mine=Exists(mine))


@transaction.atomic
def assign(
    request: ServiceRequest,
    actor: User,
    assignee: User | None,
    *,
    unit: Unit | None = None,
    instruction: str = "",
    control_on: date | None = None,
    now: datetime | None = None,
) -> None:
    """Make a person answerable, or a unit of which somebody takes it.

    The head may add what is to be done and by which day a draft is wanted. Raises NotAllowed
    unless all are the agency's and none the applicant, or for a resolution that is not the
    head's; InvalidTransition once it is closed; Missing (`control_on`) for a day that cannot be.
    """
    now = now or timezone.now()
    locked = locked_request(request.pk)
    roles = parties(locked, actor)
    instruction = instruction.strip()
    if "staff" not in roles or (assignee is None and unit is None):
        raise NotAllowed("assign")
    if assignee is not None and "staff" not in parties(locked, assignee):
        raise NotAllowed("assign")
    if unit is not None and (unit.agency_id != locked.agency_id or not unit.active):
        raise NotAllowed("assign")
    if unit is not None and _is_about(locked, unit):
        raise NotAllowed("assign")
    if (instruction or control_on) and "head" not in roles:
        raise NotAllowed("assign")
    if locked.is_closed:
        raise InvalidTransition(locked.state, "assign")
    control_at = _control(locked, control_on, now)
    unit = unit or _unit_for(locked, assignee)
    same = locked.assignee_id == (assignee.pk if assignee else None) and locked.unit == unit
    if same and not instruction and control_on is None:
        return
    locked.assignee, locked.unit, locked.control_at = assignee, unit, control_at
    locked.save(update_fields=["assignee", "unit", "control_at"])
    event = journal.record(
        locked, "assigned", actor=actor, private=instruction, at=now,
        data={
            "assignee": assignee.pk if assignee else None,
            "unit": unit.pk if unit else None,
            "control_at": control_at.isoformat() if control_at else None,
        },
    )  # fmt: skip
    if assignee is not None and assignee.pk != actor.pk:
        notices.tell_staff(locked, event, [assignee], "assigned")


def _is_about(request: ServiceRequest, unit: Unit) -> bool:
    """Whether a complaint is about what a unit did: another considers it."""
    about = request.complained_about
    return about is not None and about.unit_id == unit.pk


def _control(request: ServiceRequest, day: date | None, now: datetime) -> datetime | None:
    """The end of the head's day: from today on, and not after the answer is due."""
    if day is None:
        return None
    calendar = work_calendar()
    moment = calendar.closing(calendar.this_or_next_working_day(day))
    if day < timezone.localdate(now) or (request.due_at and now < request.due_at < moment):
        raise Missing("control_on")
    return moment


def _unit_for(request: ServiceRequest, assignee: User | None) -> Unit | None:
    """The request's unit if the person works in it, else the only one that they work in."""
    if assignee is None:
        return request.unit
    theirs = list(
        Unit.objects.filter(agency_id=request.agency_id, active=True, members__user=assignee)[:50]
    )
    if request.unit in theirs or len(theirs) != 1:
        return request.unit
    return theirs[0]


@transaction.atomic
def note(request: ServiceRequest, actor: User, text: str) -> None:
    """A remark for colleagues; the applicant never sees it. Raises NotAllowed, Missing."""
    locked = locked_request(request.pk)
    if "staff" not in parties(locked, actor):
        raise NotAllowed("note")
    if not text.strip():
        raise Missing("reason")
    journal.record(locked, "note", actor=actor, private=text.strip())
