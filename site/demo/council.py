"""The council of the demonstration: a decision that the registry rests on, and a session to come."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Role, User
from core.texts import complete
from demo.reading import load
from home.models import LegalDocumentPage
from registry import control, deciding, publishing
from registry.models import AgendaItem, ControlTask, Session
from service_pages.models import Service
from service_pages.vocabulary import Phase


def load_council() -> None:
    """Sessions with their items, the first one decided; then the registry as it stands."""
    data = load("council")
    for record in data["sessions"]:
        if Session.objects.filter(number=record["number"]).exists():
            continue
        session = Session.objects.create(
            number=record["number"],
            held_on=_day(record),
            place=complete(record["place"]),
        )
        _fill(session, record)
    publishing.publish()
    _load_control()


def _load_control() -> None:
    """The resolution's own clauses on the control card; what is done was reported and confirmed."""
    records = load("control")["tasks"]
    acts = {
        page.key: page
        for page in LegalDocumentPage.objects.filter(locale__language_code="uz", alias_of=None)
    }
    control.ensure(records, acts)
    reporter = User.objects.filter(memberships__role=Role.CONTROLLER).first()
    confirmer = User.objects.filter(is_superuser=True).first()
    for record in records:
        task = ControlTask.objects.get(key=record["key"])
        if record.get("done") and task.state == ControlTask.State.OPEN and reporter and confirmer:
            control.take(task, "report", by=reporter, note=record["done"])
            control.take(task, "confirm", by=confirmer)


def _day(record: dict[str, str]) -> date:
    """A fixed day, or one so many days from today, so that a session to come always is."""
    if "held_on" in record:
        return date.fromisoformat(record["held_on"])
    return timezone.localdate() + timedelta(days=int(record["in_days"]))


def _fill(session: Session, record: dict[str, object]) -> None:
    decision = record.get("decision")
    if isinstance(decision, dict):
        items = [
            deciding.put_on_agenda(
                session, AgendaItem.Kind.INCLUDE, service, change={"status": service.status}
            )
            for service in Service.objects.filter(phase__gte=Phase.REQUEST).order_by("key")
        ]
        deciding.decide(session, number=decision["number"], text=decision["text"], adopted=items)
        deciding.close(session)
    proposals = record.get("proposals", [])
    services = {row.key: row for row in Service.objects.all()}
    for proposal in proposals if isinstance(proposals, list) else []:
        if service := services.get(proposal["service"]):
            deciding.put_on_agenda(
                session, proposal["kind"], service, text=complete(proposal["text"]),
                change=proposal["change"],
            )  # fmt: skip
