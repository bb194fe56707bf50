"""One window: an agency asks others about a request it answers; each has its own term.

The applicant deals with one agency. Those who are asked see what the request says and answer that
agency; the request is decided only when every task is answered or called back.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.membership import ANSWERING
from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of, may, staff_of
from casework import journal, notices
from casework.graph import CLOSED, State
from casework.locking import locked_request
from casework.models import RequestTask, RequestTaskQuerySet, ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, parties
from core.models import work_calendar

#: Who sees a task of their agency; whoever works on requests answers it.
SEEING = (*ANSWERING, Role.CONTROLLER)
#: Working days that an asked agency has where the one that asks names none.
DEFAULT_DAYS, MOST_DAYS = 3, 30
#: States in which others may be asked.
_ASKING = frozenset({State.IN_REVIEW, State.INFO_REQUESTED})


def may_open(row: ServiceRequest, roles: frozenset[str]) -> bool:
    """Whether somebody who is this (`parties`) may ask another agency about the request now."""
    return row.state in _ASKING and not row.is_proposed and "staff" in roles


def _due(row: ServiceRequest, days: int, now: datetime) -> datetime:
    """The end of a task's own term: never after the request's, unless that is over already."""
    calendar = work_calendar()
    own = calendar.closing(calendar.add_working_days(timezone.localdate(now), days))
    if row.due_at is not None and now < row.due_at < own:
        return row.due_at
    return own


@transaction.atomic
def open_task(
    row: ServiceRequest,
    actor: User,
    agency: Agency | None,
    matter: str,
    days: int = DEFAULT_DAYS,
    *,
    now: datetime | None = None,
) -> RequestTask:
    """Ask another agency, with a term in working days.

    Raises NotAllowed, InvalidTransition, Missing (`reason`, `agency`, `task_days`, `task_again`
    where that agency has an open task already).
    """
    now = now or timezone.now()
    locked = locked_request(row.pk)
    roles = parties(locked, actor)
    if "staff" not in roles:
        raise NotAllowed("task")
    if not may_open(locked, roles):
        raise InvalidTransition(locked.state, "task")
    if not matter.strip():
        raise Missing("reason")
    if agency is None or not agency.active or agency.pk == locked.agency_id:
        raise Missing("agency")
    if not 1 <= days <= MOST_DAYS:
        raise Missing("task_days")
    if locked.tasks.open().filter(agency=agency).exists():
        raise Missing("task_again")
    task = RequestTask.objects.create(
        request=locked,
        agency=agency,
        matter=matter.strip(),
        asked_by=actor,
        asked_at=now,
        due_at=_due(locked, days, now),
    )
    event = journal.record(
        locked, "task_opened", actor=actor, private=matter.strip(),
        data={"task": task.pk, "agency": agency.key, "due_at": task.due_at.isoformat()}, at=now,
    )  # fmt: skip
    notices.tell_staff(
        locked, event, staff_of(agency, *ANSWERING).exclude(pk=locked.applicant_id), "task"
    )
    return task


@transaction.atomic
def answer_task(
    task: RequestTask,
    actor: User,
    text: str,
    files: list[dict[str, Any]] | None = None,
    *,
    now: datetime | None = None,
) -> None:
    """The asked agency answers. Raises NotAllowed, InvalidTransition once it is over, Missing."""
    now = now or timezone.now()
    request = locked_request(task.request_id)
    locked = RequestTask.objects.select_related("agency").get(pk=task.pk)
    if not may_answer(locked, request, actor):
        raise NotAllowed("task")
    if locked.status != RequestTask.Status.OPEN:
        raise InvalidTransition(locked.status, "answer")
    if not text.strip():
        raise Missing("reason")
    locked.status, locked.ended_by, locked.ended_at = RequestTask.Status.ANSWERED, actor, now
    locked.answer = {"text": text.strip(), "files": files or []}
    locked.save()
    event = journal.record(
        request, "task_answered", actor=actor, private=text.strip(), files=files,
        data={"task": locked.pk, "agency": locked.agency.key, "late": locked.was_late}, at=now,
    )  # fmt: skip
    people = [request.assignee] if request.assignee else [locked.asked_by]
    notices.tell_staff(request, event, people, "task_answered")


@transaction.atomic
def call_back(task: RequestTask, actor: User, *, now: datetime | None = None) -> None:
    """The agency that asked needs no answer any more. Raises NotAllowed, InvalidTransition."""
    request = locked_request(task.request_id)
    locked = RequestTask.objects.select_related("agency").get(pk=task.pk)
    if "staff" not in parties(request, actor):
        raise NotAllowed("task")
    if locked.status != RequestTask.Status.OPEN:
        raise InvalidTransition(locked.status, "call_back")
    _call_back(locked, request, actor, now or timezone.now())


def _call_back(
    task: RequestTask, request: ServiceRequest, actor: User | None, now: datetime
) -> None:
    task.status, task.ended_by, task.ended_at = RequestTask.Status.CALLED_BACK, actor, now
    task.save()
    data = {"task": task.pk, "agency": task.agency.key}
    journal.record(request, "task_called_back", actor=actor, data=data, at=now)


def on_moved(sender: Any, request: ServiceRequest, **kwargs: Any) -> None:
    """What is withdrawn or ended needs no answers any more. (A decision waits for them.)"""
    if request.state in CLOSED:
        for task in request.tasks.open().select_related("agency"):
            _call_back(task, request, None, request.state_since)


def may_answer(task: RequestTask, request: ServiceRequest, user: User) -> bool:
    """Whether `user` answers for the asked agency; never whoever sent the request."""
    return request.applicant_id != user.pk and may(user, task.agency, *ANSWERING)


def tasks_for(user: User) -> RequestTaskQuerySet:
    """Tasks of the agencies in which `user` answers or controls, without their own requests'."""
    return (
        RequestTask.objects.filter(agency__in=agencies_of(user, *SEEING))
        .exclude(request__applicant=user)
        .select_related("agency", "request__agency", "request__submission__version",
                        "request__passport_version", "request__service")
    )  # fmt: skip
