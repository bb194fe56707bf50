"""What comes on paper, by phone or at the counter counts like what comes by the portal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework import doors
from casework.doors import Paper, WrongAnswers
from casework.graph import State
from casework.models import Kind, ServiceRequest
from casework.numbers import parse_number
from casework.transitions import Missing, NotAllowed
from forms.models import Attachment, Source, Submission
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.casework.support import applicant, pdf, signed_in, staff

pytestmark = pytest.mark.django_db
ENTER = "/admin/requests/new/"


@pytest.fixture
def clerk(agency: Agency) -> User:
    """The clerk at the counter of the agency."""
    return staff(agency, Role.CLERK, name="clerk")


def _paper(service: Service, **fields: Any) -> Paper:
    values: dict[str, Any] = {
        "service": service,
        "source": Source.COUNTER,
        "received_at": timezone.now() - timedelta(days=3),
        "language": "uz",
        "kind": Kind.APPLICATION,
        "full_name": "Demo Qariya 1",
        "text": "Suv quvurini tuzatishni soʻrayman.",
    }
    return Paper(**(values | fields))


def _typed(service: Service, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "service": service.pk,
        "source": "counter",
        "received_on": timezone.localdate().isoformat(),
        "kind": "application",
        "language": "uz",
        "full_name": "Demo Qariya 1",
        "phone": "61 000 11 11",
        "text": "Suv quvurini tuzatishni soʻrayman.",
        "scans": [pdf("xat.pdf")],
    }
    return values | fields


def test_a_letter_gets_a_number_a_term_from_its_day_and_a_slip(
    service: Service, clerk: User, officer: User
) -> None:
    day = timezone.localdate() - timedelta(days=2)
    client = signed_in(clerk)
    assert service.key in client.get(ENTER).content.decode()
    answer = client.post(ENTER, _typed(service, source="post", received_on=day.isoformat()))
    row = ServiceRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        303, reverse("casework_slip", args=[row.uuid]),
    )  # fmt: skip
    assert parse_number(row.number) == row.number
    # What was entered holds its number and addresses: the receipt as PDF tells them.
    assert row.submission.receipt_number == row.number
    assert row.submission.receipt_url == reverse("casework:receipt", args=[row.uuid])
    assert timezone.localdate(row.submitted_at) == day
    assert (row.source, row.entered_by, row.applicant) == (Source.POST, clerk, None)
    assert (row.state, row.kind) == (State.REGISTERED, Kind.APPLICATION)
    slip = client.get(answer["Location"]).content.decode()
    assert row.number in slip and row.access_code in slip and "/my/status/" in slip
    # What the phone is told, in the language of the answer, by the same outbox.
    message = OutboxMessage.objects.get()
    assert (message.channel, message.address) == ("sms", "+998610001111")
    # The officer reads it with its scan.
    page = signed_in(officer).get(reverse("casework_detail", args=[row.uuid])).content.decode()
    assert "Demo Qariya 1" in page and "xat.pdf" in page and "Suv quvurini" in page
    attachment = Attachment.objects.get()
    assert signed_in(officer).get(attachment.get_absolute_url()).status_code == 200


def test_a_known_phone_puts_it_among_the_account_s_requests(
    service: Service, clerk: User, citizen: User
) -> None:
    row = doors.enter(_paper(service, email=citizen.email), clerk)
    assert row.applicant == citizen
    assert row.subject["full_name"] == "Demo Qariya 1"
    assert row.number in signed_in(citizen).get(reverse("casework:my_requests")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""), ("text", " "), ("phone", "12"), ("email", "yoq"), ("pinfl", "1"),
        ("received_on", "2999-01-01"), ("received_on", "kecha"), ("source", "portal"),
        ("kind", "x"), ("language", "de"), ("service", "0"), ("service", "abc"),
        ("text", "a" * 10_001), ("full_name", "a" * 121),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    service: Service, clerk: User, field: str, value: str
) -> None:
    typed = _typed(service) | {"address": "Namuna koʻchasi", field: value}
    answer = signed_in(clerk).post(ENTER, typed)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in page
    assert "Namuna koʻchasi" in page
    assert not ServiceRequest.objects.exists() and not Submission.objects.exists()


def test_a_scan_that_is_none_is_told(service: Service, clerk: User) -> None:
    answer = signed_in(clerk).post(ENTER, _typed(service, scans=[pdf("xat.pdf.exe")]))
    assert answer.status_code == 400 and 'href="#scans"' in answer.content.decode()
    assert not ServiceRequest.objects.exists() and not Attachment.objects.exists()


@pytest.mark.parametrize(
    "received", [timedelta(hours=1), -timedelta(days=367)], ids=["future", "long ago"]
)
def test_a_day_that_cannot_be_is_refused(
    service: Service, clerk: User, received: timedelta
) -> None:
    with pytest.raises(Missing, match="received_at"):
        doors.enter(_paper(service, received_at=timezone.now() + received), clerk)


def test_only_clerks_of_the_agency_enter(
    service: Service, clerk: User, outsider: User, citizen: User, agency: Agency
) -> None:
    for somebody in (outsider, citizen, staff(agency, Role.EDITOR, name="editor")):
        with pytest.raises(NotAllowed):
            doors.enter(_paper(service), somebody)
    assert signed_in(citizen).get(ENTER).status_code in {302, 403}
    assert service.key not in signed_in(outsider).get(ENTER).content.decode()
    assert signed_in(outsider).post(ENTER, _typed(service)).status_code == 400
    with pytest.raises(WrongAnswers):
        doors.enter(_paper(service, pinfl="1"), clerk)
    assert not ServiceRequest.objects.exists()


def test_a_clerk_sees_what_they_entered_and_nothing_else(
    service: Service, clerk: User, agency: Agency, row: ServiceRequest, other_agency: Agency
) -> None:
    own = doors.enter(_paper(service), clerk)
    page = signed_in(clerk).get("/admin/requests/?show=all").content.decode()
    assert own.number in page and row.number not in page
    other = staff(agency, Role.CLERK, name="clerk2")
    for url in ("casework_slip", "casework_detail"):
        assert signed_in(clerk).get(reverse(url, args=[own.uuid])).status_code == 200
        assert signed_in(other).get(reverse(url, args=[own.uuid])).status_code == 404
    ServiceRequest.objects.filter(pk=own.pk).update(agency=other_agency)
    assert signed_in(clerk).get(reverse("casework_slip", args=[own.uuid])).status_code == 404


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_the_slip_speaks_the_applicants_language(
    service: Service, clerk: User, language: str
) -> None:
    row = doors.enter(_paper(service, language=language), clerk)
    page = signed_in(clerk).get(reverse("casework_slip", args=[row.uuid])).content.decode()
    assert f"/{language}/my/status/" in page


def test_its_applicant_takes_it_over_once_with_the_code(
    service: Service, clerk: User, citizen: User, stranger: User
) -> None:
    row = doors.enter(_paper(service), clerk)
    url = reverse("casework:claim")
    assert Client().get(url).status_code == 302
    client = signed_in(citizen)
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"number": row.number, "code": "AAAAAAAA"})
    assert wrong.status_code == 404 and row.number in wrong.content.decode()
    answer = client.post(url, {"number": row.number, "code": row.access_code})
    assert answer.status_code == 303
    assert client.get(answer["Location"]).status_code == 200
    row.refresh_from_db()
    assert row.applicant == citizen and row.events.get(kind="claimed").actor == citizen
    # Nobody else, not even with the code; the owner is led there again.
    again = {"number": row.number, "code": row.access_code}
    assert signed_in(stranger).post(url, again).status_code == 404
    assert client.post(url, again).status_code == 303
    assert row.events.filter(kind="claimed").count() == 1


def test_an_unconfirmed_account_takes_nothing_over(service: Service, clerk: User) -> None:
    row = doors.enter(_paper(service), clerk)
    newcomer = applicant(9, identity_level="none")
    with pytest.raises(NotAllowed):
        doors.claim(newcomer, row.number, row.access_code)


def test_the_database_knows_who_may_be_missing(row: ServiceRequest) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).update(applicant=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=row.submission_id).update(user=None)


def test_an_early_hour_of_today_is_now(service: Service, clerk: User) -> None:
    before: datetime = timezone.now()
    signed_in(clerk).post(ENTER, _typed(service))
    assert ServiceRequest.objects.get().submitted_at >= before
