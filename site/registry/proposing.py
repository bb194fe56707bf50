"""The way of a proposal: agency → territorial department → head → council. The graph is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from accounts.selectors import agencies_of, has_role, may
from registry import deciding
from registry.models import AgendaItem, Proposal, ProposalEvent, Session
from service_pages.models import Service

State = Proposal.State
#: Who belongs to the agency's side, and who checks.
PROPOSERS = (Role.EDITOR, Role.OFFICER, Role.HEAD)
CHECKERS = (Role.CONTROLLER,)
#: What members of the council read: what was signed for their session, and what they decided.
BEFORE_THE_COUNCIL = (State.SIGNED, State.ON_AGENDA, State.ADOPTED, State.REJECTED)


@dataclass(frozen=True)
class Step:
    """A step that some roles in the service's agency may take; `noted` ones need a remark."""

    name: str
    label: Any
    source: str
    target: str
    roles: tuple[str, ...]
    noted: bool = False


STEPS = (
    Step("submit", gettext_lazy("Send to be checked"), State.DRAFT, State.SUBMITTED, PROPOSERS),
    Step("check", gettext_lazy("Checked: passport and law are in order"), State.SUBMITTED,
         State.CHECKED, CHECKERS),
    Step("return", gettext_lazy("Return with remarks"), State.SUBMITTED, State.DRAFT, CHECKERS,
         noted=True),
    Step("sign", gettext_lazy("Sign for the agency"), State.CHECKED, State.SIGNED, (Role.HEAD,)),
    Step("refuse", gettext_lazy("Return with remarks"), State.CHECKED, State.DRAFT, (Role.HEAD,),
         noted=True),
    Step("withdraw", gettext_lazy("Withdraw"), State.DRAFT, State.WITHDRAWN, PROPOSERS),
    Step("recall", gettext_lazy("Withdraw"), State.SIGNED, State.WITHDRAWN, (Role.HEAD,),
         noted=True),
)  # fmt: skip


class NotAllowed(Exception):
    """A step that this person may not take now; the text says why."""


def visible_to(user: User) -> QuerySet[Proposal]:
    """Proposals of the reader's agencies; to a member of the council, what comes before it."""
    agencies = agencies_of(user, *PROPOSERS, *CHECKERS)
    seen = Q(service__agency__in=agencies)
    if has_role(user, Role.COUNCIL):
        seen |= Q(state__in=BEFORE_THE_COUNCIL)
    return Proposal.objects.filter(seen).select_related("service__agency")


def services_for(user: User) -> QuerySet[Service]:
    """Services that the reader may propose something for."""
    return Service.objects.filter(agency__in=agencies_of(user, *PROPOSERS)).order_by("key")


@transaction.atomic
def propose(
    service: Service, kind: str, *, change: Mapping[str, Any], reason: Mapping[str, str], by: User
) -> Proposal:
    """A draft. Raises NotAllowed for strangers, CannotDecide on a change that could not be made."""
    if not may(by, service.agency, *PROPOSERS):
        raise NotAllowed(_("You do not belong to the agency of this service."))
    if not any(text.strip() for text in reason.values()):
        raise NotAllowed(_("Say why."))
    proposal = Proposal.objects.create(
        service=service, kind=kind, change=deciding.checked(change), reason=dict(reason),
        created_by=by,
    )  # fmt: skip
    _record(proposal, "", State.DRAFT, by, "")
    return proposal


def steps_for(user: User, proposal: Proposal) -> list[Step]:
    """Steps that the reader may take now."""
    return [
        step
        for step in STEPS
        if step.source == proposal.state and may(user, proposal.service.agency, *step.roles)
    ]


@transaction.atomic
def take(proposal: Proposal, name: str, *, by: User, note: str = "") -> Proposal:
    """Take a step under a lock. Raises NotAllowed where it is not the reader's or not the time."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    step = next((step for step in steps_for(by, locked) if step.name == name), None)
    if step is None:
        raise NotAllowed(_("This step is not possible now. Look at the proposal again."))
    if step.noted and not note.strip():
        raise NotAllowed(_("Say why."))
    if step.name == "check" and locked.created_by_id == by.pk:
        raise NotAllowed(_("Another person checks what you have proposed."))
    _move(locked, step.target, by, note)
    return locked


def _move(proposal: Proposal, target: str, by: User | None, note: str = "") -> None:
    _record(proposal, proposal.state, target, by, note)
    proposal.state = target
    proposal.save(update_fields=["state", "item"])


def _record(proposal: Proposal, source: str, target: str, by: User | None, note: str) -> None:
    ProposalEvent.objects.create(
        proposal=proposal, actor=by, from_state=source, to_state=target, note=note.strip()
    )


@transaction.atomic
def put_on_agenda(session: Session, by: User | None = None) -> int:
    """All signed proposals onto a session's agenda; how many. Raises CannotDecide when it is over."""
    waiting = Proposal.objects.select_for_update().filter(state=State.SIGNED).order_by("pk")
    rows = list(waiting.select_related("service"))
    for proposal in rows:
        proposal.item = deciding.put_on_agenda(
            session, proposal.kind, proposal.service, text=proposal.reason,
            change=proposal.change,
        )  # fmt: skip
        _move(proposal, State.ON_AGENDA, by)
    return len(rows)


def on_decided(session: Session, by: User | None = None, **_kwargs: Any) -> None:
    """Bring proposals to where their items stand: adopted, rejected, or waiting again."""
    rows = Proposal.objects.select_for_update().filter(item__session=session, state=State.ON_AGENDA)
    for proposal in rows.select_related("item"):
        outcome = proposal.item.outcome if proposal.item else ""
        if outcome == AgendaItem.Outcome.ADOPTED:
            _move(proposal, State.ADOPTED, by)
        elif outcome == AgendaItem.Outcome.REJECTED:
            _move(proposal, State.REJECTED, by)
        elif outcome == AgendaItem.Outcome.POSTPONED:
            proposal.item = None
            _move(proposal, State.SIGNED, by)
