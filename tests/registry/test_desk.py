"""The registry's desk: a proposal on its way through people's hands, and a session of the council."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Membership, User
from registry.models import AgendaItem, Decision, PlanLine, Proposal, Session
from service_pages.models import Service
from tests.service_pages.factories import make_agency, make_service

pytestmark = pytest.mark.django_db

SOON = (timezone.localdate() + timedelta(days=30)).isoformat()


def client_of(name: str, role: str, service: Service | None) -> Client:
    user = User.objects.create_user(email=f"{name}@example.org", is_staff=True, language="ru")
    Membership.objects.create(user=user, role=role, agency=service.agency if service else None)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def service() -> Service:
    row = make_service("bir-xizmat")
    Service.objects.filter(pk=row.pk).update(phase=1)
    return Service.objects.get(pk=row.pk)


@pytest.fixture
def people(service: Service) -> dict[str, Client]:
    other = make_service("begona-xizmat", agency=make_agency("begona-idora"))
    return {
        "editor": client_of("editor", "editor", service),
        "head": client_of("head", "head", service),
        "controller": client_of("controller", "controller", None),
        "stranger": client_of("stranger", "head", other),
        "translator": client_of("translator", "translator", service),
    }


def typed(row: Service, /, **values: object) -> dict[str, object]:
    return {
        "service": row.pk, "kind": "advance", "phase": 3, "planned_on": SOON,
        "reason_uz": "Tayyor", **values,
    }  # fmt: skip


def test_from_an_agency_to_a_launched_service(service: Service, people: dict[str, Client]) -> None:
    made = people["editor"].post("/admin/registry/proposals/new/", typed(service))
    row = Proposal.objects.get()
    page = f"/admin/registry/proposals/{row.pk}/"
    assert made.status_code == 302 and made["Location"] == page
    for name, step in (("editor", "submit"), ("controller", "check"), ("head", "sign")):
        answer = people[name].post(page, {"step": step})
        assert answer.status_code == 302, (name, answer.content.decode())
    row.refresh_from_db()
    assert row.state == "signed"

    council = people["controller"]
    council.post(
        "/admin/registry/sessions/new/",
        {"number": "2026/1", "held_on": "2026-03-02", "place_uz": "Nukus"},
    )
    session = Session.objects.get()
    page = f"/admin/registry/sessions/{session.pk}/"
    council.post(page, {"action": "fill"})
    item = session.items.get()
    # A mistake records nothing, and the choice stays.
    answer = council.post(page, {"action": "decide", f"item-{item.pk}": "adopted", "number": "7"})
    assert answer.status_code == 400 and not Decision.objects.exists()
    assert answer.context["items"][0]["chosen"] == "adopted"
    answer = council.post(
        page,
        {"action": "decide", f"item-{item.pk}": "adopted", "number": "7", "text_uz": "Kiritilsin"},
    )
    assert answer.status_code == 302, answer.content.decode()
    decision = Decision.objects.get()
    assert decision.text["uz"] == "Kiritilsin" and decision.text["uz-cyrl"] == "Киритилсин"
    answer = council.get(f"{page}dossier/")
    text = "".join(
        sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages
    ).replace("\n", "")
    assert service.registry_number in text and "№ 7" in text
    council.post(page, {"action": "close"})
    session.refresh_from_db()
    assert session.closed_at is not None

    line = PlanLine.objects.get()
    for name in ("editor", "stranger", "controller"):
        answer = people[name].post(f"/admin/registry/plan/{line.pk}/launch/")
        assert answer.status_code in {302, 403}
        line.refresh_from_db()
        assert line.launched_on is None, name
    people["head"].post(f"/admin/registry/plan/{line.pk}/launch/")
    service.refresh_from_db()
    assert (service.phase, service.status) == (3, "live")


def test_others_see_nothing(service: Service, people: dict[str, Client]) -> None:
    people["editor"].post("/admin/registry/proposals/new/", typed(service))
    row = Proposal.objects.get()
    assert people["stranger"].get(f"/admin/registry/proposals/{row.pk}/").status_code == 404
    assert (
        service.registry_number not in people["stranger"].get("/admin/registry/").content.decode()
    )
    assert service.registry_number in people["controller"].get("/admin/registry/").content.decode()
    assert people["translator"].get("/admin/registry/").status_code in {302, 403}
    session = Session.objects.create(number="2026/1", held_on="2026-03-02")
    for name in ("editor", "head", "stranger", "translator"):
        for path in ("sessions/new/", f"sessions/{session.pk}/", f"sessions/{session.pk}/dossier/"):
            answer = people[name].get(f"/admin/registry/{path}")
            assert answer.status_code in {302, 403}, (name, path)
    assert Client().get("/admin/registry/").status_code == 302


def test_the_council_reads_what_comes_before_it_and_decides_nothing_itself(
    service: Service, people: dict[str, Client]
) -> None:
    people["editor"].post("/admin/registry/proposals/new/", typed(service))
    row = Proposal.objects.get()
    session = Session.objects.create(number="2026/1", held_on="2026-03-02")
    member = client_of("member", "council", None)
    page, meeting = (
        f"/admin/registry/proposals/{row.pk}/",
        f"/admin/registry/sessions/{session.pk}/",
    )
    assert member.get(page).status_code == 404  # a draft is the agency's
    Proposal.objects.filter(pk=row.pk).update(state="signed")
    assert member.get(page).status_code == 200
    assert service.registry_number in member.get("/admin/registry/").content.decode()
    assert member.post(page, {"step": "recall", "note": "Izoh"}).status_code == 409
    shown = member.get(meeting)
    assert shown.status_code == 200
    assert 'name="action"' not in shown.content.decode()
    assert member.get(f"{meeting}dossier/")["Content-Type"] == "application/pdf"
    for action in ("fill", "close", "decide"):
        assert member.post(meeting, {"action": action}).status_code in {302, 403}
    assert member.get("/admin/registry/sessions/new/").status_code in {302, 403}
    session.refresh_from_db()
    assert session.closed_at is None and not session.items.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"phase": ""},
        {"planned_on": ""},
        {"planned_on": "ertaga"},
        {"phase": "9"},
        {"kind": "explode"},
        {"reason_uz": " ", "reason_ru": "Готово"},
        {"service": "0"},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    service: Service, people: dict[str, Client], values: dict[str, str]
) -> None:
    answer = people["editor"].post("/admin/registry/proposals/new/", typed(service, **values))
    assert answer.status_code == 400 and not Proposal.objects.exists()


def test_a_step_of_somebody_else_is_refused_in_words(
    service: Service, people: dict[str, Client]
) -> None:
    people["editor"].post("/admin/registry/proposals/new/", typed(service))
    row = Proposal.objects.get()
    answer = people["editor"].post(
        f"/admin/registry/proposals/{row.pk}/", {"step": "sign", "note": "Izoh"}
    )
    assert answer.status_code == 409 and "Izoh" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "draft"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"planned_on": date(2020, 1, 1)}, 400),  # over
        ({"phase": 1}, 400),  # where it stands already
        ({"kind": "reschedule"}, 400),  # it is on no plan
        ({"kind": "retire"}, 302),
        ({}, 302),
    ],
)
def test_a_proposal_leads_on_from_where_the_service_stands(
    service: Service, people: dict[str, Client], values: dict[str, object], status: int
) -> None:
    answer = people["editor"].post("/admin/registry/proposals/new/", typed(service, **values))
    assert answer.status_code == status
    assert Proposal.objects.exists() == (status == 302)


def test_nothing_is_decided_before_the_day_of_the_session(
    service: Service, people: dict[str, Client]
) -> None:
    day = timezone.localdate() + timedelta(days=3)
    session = Session.objects.create(number="2026/9", held_on=day)
    item = AgendaItem.objects.create(
        session=session, kind="include", service=service, change={"status": "live"}
    )
    page = f"/admin/registry/sessions/{session.pk}/"
    keeper = client_of("keeper", "controller", None)
    typed_ = {"action": "decide", "number": "1", "text_uz": "Qaror", f"item-{item.pk}": "adopted"}
    for sent in (typed_, {"action": "close"}):
        assert keeper.post(page, sent).status_code == 400
    session.refresh_from_db()
    assert session.closed_at is None and not session.decisions.exists()
    Session.objects.filter(pk=session.pk).update(held_on=timezone.localdate())
    assert keeper.post(page, typed_).status_code == 302
    assert session.decisions.count() == 1
