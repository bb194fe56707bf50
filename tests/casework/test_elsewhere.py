"""A complaint is always registered, and never decided by whom it is about; a delay takes one press."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework import assigning, complaints, doors, elsewhere, impartial, oversight, selectors
from casework.graph import State
from casework.models import Kind, ServiceRequest, ServiceRules, Unit, UnitMember
from casework.transitions import InvalidTransition, Missing, NotAllowed, transition
from forms.models import Source
from service_pages.models import Service
from tests.casework.support import (
    WEDNESDAY,
    make_agency,
    make_request,
    make_service,
    put,
    signed_in,
    staff,
)

pytestmark = pytest.mark.django_db
TEXT = "Rad etish asossiz: hujjat toʻliq edi."


@pytest.fixture
def refused(row: ServiceRequest, officer: User) -> ServiceRequest:
    """A request that the agency refused."""
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.REFUSED, actor=officer, reason="Mos emas", ground="data_mismatch",
               now=WEDNESDAY)  # fmt: skip
    row.refresh_from_db()
    return row


def test_with_nothing_above_it_goes_to_the_body_that_controls(
    refused: ServiceRequest, citizen: User, other_agency: Agency
) -> None:
    top = make_agency("kengash", "VKN", kind="council")
    assert oversight.controlling_body() == top
    assert complaints.complain(refused, citizen, TEXT, "uz").agency == top
    # Administrators name another: the territorial department.
    service = make_service(other_agency, key="nazorat")
    ServiceRules.objects.create(service=service, purpose=ServiceRules.Purpose.CONTROL)
    assert elsewhere.decider_for(refused) == (other_agency, None)
    other_agency.active = False
    other_agency.save()
    assert elsewhere.decider_for(refused) == (top, None)


def test_alone_on_the_portal_another_unit_considers_it_and_nobody_who_had_a_part(
    refused: ServiceRequest, citizen: User, agency: Agency, officer: User, head: User
) -> None:
    own = Unit.objects.create(agency=agency, name={"uz": "Ijro boʻlimi"})
    ServiceRequest.objects.filter(pk=refused.pk).update(unit=own)
    colleague = staff(agency, Role.OFFICER, name="colleague")
    other = staff(agency, Role.OFFICER, name="other")
    for person in (officer, colleague):
        UnitMember.objects.create(unit=own, user=person)
    elsewhere_unit = Unit.objects.create(agency=agency, name={"uz": "Murojaatlar boʻlimi"})
    UnitMember.objects.create(unit=elsewhere_unit, user=other)
    page = signed_in(citizen).get(reverse("casework:complain", args=[refused.uuid]))
    assert "Murojaatlar boʻlimi" in page.content.decode()
    made = complaints.complain(refused, citizen, TEXT, "uz")
    assert (made.agency, made.unit) == (agency, elsewhere_unit)
    # Neither who refused, nor who works in that unit, may touch it.
    with pytest.raises(NotAllowed):
        assigning.assign(made, head, None, unit=own)
    for barred in (officer, colleague):
        with pytest.raises(NotAllowed):
            transition(made.pk, State.IN_REVIEW, actor=barred)
        with pytest.raises(NotAllowed):
            assigning.assign(made, head, barred)
        page = signed_in(barred).get(reverse("casework_detail", args=[made.uuid])).content.decode()
        assert 'value="take"' not in page
    transition(made.pk, State.IN_REVIEW, actor=other)
    transition(made.pk, State.APPROVED, actor=other, reason="Hujjat toʻliq ekan")
    refused.refresh_from_db()
    assert refused.state == State.REOPENED


def test_without_units_or_colleagues_it_is_registered_all_the_same(
    refused: ServiceRequest, citizen: User, agency: Agency
) -> None:
    answer = signed_in(citizen).post(
        reverse("casework:complain", args=[refused.uuid]), {"text": TEXT}
    )
    assert answer.status_code == 303
    made = refused.followed_by.get()
    assert (made.agency, made.kind, made.unit) == (agency, Kind.COMPLAINT, None)


def test_the_superior_s_unit_for_complaints_gets_it(
    refused: ServiceRequest, citizen: User, agency: Agency
) -> None:
    agency.parent = above = make_agency("kengash", "VKN", kind="council")
    agency.save()
    unit = Unit.objects.create(agency=above, name={"uz": "Nazorat"}, takes_complaints=True)
    assert complaints.complain(refused, citizen, TEXT, "uz").unit == unit


def test_whoever_signed_is_barred_as_who_drafted(
    row: ServiceRequest, agency: Agency, officer: User, head: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.APPROVED, actor=head, reason="Tayyor", now=WEDNESDAY,
               data={"drafted_by": officer.pk})  # fmt: skip
    row.refresh_from_db()
    assert impartial.involved(row) == {officer.pk, head.pk}
    assert not impartial.has_others(agency, row)


def test_a_complaint_is_never_passed_on_to_whom_it_is_about(
    refused: ServiceRequest, citizen: User, agency: Agency
) -> None:
    council = make_agency("kengash", "VKN", kind="council")
    made = complaints.complain(refused, citizen, TEXT, "uz")
    deputy = staff(council, name="deputy")
    with pytest.raises(Missing, match="agency_about"):
        transition(made.pk, State.FORWARDED, actor=deputy, reason="Sizniki", agency=agency)
    page = signed_in(deputy).post(
        reverse("casework_detail", args=[made.uuid]),
        {"action": "forward", "text": "Sizniki", "agency": agency.key},
    )
    assert page.status_code == 400
    made.refresh_from_db()
    assert made.agency == council


def test_an_appeal_is_refused_on_the_law_s_grounds_beside_the_passport_s(
    refused: ServiceRequest, citizen: User
) -> None:
    council = make_agency("kengash", "VKN", kind="council")
    made = complaints.complain(refused, citizen, TEXT, "uz")
    codes = [code for code, _words in selectors.grounds(made, "en")]
    assert codes[:3] == ["unfounded", "no_essence", "legal_prohibition"]
    assert "data_mismatch" in codes
    deputy = staff(council, name="deputy")
    transition(made.pk, State.IN_REVIEW, actor=deputy)
    transition(made.pk, State.REFUSED, actor=deputy, reason="Tasdiqlanmadi", ground="unfounded")
    made.refresh_from_db()
    told = selectors.ground_of(made, "uz")
    assert told is not None and told["text"] != "unfounded"
    assert "unfounded" not in {code for code, _words in selectors.grounds(refused, "en")}


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_one_press_reports_a_delay_to_the_body_that_controls(
    row: ServiceRequest, citizen: User, stranger: User, agency: Agency, language: str
) -> None:
    agency.parent = make_agency("vazirlik", "VZR")
    agency.save()
    council = make_agency("kengash", "VKN", kind="council")
    client, path = signed_in(citizen), f"/{language}/my/{row.uuid}/"
    assert f'action="{path}report/"' in client.get(path).content.decode()
    assert signed_in(stranger).post(f"{path}report/").status_code == 404
    answer = client.post(f"{path}report/")
    assert answer.status_code == 303 and answer["Location"].endswith("/receipt/")
    made = row.followed_by.get()
    assert (made.agency, made.kind, made.applicant) == (council, Kind.COMPLAINT, citizen)
    assert made.submission.answers["matter"] == "delay" and not made.is_overdue
    # Once: a second press opens nothing more, and the button is gone.
    assert client.post(f"{path}report/").status_code == 303
    assert row.followed_by.count() == 1
    assert f"{path}report/" not in client.get(path).content.decode()


def test_by_number_and_code_without_an_account(
    service: Service, citizen: User, officer: User
) -> None:
    council = make_agency("kengash", "VKN", kind="council")
    row = doors.enter(
        doors.Paper(service=service, source=Source.COUNTER, language="uz", kind=Kind.REQUEST,
                    received_at=timezone.now() - timezone.timedelta(days=60),
                    full_name="Demo Fuqaro 7", text="Maʼlumotnoma", phone="+998901234567"),
        officer,
    )  # fmt: skip
    client, given = Client(), {"number": row.number, "code": row.access_code}
    page = client.post(reverse("casework:status"), given).content.decode()
    assert reverse("casework:report_by_code") in page and "Demo Fuqaro" not in page
    wrong = client.post(reverse("casework:report_by_code"), given | {"code": "AAAAAAAA"})
    assert wrong.status_code == 404 and not row.followed_by.exists()
    done = client.post(reverse("casework:report_by_code"), given)
    made = row.followed_by.get()
    assert done.status_code == 200 and made.number in done.content.decode()
    assert "Demo Fuqaro" not in done.content.decode()
    assert (made.agency, made.applicant) == (council, None)
    assert made.subject["full_name"] == "Demo Fuqaro 7"  # the body that controls can answer
    assert client.post(reverse("casework:report_by_code"), given).status_code == 409
    # Taken over into an account by its own code.
    assert doors.claim(citizen, made.number, made.access_code) == made


def test_what_is_in_time_is_not_reported(row: ServiceRequest, citizen: User) -> None:
    put(row, State.REFUSED)
    with pytest.raises(InvalidTransition):
        complaints.report_delay(row, citizen, "uz")


def test_a_complaint_by_the_form_of_appeals_does_not_go_to_whom_it_is_about(
    refused: ServiceRequest, service: Service, citizen: User
) -> None:
    top = make_agency("kengash", "VKN", kind="council")
    made = make_request(
        service, citizen,
        answers={"speed": "usual", "appeal_kind": "shikoyat", "complained_request": refused.number},
    )  # fmt: skip
    assert (made.kind, made.follows, made.agency) == (Kind.COMPLAINT, refused, top)
