"""Decisions of the council: recorded, and applied to the registry in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from core.publishing import Problem, bump_generation
from registry import planning, publishing
from registry.models import AgendaItem, Decision, PlanLine, Session
from service_pages.models import Service, ServicePage
from service_pages.vocabulary import Phase, Status

#: Sent in the transaction in which items of a session were decided or postponed: `session`, `by`.
decided = Signal()


class CannotDecide(Exception):
    """A decision that cannot be recorded; the text says why."""


def put_on_agenda(
    session: Session,
    kind: str,
    service: Service | None = None,
    *,
    text: Mapping[str, str] | None = None,
    change: Mapping[str, Any] | None = None,
    agency: Agency | None = None,
) -> AgendaItem:
    """An item for a session. Raises CannotDecide where the session is over or the change is none.

    `change` is checked here, so that whatever is adopted later can be applied.
    """
    if Session.objects.filter(pk=session.pk, closed_at__isnull=False).exists():
        raise CannotDecide(_("The session is over."))
    asked = checked(change or {})
    if service is None and asked:
        raise CannotDecide(_("Choose the service that is to change."))
    return AgendaItem.objects.create(
        session=session, kind=kind, service=service, agency=agency, text=dict(text or {}),
        change=asked, order=session.items.count() + 1,
    )  # fmt: skip


@transaction.atomic
def reword(item: AgendaItem, texts: Mapping[str, str]) -> AgendaItem:
    """Write why something is on the agenda, in more languages, before it is decided: whoever reads
    the plan afterwards is told it as it was decided. Raises CannotDecide once it is."""
    row = (
        AgendaItem.objects.select_for_update(of=("self",)).select_related("session").get(pk=item.pk)
    )
    if row.outcome != AgendaItem.Outcome.OPEN or row.session.closed_at is not None:
        raise CannotDecide(_("An item is not open any more: %(item)s") % {"item": str(row)})
    row.text = dict(texts)
    row.save(update_fields=["text"])
    return row


def checked(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change as it is stored. Raises CannotDecide on what could not be applied."""
    read: dict[str, Any] = {}
    for name, value in change.items():
        try:
            read[name] = _READ[name](value)
        except (KeyError, ValueError) as error:
            raise CannotDecide(_("This cannot be changed so: %(name)s") % {"name": name}) from error
    return read


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()


_READ: dict[str, Any] = {
    "phase": lambda value: Phase(int(value)).value,
    "status": lambda value: Status(value).value,
    "planned_on": _day,
    "launched_on": _day,
}


@transaction.atomic
def decide(
    session: Session,
    *,
    number: str,
    text: Mapping[str, str],
    adopted: Iterable[AgendaItem],
    rejected: Iterable[AgendaItem] = (),
    by: User | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Decision:
    """Record a decision of a session and apply what it adopts: services and registry in one step.

    Items that are neither adopted nor rejected are postponed when the session is closed. `at`: as
    `publishing.publish` has it. Raises
    CannotDecide on a number that is taken, an item of another session or decided already, or a day
    that moves without a reason.
    """
    locked = Session.objects.select_for_update().get(pk=session.pk)
    yes, no = list(adopted), list(rejected)
    if locked.closed_at is not None:
        raise CannotDecide(_("The session is over."))
    if not str(text.get("uz", "")).strip():
        raise CannotDecide(_("The text of the decision in Uzbek is missing."))
    day = on or locked.held_on
    if Decision.objects.filter(number=number, decided_on=day).exists():
        raise CannotDecide(_("There is a decision with this number of that day already."))
    ids = {item.pk for item in yes} & {item.pk for item in no}
    rows = {row.pk: row for row in AgendaItem.objects.select_for_update().filter(session=locked)}
    for item in yes + no:
        row = rows.get(item.pk)
        if row is None or item.pk in ids or row.decision_id is not None:
            raise CannotDecide(_("An item is not open any more: %(item)s") % {"item": str(item)})
    decision = Decision(
        session=locked, number=number, decided_on=day, text=dict(text), recorded_by=by
    )
    decision.save()
    for item in yes + no:
        row = rows[item.pk]
        row.outcome = AgendaItem.Outcome.ADOPTED if item in yes else AgendaItem.Outcome.REJECTED
        row.decision = decision
        row.save(update_fields=["outcome", "decision"])
    for item in yes:
        _apply(rows[item.pk])
    publishing.publish(decision, at=at)
    decided.send(sender=Session, session=locked, by=by)
    bump_generation()
    return decision


def _apply(item: AgendaItem) -> None:
    if item.service_id is None or not item.change:
        return
    service = Service.objects.select_for_update().get(pk=item.service_id)
    assert item.decision is not None
    if "planned_on" in item.change:
        try:
            planning.schedule(service, item.decision, item.change, item.text)
        except planning.CannotMove as refused:
            raise CannotDecide(str(refused)) from refused
        return
    before = {name: getattr(service, name) for name in (*item.change, "launched_on")}
    for name, value in item.change.items():
        setattr(service, name, date.fromisoformat(value) if name.endswith("_on") else value)
    if item.change.get("status") in {Status.SUSPENDED, Status.RETIRED}:
        planning.drop(service, item.decision)
    if item.change.get("status") == Status.LIVE and service.launched_on is None:
        service.launched_on = item.decision.decided_on
    # A service that stays as it was needs no new passport.
    if any(getattr(service, name) != value for name, value in before.items()):
        service.save()


@transaction.atomic
def close(session: Session) -> Session:
    """End a session: what it did not decide is postponed and waits for the next one."""
    locked = Session.objects.select_for_update().get(pk=session.pk)
    if locked.closed_at is None:
        locked.closed_at = timezone.now()
        locked.save(update_fields=["closed_at"])
        locked.items.filter(outcome=AgendaItem.Outcome.OPEN).update(
            outcome=AgendaItem.Outcome.POSTPONED
        )
        decided.send(sender=Session, session=locked, by=None)
    return locked


def gate_problems(page: ServicePage) -> list[Problem]:
    """No service is live as interactive without a decision (requirements.md §5.4).

    `REGISTRY_NEEDS_DECISION` switches the rule off where a council has not begun to work yet.
    """
    return row_problems(page.service)


def row_problems(service: Service) -> list[Problem]:
    """The same of the service itself: nobody makes it so by hand."""
    interactive = service.phase >= Phase.REQUEST and service.status == Status.LIVE
    if not settings.REGISTRY_NEEDS_DECISION or not interactive or is_decided(service):
        return []
    return [
        Problem(
            "service",
            _(
                "The council has not decided that this service is offered online:"
                " it may work in test mode until then."
            ),
        )
    ]


def is_decided(service: Service) -> bool:
    """Whether the council has decided that the service is offered (requirements.md §5.4)."""
    if service.pk is None:
        return False
    launched = PlanLine.objects.filter(
        service=service, launched_on__isnull=False, phase__gte=Phase.REQUEST
    )
    return (
        launched.exists()
        or AgendaItem.objects.filter(
            service=service,
            outcome=AgendaItem.Outcome.ADOPTED,
            change__status__in=[Status.LIVE, Status.TEST],
        ).exists()
    )
