"""What readers see of the plan, and who is told when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from registry import alerts, deciding, publishing
from registry.models import PlanLine, Session
from service_pages.models import Service
from tests.service_pages.factories import make_service

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2027, 3, 10)  # a Wednesday


@pytest.fixture
def line() -> PlanLine:
    service = make_service("bir-xizmat")
    Service.objects.filter(pk=service.pk).update(phase=1)
    session = Session.objects.create(number="2026/1", held_on="2026-03-02")
    item = deciding.put_on_agenda(
        session, "advance", service, change={"phase": 3, "planned_on": DAY}
    )
    deciding.decide(session, number="1", text={"uz": "Ha"}, adopted=[item])
    for name, role, agency in (
        ("head", "head", service.agency),
        ("editor", "editor", service.agency),
        ("controller", "controller", None),
        ("officer", "officer", service.agency),
    ):
        user = User.objects.create_user(email=f"{name}@example.org", is_staff=True)
        Membership.objects.create(user=user, role=role, agency=agency)
    return PlanLine.objects.get()


def told() -> set[str]:
    addresses = {message.to[0].partition("@")[0] for message in mail.outbox}
    mail.outbox.clear()
    return addresses


def test_who_is_told_when(line: PlanLine) -> None:
    told()
    steps: list[tuple[int, set[str]]] = [
        (-31, set()),
        (-30, {"head", "editor"}),
        (-29, set()),
        (-7, {"head", "editor"}),
        (-6, set()),
        (0, set()),
        (1, {"head", "controller"}),
        (2, set()),
        (5, {"head", "controller"}),  # the next Monday
    ]
    for days, people in steps:
        alerts.tell(DAY + timedelta(days=days))
        assert told() == people, days
    PlanLine.objects.update(planned_on=DAY + timedelta(days=60))
    alerts.tell(DAY + timedelta(days=53))
    assert told() == {"head", "editor"}
    PlanLine.objects.update(launched_on=DAY)
    alerts.tell(DAY + timedelta(days=90))
    assert told() == set()


def test_a_letter_names_number_and_day_only(line: PlanLine) -> None:
    mail.outbox.clear()
    alerts.tell(DAY + timedelta(days=1))
    text = mail.outbox[0].body
    assert line.service.registry_number in text and "2027-yil\xa010-mart" in text
    assert publishing.newest() is not None


def test_readers_see_what_is_late_and_what_comes(line: PlanLine, client: Client) -> None:
    today = timezone.localdate()
    PlanLine.objects.update(planned_on=today - timedelta(days=1))
    answer = client.get("/uz/registry/plan/")
    assert [row["row"] for row in answer.context["plan"]["late"]] == [line]
    PlanLine.objects.update(planned_on=today)
    answer = client.get(f"/ru/registry/plan/?agency={line.service.agency.key}")
    plan = answer.context["plan"]
    assert not plan["late"] and [row["row"] for row in plan["months"][0].lines] == [line]
    PlanLine.objects.update(launched_on=today)
    plan = client.get("/kaa/registry/plan/").context["plan"]
    assert not plan["months"] and [row["row"] for row in plan["started"]] == [line]
    assert client.get("/uz/registry/plan/?agency=yoq").status_code == 404
    assert client.get("/uz/registry/plan/", {"agency": "\x00"}).status_code in {200, 400}
