"""Proposals, the plan and launches: who may take which step, and what a day costs to move."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from registry import deciding, planning, proposing, publishing
from registry.models import PlanLine, PlanMove, Proposal, RegistryLine, Session
from service_pages.models import Service
from tests.service_pages.factories import make_agency, make_service

pytestmark = pytest.mark.django_db

TEXT = {"uz": "Tasdiqlansin."}
SOON = timezone.localdate() + timedelta(days=60)


def person(name: str, role: str, service: Service | None = None) -> User:
    user = User.objects.create_user(email=f"{name}@example.org", is_staff=True)
    Membership.objects.create(user=user, role=role, agency=service.agency if service else None)
    return user


@pytest.fixture
def service() -> Service:
    row = make_service("bir-xizmat")
    Service.objects.filter(pk=row.pk).update(phase=1, status="proposed")
    return Service.objects.get(pk=row.pk)


@pytest.fixture
def session() -> Session:
    return Session.objects.create(number="2026/1", held_on="2026-03-02")


@pytest.fixture
def people(service: Service) -> dict[str, User]:
    stranger = make_service("begona-xizmat", agency=make_agency("begona-idora"))
    assert stranger.agency_id != service.agency_id
    return {
        "editor": person("editor", "editor", service),
        "head": person("head", "head", service),
        "controller": person("controller", "controller"),
        "stranger": person("stranger", "head", stranger),
        "translator": person("translator", "translator", service),
    }


def proposed(service: Service, by: User, **change: Any) -> Proposal:
    return proposing.propose(
        service, "advance", change=change or {"phase": 3, "planned_on": SOON}, reason={"uz": "Tayyor"},
        by=by,
    )  # fmt: skip


def walk(proposal: Proposal, people: dict[str, User]) -> Proposal:
    proposing.take(proposal, "submit", by=people["editor"])
    proposing.take(proposal, "check", by=people["controller"])
    return proposing.take(proposal, "sign", by=people["head"])


def test_from_proposal_to_launch(service: Service, people: Any, session: Session) -> None:
    proposal = walk(proposed(service, people["editor"]), people)
    assert proposing.put_on_agenda(session, people["controller"]) == 1
    item = session.items.get()
    deciding.decide(session, number="1", text=TEXT, adopted=[item])
    proposal.refresh_from_db()
    service.refresh_from_db()
    assert proposal.state == "adopted"
    # Planned, not reached: the registry shows the day and the former phase.
    assert (service.phase, service.status, service.planned_on) == (1, "scheduled", SOON)
    line = PlanLine.objects.get()
    assert (line.phase, line.planned_on, line.first_planned_on) == (3, SOON, SOON)
    assert not deciding.is_decided(service)

    with pytest.raises(planning.CannotLaunch):
        planning.launch(line, on=timezone.localdate() + timedelta(days=1))
    planning.launch(line, by=people["head"])
    service.refresh_from_db()
    assert (service.phase, service.status) == (3, "live") and deciding.is_decided(service)
    assert service.launched_on == timezone.localdate()
    assert RegistryLine.objects.current().get(service=service).phase == 3
    assert publishing.newest().number == 2
    with pytest.raises(planning.CannotLaunch):
        planning.launch(line)
    trail = [(e.from_state, e.to_state) for e in proposal.events.all()]
    assert trail == [
        ("", "draft"), ("draft", "submitted"), ("submitted", "checked"), ("checked", "signed"),
        ("signed", "on_agenda"), ("on_agenda", "adopted"),
    ]  # fmt: skip


def test_a_day_moves_only_by_a_decision_and_says_why(
    service: Service, people: Any, session: Session
) -> None:
    walk(proposed(service, people["editor"]), people)
    proposing.put_on_agenda(session)
    deciding.decide(session, number="1", text=TEXT, adopted=list(session.items.all()))
    later = SOON + timedelta(days=90)
    again = proposing.propose(
        service, "reschedule", change={"planned_on": later}, reason={"uz": "Tizim tayyor emas"},
        by=people["editor"],
    )  # fmt: skip
    walk(again, people)
    second = Session.objects.create(number="2026/2", held_on="2026-04-02")
    proposing.put_on_agenda(second)
    decision = deciding.decide(second, number="2", text=TEXT, adopted=list(second.items.all()))
    line = PlanLine.objects.get()
    assert (line.planned_on, line.first_planned_on, line.phase) == (later, SOON, 3)
    move = PlanMove.objects.get()
    assert (move.moved_from, move.moved_to, move.decision) == (SOON, later, decision)
    assert move.reason == {"uz": "Tizim tayyor emas", "uz-cyrl": "Тизим тайёр эмас"}


def test_a_retired_service_leaves_the_plan(service: Service, people: Any, session: Session) -> None:
    walk(proposed(service, people["editor"]), people)
    proposing.put_on_agenda(session)
    deciding.decide(session, number="1", text=TEXT, adopted=list(session.items.all()))
    item = deciding.put_on_agenda(session, "retire", service, change={"status": "retired"})
    deciding.decide(session, number="2", text=TEXT, adopted=[item])
    assert not PlanLine.objects.open().exists()
    with pytest.raises(planning.CannotLaunch):
        planning.launch(PlanLine.objects.get())


def test_late_is_computed(service: Service, people: Any, session: Session) -> None:
    walk(proposed(service, people["editor"], phase=3, planned_on="2026-01-10"), people)
    proposing.put_on_agenda(session)
    deciding.decide(session, number="1", text=TEXT, adopted=list(session.items.all()))
    assert not PlanLine.objects.late(date(2026, 1, 10)).exists()
    assert PlanLine.objects.late(date(2026, 1, 11)).exists()


def test_what_a_session_leaves_open_waits_for_the_next(
    service: Service, people: Any, session: Session
) -> None:
    proposal = walk(proposed(service, people["editor"]), people)
    proposing.put_on_agenda(session)
    deciding.close(session)
    proposal.refresh_from_db()
    assert proposal.state == "signed" and proposal.item is None
    second = Session.objects.create(number="2026/2", held_on="2026-04-02")
    assert proposing.put_on_agenda(second) == 1


@pytest.mark.parametrize(
    ("state", "step", "allowed"),
    [
        ("draft", "submit", {"editor", "head"}),
        ("submitted", "check", {"controller"}),
        ("submitted", "return", {"controller"}),
        ("checked", "sign", {"head"}),
        ("checked", "refuse", {"head"}),
        ("draft", "withdraw", {"editor", "head"}),
        ("signed", "recall", {"head"}),
    ],
)
def test_who_may_take_which_step(
    service: Service, people: dict[str, User], state: str, step: str, allowed: set[str]
) -> None:
    proposal = proposed(service, people["editor"])
    for name, user in people.items():
        Proposal.objects.filter(pk=proposal.pk).update(state=state)
        proposal.refresh_from_db()
        if name in allowed:
            assert proposing.take(proposal, step, by=user, note="Sabab").state != state
        else:
            with pytest.raises(proposing.NotAllowed):
                proposing.take(proposal, step, by=user, note="Sabab")


def test_steps_that_are_not_there(service: Service, people: dict[str, User]) -> None:
    proposal = proposed(service, people["editor"])
    for step in ("check", "sign", "return", "adopt", ""):
        with pytest.raises(proposing.NotAllowed):
            proposing.take(proposal, step, by=people["editor"])
    proposing.take(proposal, "submit", by=people["editor"])
    with pytest.raises(proposing.NotAllowed):  # a remark is needed
        proposing.take(proposal, "return", by=people["controller"], note="  ")
    for name in ("stranger", "translator", "controller"):
        with pytest.raises(proposing.NotAllowed):
            proposed(service, people[name])
    assert proposal not in proposing.visible_to(people["stranger"])
    assert proposal in proposing.visible_to(people["controller"])


def test_nobody_checks_the_own_proposal(service: Service, people: dict[str, User]) -> None:
    both = people["controller"]
    Membership.objects.create(user=both, role="head", agency=service.agency)
    proposal = proposed(service, both)
    proposing.take(proposal, "submit", by=both)
    with pytest.raises(proposing.NotAllowed):
        proposing.take(proposal, "check", by=both)
