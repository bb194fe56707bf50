"""A complaint goes to the body above, has a clock of its own, and reopens what it was about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from casework import complaints, elsewhere
from casework.graph import State
from casework.journal import broken_links
from casework.models import Kind, ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, transition
from tests.casework.support import WEDNESDAY, make_agency, put, signed_in, staff

pytestmark = pytest.mark.django_db
TEXT = "Rad etish asossiz: hujjat toʻliq edi."


@pytest.fixture
def council(agency: Agency) -> Agency:
    """The body above the agency."""
    above = make_agency("kengash", "VKN", kind="council")
    agency.parent = above
    agency.save()
    return above


@pytest.fixture
def refused(row: ServiceRequest, council: Agency, officer: User) -> ServiceRequest:
    """A request that the agency refused."""
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(
        row.pk, State.REFUSED, actor=officer, reason="Mos emas", ground="data_mismatch",
        now=WEDNESDAY,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def test_a_complaint_goes_above_with_the_laws_term(
    refused: ServiceRequest, council: Agency, citizen: User, officer: User
) -> None:
    made = complaints.complain(refused, citizen, TEXT, "uz")
    assert (made.agency, made.kind, made.follows) == (council, Kind.COMPLAINT, refused)
    assert made.term["value"] == 15 and made.term["unit"] == "calendar_days"
    assert made.due_at is not None and made.due_at > timezone.now() + timedelta(days=14)
    # Not by those whom it is about.
    assert signed_in(officer).get(reverse("casework_detail", args=[made.uuid])).status_code == 404
    deputy = staff(council, name="deputy")
    page = signed_in(deputy).get(reverse("casework_detail", args=[made.uuid])).content.decode()
    assert refused.number in page and "asossiz" in page
    assert refused.events.get(kind="complained").data["complaint"] == made.number


def test_upheld_it_reopens_what_it_was_about_and_refused_it_does_not(
    refused: ServiceRequest, council: Agency, citizen: User
) -> None:
    deputy = staff(council, name="deputy")
    for target, state in ((State.REFUSED, State.REFUSED), (State.APPROVED, State.REOPENED)):
        made = complaints.complain(refused, citizen, TEXT, "uz")
        transition(made.pk, State.IN_REVIEW, actor=deputy)
        transition(
            made.pk, target, actor=deputy, reason="Koʻrib chiqildi",
            ground="data_mismatch" if target == State.REFUSED else "",
        )  # fmt: skip
        refused.refresh_from_db()
        assert refused.state == state
    event = refused.events.get(kind="reopened")
    assert event.actor is None and event.data["complaint"] == made.number
    assert made.number in event.text.content["public"]
    assert refused.due_at is not None and refused.due_at > timezone.now()
    assert broken_links(refused) == []


def test_one_complaint_at_a_time_by_its_applicant_about_what_is_late_or_ended(
    row: ServiceRequest, council: Agency, citizen: User, stranger: User, officer: User
) -> None:
    for somebody in (stranger, officer):
        with pytest.raises(NotAllowed):
            complaints.complain(row, somebody, TEXT, "uz")
    # WEDNESDAY is long ago: the request is late.
    with pytest.raises(Missing):
        complaints.complain(row, citizen, " ", "uz")
    complaints.complain(row, citizen, TEXT, "uz")
    with pytest.raises(InvalidTransition):
        complaints.complain(row, citizen, TEXT, "uz")


@pytest.mark.parametrize("state", [State.INFO_REQUESTED, State.WITHDRAWN, State.APPROVED])
def test_there_may_be_nothing_to_complain_about(
    row: ServiceRequest, council: Agency, citizen: User, state: State
) -> None:
    put(row, state)
    assert not complaints.may_complain(row)
    answer = signed_in(citizen).get(reverse("casework:complain", args=[row.uuid]))
    assert answer.status_code == 302


def test_a_late_complaint_upheld_leaves_the_open_request_as_it_is(
    row: ServiceRequest, council: Agency, citizen: User
) -> None:
    made = complaints.complain(row, citizen, TEXT, "uz")
    deputy = staff(council, name="deputy")
    transition(made.pk, State.IN_REVIEW, actor=deputy)
    transition(made.pk, State.APPROVED, actor=deputy, reason="Idora ogohlantirildi")
    row.refresh_from_db()
    assert row.state == State.REGISTERED


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_the_way_from_the_refusal_to_the_receipt(
    refused: ServiceRequest, citizen: User, stranger: User, language: str
) -> None:
    client, path = signed_in(citizen), f"/{language}/my/{refused.uuid}/"
    assert f'href="{path}complain/"' in client.get(path).content.decode()
    assert client.get(f"{path}complain/").status_code == 200
    for bad in ("", "x" * 5_001):
        answer = client.post(f"{path}complain/", {"text": bad})
        assert answer.status_code == 400 and "error-summary" in answer.content.decode()
    answer = client.post(f"{path}complain/", {"text": "<b>Asossiz</b>"})
    assert answer.status_code == 303 and answer["Location"].endswith("/receipt/")
    made = refused.followed_by.get()
    assert made.number in client.get(answer["Location"]).content.decode()
    assert made.number in client.get(path).content.decode()
    page = client.get(f"/{language}/my/{made.uuid}/").content.decode()
    assert refused.number in page and "<b>Asossiz" not in page
    assert signed_in(stranger).get(f"{path}complain/").status_code == 404


def test_a_closed_body_is_passed_over(agency: Agency, council: Agency) -> None:
    top = make_agency("jogorgi", "JKG")
    council.parent, council.active = top, False
    council.save()
    agency.refresh_from_db()
    assert elsewhere.superior_of(agency) == top
    top.parent, top.active = agency, False
    top.save()
    agency.refresh_from_db()
    assert elsewhere.superior_of(agency) is None
