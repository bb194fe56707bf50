"""Units share an agency's inbox; the head assigns with a resolution; a service has its rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework import assigning, desks, policy, selectors, services
from casework.graph import State
from casework.models import RequestEvent, ServiceRequest, ServiceRules, Unit, UnitMember
from casework.transitions import Missing, NotAllowed
from casework.transitions import transition as move
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, applicant, make_request, put, signed_in, staff

pytestmark = pytest.mark.every_database
INBOX = "/admin/requests/"


@pytest.fixture
def colleague(agency: Agency) -> User:
    return staff(agency, Role.OFFICER, name="colleague")


@pytest.fixture
def unit(agency: Agency, officer: User) -> Unit:
    made = Unit.objects.create(agency=agency, name={"uz": "Arxiv boʻlimi"})
    UnitMember.objects.create(unit=made, user=officer)
    return made


def _shown(client: Any, query: str) -> set[ServiceRequest]:
    return {item["row"] for item in client.get(f"{INBOX}?{query}").context["requests"]}


def test_requests_go_to_the_unit_of_their_service_and_its_people_see_them(
    service: Service, agency: Agency, unit: Unit, citizen: User, officer: User, colleague: User
) -> None:
    elsewhere = make_request(service, citizen)
    ServiceRules.objects.create(service=service, unit=unit)
    row = make_request(service, citizen)
    assert (row.unit, elsewhere.unit) == (unit, None)
    client = signed_in(officer)
    assert _shown(client, "show=unit") == {row}
    assert _shown(client, f"unit={unit.pk}") == {row}
    # A unit divides the work, not the right to see it; whoever works in none has no such filter.
    other = signed_in(colleague)
    assert _shown(other, "") == {row, elsewhere}
    assert _shown(other, "show=unit") == set()
    assert "show=unit" in client.get(INBOX).content.decode()
    assert "show=unit" not in other.get(INBOX).content.decode()
    unit.active = False
    unit.save()
    assert make_request(service, citizen).unit is None


def test_a_unit_is_assigned_and_somebody_of_it_takes_it(
    row: ServiceRequest, unit: Unit, officer: User, colleague: User, other_agency: Agency
) -> None:
    client = signed_in(colleague)
    url = reverse("casework_detail", args=[row.uuid])
    assert f"unit-{unit.pk}" in client.get(url).content.decode()
    pressed = client.post(url, {"action": "assign", "assignee": f"unit-{unit.pk}"})
    assert pressed.status_code == 303
    row.refresh_from_db()
    assert (row.unit, row.assignee) == (unit, None)
    assert row in _shown(signed_in(officer), "show=unassigned")
    move(row.pk, State.IN_REVIEW, actor=officer)
    row.refresh_from_db()
    assert (row.unit, row.assignee) == (unit, officer)
    foreign = Unit.objects.create(agency=other_agency, name={"uz": "Begona"})
    with pytest.raises(NotAllowed):
        assigning.assign(row, colleague, None, unit=foreign)
    move(row.pk, State.FORWARDED, actor=officer, reason="Sizniki", agency=other_agency)
    row.refresh_from_db()
    assert (row.unit, row.assignee) == (None, None)


def test_a_person_brings_their_only_unit(
    row: ServiceRequest, unit: Unit, officer: User, head: User
) -> None:
    assigning.assign(row, head, officer)
    row.refresh_from_db()
    assert row.unit == unit


def test_the_head_assigns_with_a_resolution_and_an_inner_day(
    service: Service, citizen: User, officer: User, colleague: User, head: User
) -> None:
    now = timezone.now()
    row = make_request(service, citizen, submitted_at=now)
    day = timezone.localdate(row.due_at) - timedelta(days=1)
    with pytest.raises(NotAllowed):
        assigning.assign(row, colleague, officer, instruction="Tekshiring")
    for wrong in (
        timezone.localdate() - timedelta(days=1),
        timezone.localdate(row.due_at) + timedelta(days=30),
    ):
        with pytest.raises(Missing) as missing:
            assigning.assign(row, head, officer, control_on=wrong)
        assert missing.value.what == "control_on"
    url = reverse("casework_detail", args=[row.uuid])
    signed_in(head).post(
        url,
        {"action": "assign", "assignee": str(officer.pk), "text": "Arxivdan tekshiring",
         "control_on": day.isoformat()},
    )  # fmt: skip
    row.refresh_from_db()
    assert row.assignee == officer
    assert row.control_at is not None
    assert row.due_at is not None
    assert row.control_at <= row.due_at
    page = signed_in(officer).get(url).content.decode()
    assert "Arxivdan tekshiring" in page
    told = OutboxMessage.objects.get(user=officer)
    assert "Arxivdan" not in str(told.context)
    assert "Arxivdan" not in signed_in(citizen).get(f"/uz/my/{row.uuid}/").content.decode()


def test_the_history_says_on_whose_desk_it_lay(
    service: Service, agency: Agency, citizen: User, officer: User, head: User
) -> None:
    agency.sign_off_required = True
    agency.save()
    row = make_request(service, citizen)
    day = WEDNESDAY
    for who, step in (
        (head, lambda now: assigning.assign(row, head, officer, now=now)),
        (officer, lambda now: move(row.pk, State.IN_REVIEW, actor=officer, now=now)),
        (officer, lambda now: move(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=now)),
        (citizen, lambda now: services.write(row, citizen, "Mana", now=now)),
        (officer, lambda now: services.decide(row, officer, State.APPROVED, "Tayyor", now=now)),
        (head, lambda now: services.sign(row, head, now=now)),
    ):  # fmt: skip
        day += timedelta(days=1)
        with time_machine.travel(day):
            step(day)
        assert who
    stays = desks.desks(selectors.events_of(row), "uz", day + timedelta(days=9))
    assert [stay.who for stay in stays] == [
        "Idora ADL", officer.full_name, "Ariza beruvchi", officer.full_name, "Rahbar",
    ]  # fmt: skip
    assert stays[-1].until == day
    assert all(stay.until is not None for stay in stays)


def test_a_note_is_for_colleagues_alone(row: ServiceRequest, officer: User, citizen: User) -> None:
    put(row, State.COMPLETED)
    client = signed_in(officer)
    url = reverse("casework_detail", args=[row.uuid])
    assert client.post(url, {"action": "note", "text": ""}).status_code == 400
    assert client.post(url, {"action": "note", "text": "Ichki eslatma"}).status_code == 303
    assert "Ichki eslatma" in client.get(url).content.decode()
    assert "Ichki eslatma" not in signed_in(citizen).get(f"/uz/my/{row.uuid}/").content.decode()


@pytest.mark.parametrize("unanswered", ServiceRules.Unanswered.values)
def test_a_question_without_an_answer_ends_as_the_service_has_it(
    unanswered: str, service: Service, citizen: User, officer: User
) -> None:
    ServiceRules.objects.create(service=service, unanswered=unanswered, answer_days=3)
    row = make_request(service, citizen)
    move(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    move(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    row.refresh_from_db()
    assert row.answer_by is not None
    assert (timezone.localdate(row.answer_by) - timezone.localdate(WEDNESDAY)).days == 6
    assert services.expire_unanswered(row.answer_by) == 0
    assert services.expire_unanswered(row.answer_by + timedelta(minutes=1)) == 1
    assert services.expire_unanswered(row.answer_by + timedelta(minutes=1)) == 0
    row.refresh_from_db()
    assert (row.state, row.outcome) == (unanswered, unanswered)
    assert row.ground_code == ("no_answer" if unanswered == "refused" else "")
    page = signed_in(citizen).get(f"/uz/my/{row.uuid}/").content.decode()
    assert ("Ariza beruvchi oʻz vaqtida javob bermadi" in page) == (unanswered == "refused")


@pytest.mark.parametrize(
    ("agency_signs", "signing", "expected"),
    [
        (False, "agency", False),
        (True, "agency", True),
        (False, "head", True),
        (True, "executor", False),
    ],
)
def test_who_signs_is_the_services_to_say(
    agency_signs: bool, signing: str, expected: bool, row: ServiceRequest, officer: User
) -> None:
    row.agency.sign_off_required = agency_signs
    row.agency.save()
    ServiceRules.objects.create(service=row.service, signing=signing)
    assert policy.signs_first(row) is expected
    move(row.pk, State.IN_REVIEW, actor=officer)
    services.decide(row, officer, State.APPROVED, "Tayyor")
    row.refresh_from_db()
    assert row.is_proposed is expected


def test_heads_keep_units_and_rules_of_their_own_agency(
    service: Service, agency: Agency, other_agency: Agency, head: User, officer: User
) -> None:
    client = signed_in(head)
    url = reverse("casework_units")
    fields = {"agency": agency.pk, "name_uz": "Qabulxona", "active": "on", "takes_complaints": "on"}
    assert client.post(url, fields | {"agency": other_agency.pk}).status_code == 400
    assert client.post(url, fields).status_code == 303
    made = Unit.objects.get()
    one = reverse("casework_unit", args=[made.pk])
    stranger = staff(other_agency, Role.OFFICER, name="away")
    assert client.post(one, {"name_uz": "Qabulxona", "people": [stranger.pk]}).status_code == 400
    kept = {
        "name_uz": "Qabulxona",
        "active": "on",
        "takes_complaints": "on",
        "people": [officer.pk],
    }
    assert client.post(one, kept).status_code == 303
    assert [member.user for member in made.members.all()] == [officer]
    # A second unit for complaints is told of, and the database would refuse it.
    assert client.post(url, fields | {"name_uz": "Ikkinchi"}).status_code == 400
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(agency=agency, name={"uz": "x"}, takes_complaints=True)
    rule = reverse("casework_rule", args=[service.key])
    wrong = {"unanswered": "refused", "answer_days": "61", "signing": "head"}
    assert client.post(rule, wrong).status_code == 400
    pressed = client.post(rule, wrong | {"answer_days": "7", "unit": made.pk, "purpose": "portal"})
    assert pressed.status_code == 303
    kept_rules = ServiceRules.objects.get(service=service)
    assert (kept_rules.answer_days, kept_rules.unit, kept_rules.purpose) == (7, made, "service")
    assert signed_in(officer).get(url).status_code in {302, 403}
    assert service.key in client.get(reverse("casework_rules")).content.decode()


def test_the_list_is_sorted_as_asked(service: Service, citizen: User, officer: User) -> None:
    old = make_request(service, citizen, submitted_at=WEDNESDAY)
    new = make_request(
        service, citizen, submitted_at=WEDNESDAY + timedelta(hours=1), answers={"speed": "fast"}
    )
    client = signed_in(officer)
    for sort, first in (("", new), ("due", new), ("new", new), ("old", old), ("x", new)):
        rows = client.get(f"{INBOX}?sort={sort}").context["requests"]
        assert rows[0]["row"] == first, sort
    page = client.get(f"{INBOX}?sort=old").content.decode()
    assert 'aria-sort="ascending"><a href="?sort=new"' in page


def test_what_is_assigned_twice_is_written_once(
    row: ServiceRequest, head: User, officer: User
) -> None:
    assigning.assign(row, head, officer)
    assigning.assign(row, head, officer)
    assert RequestEvent.objects.filter(request=row, kind="assigned").count() == 1
    assert applicant(9).pk != officer.pk
