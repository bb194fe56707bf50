"""The council of the demonstration: sessions of the last years, what they decided, and one to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from core.texts import complete
from demo.reading import load
from home.models import LegalDocumentPage
from registry import control, deciding, planning, proposing, publishing
from registry.models import AgendaItem, ControlTask, PlanLine, Session
from registry.monitoring.periods import begin_of
from registry.reports import working
from service_pages.models import Service
from service_pages.vocabulary import Phase

Record = dict[str, Any]
_MORNING = timedelta(hours=10)


def told_year() -> int:
    """The year of the report that the demonstration shows signed: the one before the last year that
    is over, whose report is there to be begun."""
    today = timezone.localdate()
    return (today.year if today.month > working.LAST_MONTH else today.year - 1) - 1


def load_council() -> None:
    """Sessions and launches as of their days, once; then the registry as it stands."""
    if not Session.objects.exists():
        _replay(load("council")["sessions"])
    publishing.publish()
    _load_control()


def _replay(sessions: list[Record]) -> None:
    """What happened, in the order of days."""
    services = {row.key: row for row in Service.objects.all()}
    happened: list[tuple[date, Callable[[], object]]] = []
    for record in sessions:
        day = _day(record["held_on"])
        happened.append((day, partial(_hold, record, day, services)))
        for line in record.get("plan", []):
            if "launched" in line:
                # What goes online later was a page to read until then.
                Service.objects.filter(key=line["service"]).update(phase=Phase.INFORMATION)
                launched = _day(line["launched"])
                happened.append((launched, partial(_launch, services[line["service"]], launched)))
    for _when, happen in sorted(happened, key=lambda one: one[0]):
        happen()


def _hold(record: Record, day: date, services: dict[str, Service]) -> None:
    session = Session.objects.create(
        number=record["number"].format(year=day.year), held_on=day, place=complete(record["place"])
    )
    adopted = _included(session) if record.get("includes") else []
    adopted += [_planned(session, line, services) for line in record.get("plan", [])]
    if record.get("proposals"):
        _propose(session, record["proposals"], services)
    decision = record.get("decision")
    if decision:
        deciding.decide(
            session, number=decision["number"].format(year=day.year),
            text=complete(decision["text"]), adopted=adopted, at=_moment(day),
        )  # fmt: skip
        deciding.close(session)


def _propose(session: Session, records: list[Record], services: dict[str, Service]) -> None:
    """Proposals on their whole way, to the session that comes."""
    agency = User.objects.filter(is_superuser=True).first()
    checker = User.objects.filter(memberships__role=Role.CONTROLLER).first()
    if agency is None or checker is None:
        return
    for record in records:
        row = proposing.propose(
            services[record["service"]], record["kind"], reason=record["text"], by=agency,
            change=record["change"] | {"planned_on": _day(record["planned"])},
        )  # fmt: skip
        for step, by in (("submit", agency), ("check", checker), ("sign", agency)):
            proposing.take(row, step, by=by)
    proposing.put_on_agenda(session, checker)


def _included(session: Session) -> list[AgendaItem]:
    """All services that can be asked for online."""
    return [
        deciding.put_on_agenda(
            session, AgendaItem.Kind.INCLUDE, service, change={"status": service.status}
        )
        for service in Service.objects.filter(phase__gte=Phase.REQUEST).order_by("key")
    ]


def _planned(session: Session, line: Record, services: dict[str, Service]) -> AgendaItem:
    service = services[line["service"]]
    moved = PlanLine.objects.open().filter(service=service).exists()
    return deciding.put_on_agenda(
        session,
        AgendaItem.Kind.RESCHEDULE if moved else AgendaItem.Kind.ADVANCE,
        service,
        text=complete(line.get("text") or {}),
        # The phase that it has today was the aim.
        change={"phase": line.get("phase", service.phase), "planned_on": _day(line["planned"])},
    )


def _launch(service: Service, day: date) -> None:
    planning.launch(PlanLine.objects.open().get(service=service), on=day, at=_moment(day))


def _load_control() -> None:
    """The resolution's own clauses on the control card; what is done was reported and confirmed."""
    records = load("control")["tasks"]
    acts = {
        page.key: page
        for page in LegalDocumentPage.objects.filter(locale__language_code="uz", alias_of=None)
    }
    control.ensure(records, acts)
    if not ControlTask.objects.filter(kind=ControlTask.Kind.BARRIER).exists():
        _load_barriers(load("control")["barriers"])
    reporter = User.objects.filter(memberships__role=Role.CONTROLLER).first()
    confirmer = User.objects.filter(is_superuser=True).first()
    for record in records:
        task = ControlTask.objects.get(key=record["key"])
        if record.get("done") and task.state == ControlTask.State.OPEN and reporter and confirmer:
            control.take(task, "report", by=reporter, note=record["done"])
            control.take(task, "confirm", by=confirmer)


def _load_barriers(records: list[Record]) -> None:
    """Acts that stand in a service's way, with their agencies."""
    services = {row.key: row for row in Service.objects.select_related("agency")}
    for record in records:
        service = services[record["service"]]
        control.make(
            by=None, kind=ControlTask.Kind.BARRIER, service=service, agency=service.agency,
            act=record["act"], clause=record["clause"], text=complete(record["text"]),
            post=service.agency.head_post, due_on=_day(record["due"]),
        )  # fmt: skip


def _day(when: Record) -> date:
    """So many days from today, or a day of a year that is counted from that of the report."""
    if "in_days" in when:
        return timezone.localdate() + timedelta(days=when["in_days"])
    return date.fromisoformat(f"{told_year() + when['years']}-{when['day']}")


def _moment(day: date) -> datetime:
    return begin_of(day) + _MORNING
