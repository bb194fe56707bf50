"""Auditors: a register without names, one request at a time for a stated reason, nothing to press."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, Role, User
from casework import auditing, journal, services
from casework.graph import State
from casework.models import RequestEvent, ServiceRequest
from casework.transitions import NotAllowed
from operations.models import AuditEntry
from service_pages.models import Service
from tests.casework.support import applicant, make_request, put, signed_in, staff

pytestmark = pytest.mark.django_db
REASON = "Reja boʻyicha tekshiruv, 12-son buyruq, 04.03.2026"
NAME = "Demo Sir Fuqaro"


@pytest.fixture
def auditor(agency: Agency) -> User:
    return staff(agency, Role.AUDITOR, name="auditor")


@pytest.fixture
def secret(service: Service) -> ServiceRequest:
    """A request of somebody with a message in which a name stands."""
    person = applicant(3, full_name=NAME)
    row = put(make_request(service, person), State.IN_REVIEW)
    services.write(row, person, f"Salom, men {NAME}")
    return row


def page_of(row: ServiceRequest) -> str:
    return reverse("casework_audit_request", args=[row.uuid])


def test_the_register_names_nobody(auditor: User, secret: ServiceRequest) -> None:
    page = signed_in(auditor).get(reverse("casework_audit")).content.decode()
    assert secret.number in page and NAME not in page
    found = signed_in(auditor).get(reverse("casework_audit"), {"q": secret.number})
    assert secret.number in found.content.decode()


def test_nothing_is_shown_without_a_reason(auditor: User, secret: ServiceRequest) -> None:
    client = signed_in(auditor)
    asked = client.get(page_of(secret))
    assert asked.status_code == 200
    for answer in (asked, client.post(page_of(secret), {"reason": "  qara  ", "answers": "1"})):
        assert NAME not in answer.content.decode()
        assert 'id="history"' not in answer.content.decode()
    assert answer.status_code == 400
    assert not RequestEvent.objects.filter(kind="audited").exists()


def test_each_look_states_its_reason_and_answers_stay_closed(
    auditor: User, head: User, secret: ServiceRequest
) -> None:
    client = signed_in(auditor)
    shown = client.post(page_of(secret), {"reason": REASON})
    page = shown.content.decode()
    assert 'id="history"' in page and NAME not in page
    # Looking again, without a reason, is a look for nothing.
    assert 'id="history"' not in client.get(page_of(secret)).content.decode()
    opened = client.post(page_of(secret), {"reason": REASON, "answers": "1"}).content.decode()
    assert NAME in opened and 'href="/files/' not in opened
    events = RequestEvent.objects.filter(request=secret, kind="audited")
    assert [event.data["answers"] for event in events] == [False, True]
    assert {event.actor for event in events} == {auditor}
    assert AuditEntry.objects.filter(kind="request audited", actor_id=auditor.pk).count() == 2
    assert not journal.broken_links(secret)
    # The head reads who looked and why; the applicant, that an auditor did, without the reason.
    looks = signed_in(head).get(reverse("casework_audit_looks")).content.decode()
    assert looks.count(REASON) == 2 and secret.number in looks
    assert secret.applicant is not None
    own = signed_in(secret.applicant).get(reverse("casework:request", args=[secret.uuid]))
    assert "Audit: " in own.content.decode() or "Tekshiruv: " in own.content.decode()
    assert REASON not in own.content.decode()


def test_auditors_see_their_agency_and_not_their_own(
    auditor: User, other_agency: Agency, secret: ServiceRequest, service: Service
) -> None:
    elsewhere = staff(other_agency, Role.AUDITOR, name="auditor")
    assert signed_in(elsewhere).post(page_of(secret), {"reason": REASON}).status_code == 404
    assert secret.number not in signed_in(elsewhere).get(reverse("casework_audit")).content.decode()
    own = make_request(service, auditor)
    assert signed_in(auditor).post(page_of(own), {"reason": REASON}).status_code == 404
    with pytest.raises(NotAllowed):
        auditing.look(auditor, own, REASON)


def test_auditors_press_nothing(auditor: User, secret: ServiceRequest) -> None:
    client = signed_in(auditor)
    detail = reverse("casework_detail", args=[secret.uuid])
    assert client.get(detail).status_code == 404
    assert client.post(detail, {"action": "approve", "text": "Ha"}).status_code == 404
    assert client.get(reverse("casework_inbox")).status_code in {302, 403}
    secret.refresh_from_db()
    assert secret.state == State.IN_REVIEW


@pytest.mark.parametrize("name", ["casework_audit", "casework_audit_looks"])
def test_others_audit_nothing(name: str, officer: User, citizen: User) -> None:
    for client in (signed_in(officer), signed_in(citizen), Client()):
        assert client.get(reverse(name)).status_code in {302, 403}
