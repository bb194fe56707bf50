"""The control card: who puts, reports, confirms and moves; what recurs; who is late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from registry import control, readiness
from registry.models import ControlEvent, ControlTask
from service_pages.models import Service
from tests.registry.test_planning import person
from tests.service_pages.factories import make_agency, make_service

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def made(**changes: Any) -> ControlTask:
    fields: dict[str, Any] = {
        "kind": "clause", "act": "12-son qaror", "clause": "2(г)",
        "text": {"uz": "Hisobot berish", "en": "Report"}, "due_on": TODAY + timedelta(days=9),
    }  # fmt: skip
    return control.make(by=None, **(fields | changes))


@pytest.fixture
def service() -> Service:
    return make_service("bir-xizmat")


@pytest.fixture
def keepers() -> tuple[User, User]:
    return person("birinchi", "controller"), person("ikkinchi", "controller")


def test_a_report_is_confirmed_by_somebody_else(keepers: tuple[User, User]) -> None:
    first, second = keepers
    task = control.take(made(), "report", by=first, note="Yuborildi", proof="https://lex.uz/docs/1")

    assert control.steps_for(first, task) == ["move", "drop"]
    with pytest.raises(control.NotAllowed):
        control.take(task, "confirm", by=first)
    task = control.take(task, "confirm", by=second)

    assert task.state == "confirmed" and task.closed_at is not None
    assert [event.kind for event in task.events.all()] == ["made", "reported", "confirmed"]


@pytest.mark.parametrize("step", ["report", "return", "move", "drop"])
def test_a_step_without_words_is_refused(step: str, keepers: tuple[User, User]) -> None:
    task = made()
    if step == "return":
        control.take(task, "report", by=keepers[0], note="Tayyor")
    with pytest.raises(control.NotAllowed):
        control.take(task, step, by=keepers[1], note="  ", day=TODAY)
    assert ControlTask.objects.get().state in ("open", "reported")


def test_a_moved_day_keeps_where_it_stood(keepers: tuple[User, User]) -> None:
    task = made()
    later = task.due_on + timedelta(days=30)
    control.take(task, "move", by=keepers[0], note="Qaror kechikdi", day=later)

    event = ControlEvent.objects.get(kind="moved")
    assert (event.moved_from, event.moved_to) == (task.due_on, later)
    assert ControlTask.objects.get().due_on == later
    with pytest.raises(TypeError):
        event.save()


def test_what_is_due_every_year_comes_again_once(keepers: tuple[User, User]) -> None:
    first, second = keepers
    task = made(key="hisobot:2026", every_year=True, due_on=date(2024, 2, 29), milestone=True)
    made(key="hisobot:2028", due_on=date(2028, 12, 1))
    control.take(task, "report", by=first, note="Yuborildi")
    control.take(task, "confirm", by=second)

    again = ControlTask.objects.get(key="hisobot:2027")
    assert again.due_on == date(2025, 2, 28) and again.milestone and again.state == "open"
    control.take(again, "report", by=first, note="Yuborildi")
    control.take(again, "confirm", by=second)
    assert ControlTask.objects.filter(key="hisobot:2028").count() == 1


def test_an_agency_sees_and_reports_its_own_alone(service: Service) -> None:
    stranger = person("begona", "head", make_service("boshqa", agency=make_agency("boshqa-idora")))
    head = person("rahbar", "head", service)
    task = made(agency=service.agency)
    other = made()

    assert list(control.visible_to(head)) == [task]
    assert not control.visible_to(stranger).exists()
    assert control.steps_for(head, task) == ["report"]
    with pytest.raises(control.NotAllowed):
        control.take(other, "report", by=head, note="Tayyor")


def test_an_agency_puts_barriers_of_its_own_services_on_the_card(service: Service) -> None:
    editor = person("muharrir", "editor", service)
    foreign = make_service("boshqa", agency=make_agency("boshqa-idora"))
    client = Client()
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    typed = {
        "kind": "barrier", "act": "355-son qaror", "clause": "12-band", "due_on": "2027-03-01",
        "text_uz": "Qogʻoz asl nusxa talabi bekor qilinsin", "service": service.pk,
        "agency": service.agency_id,
    }  # fmt: skip
    refused = client.post("/admin/registry/control/new/", typed | {"service": foreign.pk})
    nameless = client.post("/admin/registry/control/new/", typed | {"act": ""})
    answer = client.post("/admin/registry/control/new/", typed)

    assert refused.status_code == nameless.status_code == 400
    task = ControlTask.objects.get()
    assert answer["Location"].endswith(f"/admin/registry/control/{task.pk}/")
    assert (task.kind, task.service_id) == ("barrier", service.pk)
    assert (
        client.post("/admin/registry/control/new/", typed | {"kind": "clause"}).status_code == 400
    )
    assert client.get("/admin/registry/readiness/").status_code == 302


def test_readiness_says_what_is_late_and_whose(service: Service) -> None:
    made(agency=service.agency, due_on=TODAY - timedelta(days=3))
    made(post={"uz": "Kengash raisi"}, due_on=TODAY - timedelta(days=1), milestone=True)
    made(due_on=TODAY, milestone=True)

    late = readiness.late("uz", TODAY)

    assert [row["days"] for row in late["tasks"]] == [3, 1]
    assert {name for name, _count in late["whose"]} == {service.agency.label("uz"), "Kengash raisi"}
    assert [row["late"] for row in readiness.milestones("uz", TODAY)] == [True, False]


def test_tasks_that_come_with_the_portal_come_once() -> None:
    record = {
        "key": "a:2026", "document": "yoq", "act": "12-son", "clause": "1", "text": {"uz": "Ish"},
        "post": {"uz": "Rais"}, "due_on": "2026-12-01", "every_year": True,
    }  # fmt: skip
    assert control.ensure([record], {}) == 1
    assert control.ensure([record], {}) == 0
    assert ControlTask.objects.get().text["uz-cyrl"] == "Иш"
