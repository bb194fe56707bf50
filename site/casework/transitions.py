"""The one way a request moves from state to state."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.membership import SIGNING
from accounts.models import Agency, Role, User
from accounts.selectors import may
from casework import anonymous, asking, clock, desk, impartial, journal, notices, policy
from casework.graph import CLOSED, DECISIONS, GRAPH, RUNNING, Edge, Outcome, State
from casework.locking import locked_request
from casework.models import Kind, RequestEvent, ServiceRequest
from casework.ownership import acts_for
from core.models import work_calendar

#: Grounds that no passport lists: the applicant did not answer; a prohibition of the law for a
#: service whose passport names no ground (requirements.md §3.4).
NO_ANSWER = "no_answer"
LEGAL_GROUND = "legal_prohibition"
#: Grounds on which an appeal is turned down: what it states was not confirmed, it says nothing that
#: could be considered (L-08), the law does not allow it.
UNFOUNDED, NO_ESSENCE = "unfounded", "no_essence"
APPEAL_GROUNDS = frozenset({UNFOUNDED, NO_ESSENCE, LEGAL_GROUND})


#: Sent in the transaction after every move: request=, event=.
moved = Signal()


class InvalidTransition(Exception):
    """There is no such way, or somebody was quicker."""

    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = source, target
        super().__init__(f"{source} → {target}")


class NotAllowed(PermissionDenied):
    """This person may not go this way."""


class Missing(Exception):
    """What the way needs was not given or is not right.

    `what`: `reason`, `ground`, `agency`, `agency_about` for a complaint that would go to whom it is
    about, `answer_by`, `task_days`; `tasks_open` where an asked agency has not answered;
    `control_on`, `link`; or a rule of the clock that stands against it: `ask_list` where nothing is
    named that is missing, `ask_late`, `ask_again`, `extend_late`, `extend_again`, `extend_closed`;
    `anonymous` for what has nobody to answer; or what is wrong with an answer (substance.py).
    """

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


def parties(request: ServiceRequest, actor: User | None) -> frozenset[str]:
    """What `actor` is to a request: `system` (None), `applicant`, or parts of the staff.

    Whoever sent a request never answers it, whatever else they are; nor does whoever worked on what
    a complaint is about.
    """
    if actor is None:
        return frozenset({"system"})
    if acts_for(actor, request):
        return frozenset({"applicant"})
    if request.applicant_id == actor.pk:
        return frozenset()  # the mandate has ended
    found = set()
    if may(actor, request.agency, Role.OFFICER):
        found.add("staff")
    if may(actor, request.agency, *SIGNING):
        found |= {"staff", "head"}
    if "head" not in found and "staff" in found and desk.stands_in_for_head(actor, request.agency):
        found.add("head")
    if may(actor, request.agency, Role.CONTROLLER):
        found.add("controller")
    if found & {"staff", "head"} and impartial.is_barred(request, actor):
        found -= {"staff", "head"}
    return frozenset(found)


@transaction.atomic
def transition(
    pk: int,
    target: str,
    *,
    actor: User | None,
    reason: str = "",
    ground: str = "",
    agency: Agency | None = None,
    answer_by: datetime | None = None,
    files: list[dict[str, Any]] | None = None,
    expected: str | None = None,
    data: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> RequestEvent:
    """Move a request under a row lock, append the event, queue the message: one transaction.

    `actor` None is the portal itself. `expected` is the state that the actor saw. `reason` is
    what the applicant reads. `answer_by` (only for a question) defaults to the closing of the
    last of the working days that the service gives (ten). Raises InvalidTransition, NotAllowed (a
    PermissionDenied) or Missing, and then nothing has changed.
    """
    now = now or timezone.now()
    request = locked_request(pk)
    edge = GRAPH.get((request.state, target))
    if edge is None or (expected and request.state != expected):
        raise InvalidTransition(request.state, target)
    if not edge.who & parties(request, actor) or impartial.opens_own(request, edge.target, actor):
        raise NotAllowed(str(edge.target))
    _check_needs(edge, request, reason, ground, agency)
    if not anonymous.allows(request, edge):
        raise Missing("anonymous")
    _check_clock(edge, request, actor, reason, now)
    before = request.state
    _move_clock(request, edge, now)
    # After the clock: what waited for the applicant is not late for it.
    facts = dict(data or {}) | clock.conduct(request, edge.target, now)
    _ask_until(request, edge, answer_by, now)
    request.state, request.state_since = edge.target, now
    _conclude(request, edge, ground, now)
    if edge.target == State.FORWARDED and agency is not None:
        facts |= {"from_agency": request.agency.key, "to_agency": agency.key}
        request.agency, request.assignee, request.unit = agency, None, None
    if edge.target == State.IN_REVIEW and actor is not None and "staff" in edge.who:
        request.assignee = request.assignee or _answering(request, actor)
    request.proposed, request.is_proposed = {}, False
    if edge.target not in RUNNING | {State.INFO_REQUESTED} or edge.target == State.FORWARDED:
        request.control_at = None
    for name in ("due_at", "answer_by"):
        moment = getattr(request, name)
        if moment is not None:
            facts[name] = moment.isoformat()
    request.save()
    event = journal.record(
        request,
        edge.kind,
        actor=actor,
        from_state=before,
        to_state=edge.target,
        ground=ground,
        public=reason.strip(),
        files=files,
        data=facts,
        at=now,
    )
    notices.announce(request, event)
    moved.send(sender=ServiceRequest, request=request, event=event)
    return event


def _check_needs(
    edge: Edge, request: ServiceRequest, reason: str, ground: str, agency: Agency | None
) -> None:
    """Raise Missing for the first thing that the way needs and has not got."""
    if "reason" in edge.needs and not reason.strip():
        raise Missing("reason")
    known = {NO_ANSWER} if "system" in edge.who else ground_codes(request)
    if "ground" in edge.needs and ground not in known:
        raise Missing("ground")
    if "agency" in edge.needs and (
        agency is None or not agency.active or agency.pk == request.agency_id
    ):
        raise Missing("agency")
    if "agency" in edge.needs and agency is not None and impartial.is_about(request, agency):
        raise Missing("agency_about")
    if edge.target in DECISIONS and "staff" in edge.who and request.tasks.open().exists():
        raise Missing("tasks_open")


def _check_clock(
    edge: Edge, request: ServiceRequest, actor: User | None, reason: str, now: datetime
) -> None:
    """Raise Missing where a question would stop the clock against the rules."""
    if edge.target != State.INFO_REQUESTED:
        return
    if not asking.lines_of(reason):
        raise Missing("ask_list")
    if why := clock.may_ask(request, now, head="head" in parties(request, actor)):
        raise Missing(f"ask_{why}")


def ground_codes(request: ServiceRequest) -> frozenset[str]:
    """Codes on which staff may refuse a request: those of the passport it was sent under.

    A passport without grounds leaves one: the law's own, whose point stands in the text. Appeals
    have the law's grounds beside those of the passport.
    """
    if request.is_anonymous:
        return frozenset({anonymous.GROUND})
    version = request.passport_version
    rows = version.content["refusal_grounds"] if version else []
    found = frozenset(row["code"] for row in rows)
    if request.kind != Kind.REQUEST:
        return found | APPEAL_GROUNDS
    return found or frozenset({LEGAL_GROUND})


def _conclude(request: ServiceRequest, edge: Edge, ground: str, now: datetime) -> None:
    """Set what a decision or an end leaves behind, and clear it when reopened."""
    request.closed_at = now if edge.target in CLOSED else None
    if edge.target in Outcome.values:
        request.outcome = edge.target
        request.ground_code = ground if edge.target == State.REFUSED else ""
    if edge.target == State.REOPENED:
        request.outcome = request.ground_code = ""


def _answering(request: ServiceRequest, actor: User) -> User | None:
    """The actor, if they belong to the agency; the applicant's answer takes nothing."""
    return actor if "staff" in parties(request, actor) else None


def _ask_until(
    request: ServiceRequest, edge: Edge, answer_by: datetime | None, now: datetime
) -> None:
    """Keep until when the applicant's answer is awaited, only while it is."""
    request.answer_by = None
    if edge.target != State.INFO_REQUESTED:
        return
    if answer_by is None:
        calendar = work_calendar()
        days = policy.rules_of(request.service_id).answer_days
        day = calendar.add_working_days(timezone.localdate(now), days)
        answer_by = calendar.closing(day)
    if answer_by <= now or answer_by > now + timedelta(days=366):
        raise Missing("answer_by")
    request.answer_by = answer_by


def _move_clock(request: ServiceRequest, edge: Edge, now: datetime) -> None:
    """The term stands still while the applicant must act, and starts anew when reopened."""
    if edge.source == State.AWAITING_PAYMENT and edge.target == State.REGISTERED:
        # Paid: only now has the agency something to do.
        request.registered_at = work_calendar().registration_moment(now)
        request.due_at = clock.promised(request.registered_at, request.term)
    elif edge.target == State.INFO_REQUESTED:
        request.paused_at = now
        request.asked_count += 1
    elif edge.source == State.INFO_REQUESTED:
        if request.due_at is not None and request.paused_at is not None:
            request.due_at = clock.resumed(
                request.due_at, request.paused_at, now, request.term.get("unit", "")
            )
        request.paused_at = None
    elif edge.target == State.REOPENED and request.term:
        request.due_at = clock.promised(work_calendar().registration_moment(now), request.term)
        # A new clock: it may stop and be put off once again.
        request.asked_count, request.extended_at = 0, None
