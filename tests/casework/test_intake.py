"""A sent form becomes one request: number, agency, term, snapshot, receipt."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, Organization, Representation, User
from casework.intake import PortalReceiver, next_number, register_request
from casework.models import NumberCounter, RequestEvent, ServiceRequest
from casework.numbers import parse_number
from forms.models import Submission
from operations.models import MessageVersion, OutboxMessage, SiteMessage
from service_pages.models import Service
from tests.casework.support import (
    WEDNESDAY,
    make_agency,
    make_request,
    make_service,
    make_submission,
    staff,
)

pytestmark = pytest.mark.every_database


def test_the_request_has_what_the_form_and_the_passport_say(
    service: Service, citizen: User
) -> None:
    submission = make_submission(service, citizen)
    PortalReceiver().accept(submission)
    row = ServiceRequest.objects.get(submission=submission)
    submission.refresh_from_db()
    assert submission.receipt_number == row.number == parse_number(row.number)
    assert row.number.startswith("2026-ADL-0000001-")
    assert str(row.uuid) in submission.receipt_url
    assert submission.status_url
    assert (row.state, row.agency, row.service) == ("registered", service.agency, service)
    assert row.term == {"key": "standart", "value": 5, "unit": "working_days"}
    assert row.registered_at == WEDNESDAY
    # Five working days after Wednesday 4 March; the 8th is a Sunday and a holiday.
    assert row.due_at is not None
    assert row.due_at.date() >= date(2026, 3, 11)
    assert row.passport_version is not None
    assert row.subject["full_name"] == "Demo Fuqaro 1"
    assert row.subject["email"] == citizen.email
    assert row.identity_level == citizen.identity_level
    event = row.events.get()
    assert (event.kind, event.sequence, event.actor) == ("submitted", 1, citizen)
    assert OutboxMessage.objects.get().address == citizen.email


def test_registering_twice_gives_one_request(service: Service, citizen: User) -> None:
    submission = make_submission(service, citizen)
    first, second = register_request(submission, service), register_request(submission, service)
    assert first == second
    assert ServiceRequest.objects.count() == 1
    assert OutboxMessage.objects.count() == 1
    assert NumberCounter.objects.get().last == 1


def test_the_database_takes_one_request_a_submission(row: ServiceRequest) -> None:
    copy = ServiceRequest.objects.get(pk=row.pk)
    copy.pk, copy.number = None, "2026-ADL-0000099-0"
    copy._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_numbers_count_by_agency_and_year(agency: Agency, other_agency: Agency) -> None:
    numbers = [
        next_number(agency, 2026), next_number(agency, 2026),
        next_number(other_agency, 2026), next_number(agency, 2027),
    ]  # fmt: skip
    assert [number[:16] for number in numbers] == [
        "2026-ADL-0000001", "2026-ADL-0000002", "2026-SAQ-0000001", "2027-ADL-0000001",
    ]  # fmt: skip


def test_the_form_chooses_agency_and_term(
    service: Service, citizen: User, other_agency: Agency
) -> None:
    row = make_request(service, citizen, answers={"place": "saqlash", "speed": "fast"})
    assert row.agency == other_agency
    assert row.number.startswith("2026-SAQ-")
    assert (row.term["key"], row.term["unit"]) == ("tezkor", "working_hours")
    # Two working hours from 11:00 in Samarkand end when the break begins.
    assert row.due_at == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("place", ["no-such", "yopiq"])
def test_an_agency_that_is_not_there_leaves_the_services_own(
    service: Service, citizen: User, place: str
) -> None:
    make_agency("yopiq", "YPQ", active=False)
    row = make_request(service, citizen, answers={"place": place, "speed": "usual"})
    assert row.agency == service.agency


@pytest.mark.parametrize(
    ("received", "registered"),
    [
        # In working hours: at once.
        ("2026-03-04T06:00:00+00:00", "2026-03-04T06:00:00+00:00"),
        # Before opening: the same day at nine (UTC+5).
        ("2026-03-04T02:00:00+00:00", "2026-03-04T04:00:00+00:00"),
        # After closing: the next working day.
        ("2026-03-04T14:00:00+00:00", "2026-03-05T04:00:00+00:00"),
        # Friday night: Monday.
        ("2026-03-13T20:00:00+00:00", "2026-03-16T04:00:00+00:00"),
    ],
)
def test_registration_is_on_the_same_or_the_next_working_day(
    service: Service, citizen: User, received: str, registered: str
) -> None:
    row = make_request(service, citizen, submitted_at=datetime.fromisoformat(received))
    assert row.registered_at == datetime.fromisoformat(registered)
    assert row.due_at is not None
    assert row.due_at > row.registered_at


def test_a_service_without_terms_has_the_laws(agency: Agency, citizen: User) -> None:
    row = make_request(make_service(agency, "bare", terms=[]), citizen)
    assert (row.term["value"], row.term["unit"]) == (15, "calendar_days")


def test_an_automatic_service_is_due_on_the_day(agency: Agency, citizen: User) -> None:
    terms = [{"key": "avtomatik", "value": None, "unit": "automatic"}]
    row = make_request(make_service(agency, "auto", terms=terms), citizen)
    assert row.due_at == datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


def test_a_clerk_enters_what_came_on_paper(service: Service, citizen: User, agency: Agency) -> None:
    clerk = staff(agency, "clerk", name="clerk")
    row = make_request(service, citizen, source="counter", entered_by=clerk)
    assert (row.source, row.entered_by) == ("counter", clerk)
    assert row.events.get().actor == clerk
    # The applicant did not see it happen: the receipt goes to them all the same.
    assert OutboxMessage.objects.get().address == citizen.email


def test_a_representative_acts_with_a_mandate(service: Service, citizen: User) -> None:
    firm = Organization.objects.create(stir="300000001", name="Demo MChJ")
    mandate = Representation.objects.create(
        user=citizen, organization=firm, basis="power_of_attorney", valid_from=date(2026, 1, 1)
    )
    row = make_request(service, citizen, representation=mandate)
    assert (row.organization, row.representation) == (firm, mandate)
    assert row.subject["stir"] == "300000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).update(representation=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "submitted"},
        {"state": "refused", "closed_at": WEDNESDAY, "outcome": "refused"},
        {"state": "withdrawn", "closed_at": WEDNESDAY},
        {"closed_at": WEDNESDAY},
        {"state": "info_requested", "answer_by": WEDNESDAY},
        {"state": "info_requested", "paused_at": WEDNESDAY},
        {"paused_at": WEDNESDAY},
        {"answer_by": WEDNESDAY},
        {"source": "post"},
    ],
)
def test_the_database_refuses_what_cannot_be(
    row: ServiceRequest, changes: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).update(**changes)


def test_a_request_that_fails_leaves_nothing(
    service: Service, citizen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = make_submission(service, citizen)

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr("casework.notices.outbox.queue", fail)
    with pytest.raises(OSError), transaction.atomic():
        PortalReceiver().accept(submission)
    assert not ServiceRequest.objects.exists()
    assert not NumberCounter.objects.exists()


def test_answers_and_subject_are_not_readable_in_the_database(row: ServiceRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM casework_servicerequest")
        (stored,) = cursor.fetchone()
    assert "Demo" not in stored


def test_the_number_is_taken_when_all_else_is_known(service: Service, citizen: User) -> None:
    submission = make_submission(service, citizen)
    with CaptureQueriesContext(connection) as captured:
        PortalReceiver().accept(submission)
    statements = [query["sql"] for query in captured.captured_queries]
    counter = NumberCounter._meta.db_table
    first = next(at for at, text in enumerate(statements) if counter in text)
    after = {name for text in statements[first:] for name in re.findall(r'"(\w+)"', text)}
    tables = {table for table in connection.introspection.table_names() if table in after}
    # While the counter is locked the request, its first event, receipt and messages are written.
    assert tables == {
        counter, ServiceRequest._meta.db_table, RequestEvent._meta.db_table,
        OutboxMessage._meta.db_table, SiteMessage._meta.db_table, MessageVersion._meta.db_table,
        Submission._meta.db_table,
    }  # fmt: skip
