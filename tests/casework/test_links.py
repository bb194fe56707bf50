"""Requests that belong together, and what else the same person sent to the same agency."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Agency, Organization, Representation, RepresentedPerson, User
from casework import doors, linking, rights
from casework.graph import State
from casework.journal import broken_links
from casework.models import RequestLink, ServiceRequest
from casework.transitions import Missing, NotAllowed
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request, make_service, put, signed_in

pytestmark = pytest.mark.every_database
PINFL = "51003230000017"


def _detail(row: ServiceRequest) -> str:
    return reverse("casework_detail", args=[row.uuid])


@pytest.mark.parametrize(("days", "linked"), [(0, True), (90, True), (91, False)])
def test_what_is_sent_again_is_seen(
    days: int, linked: bool, service: Service, citizen: User, stranger: User, agency: Agency
) -> None:
    first = make_request(service, citizen)
    make_request(service, stranger)
    make_request(make_service(agency, "second"), citizen)
    again = make_request(service, citizen, submitted_at=WEDNESDAY + timedelta(days=days))
    pairs = list(RequestLink.objects.values_list("earlier", "later", "kind", "linked_by"))
    assert pairs == ([(first.pk, again.pk, "repeated", None)] if linked else [])
    event = again.events.get(kind="submitted")
    assert event.data["repeats"] == (first.number if linked else None)
    assert broken_links(again) == []


def test_a_firm_and_its_representative_are_two(
    service: Service, citizen: User, stranger: User
) -> None:
    firm = Organization.objects.create(stir="300000001", name="Demo MChJ")
    mandates = [
        Representation.objects.create(
            user=user, organization=firm, basis="oneid", valid_from=date(2026, 1, 1)
        )
        for user in (citizen, stranger)
    ]
    make_request(service, citizen)
    first = make_request(service, citizen, representation=mandates[0])
    assert not RequestLink.objects.exists()
    again = make_request(service, stranger, representation=mandates[1])
    link = RequestLink.objects.get()
    assert (link.earlier, link.later) == (first, again)


def test_a_child_is_another_person_than_the_parent(service: Service, citizen: User) -> None:
    children = [
        RepresentedPerson.objects.create(
            full_name=f"Demo Bola {n}", birth_date=date(2020, 1, n), pinfl=pinfl
        )
        for n, pinfl in ((1, PINFL), (2, "51003230000025"))
    ]
    mandates = [
        Representation.objects.create(
            user=citizen, person=child, basis="parent", valid_from=date(2026, 1, 1)
        )
        for child in children
    ]
    make_request(service, citizen)
    first = make_request(service, citizen, representation=mandates[0])
    make_request(service, citizen, representation=mandates[1])
    assert not RequestLink.objects.exists()
    again = make_request(service, citizen, representation=mandates[0])
    assert linking.repeats(again, again.submitted_at) == (first.pk, first.number)


def test_what_came_on_paper_is_found_by_the_personal_number(
    service: Service, officer: User, agency: Agency
) -> None:
    asked = doors.Paper(
        service=service, source="counter", received_at=_recent(), language="uz", kind="request",
        full_name="Demo Fuqaro 8", text="Guvohnoma kerak", pinfl=PINFL,
    )  # fmt: skip
    first, again = doors.enter(asked, officer), doors.enter(asked, officer)
    assert RequestLink.objects.get().earlier == first
    page = signed_in(officer).get(_detail(again)).content.decode()
    assert first.number in page
    put(first, State.COMPLETED)
    rights.anonymise(first)
    first.refresh_from_db()
    assert first.person_index == ""
    assert PINFL not in first.person_index


def _recent():
    from django.utils import timezone

    return timezone.now() - timedelta(hours=1)


def test_officers_link_and_unlink_what_is_theirs(
    service: Service, citizen: User, stranger: User, officer: User, outsider: User,
    other_agency: Agency,
) -> None:  # fmt: skip
    one, two = make_request(service, citizen), make_request(service, stranger)
    foreign = make_request(make_service(other_agency, "elsewhere"), stranger)
    client = signed_in(officer)
    for wrong in (one.number, foreign.number, "2026-XXX-0000001-1", "", "x" * 300):
        answer = client.post(_detail(one), {"action": "link", "other": wrong})
        assert answer.status_code == 400, wrong
    typed = two.number.lower().replace("-", " ")
    pressed = client.post(_detail(one), {"action": "link", "other": typed, "link_kind": "related"})
    assert pressed.status_code == 303
    page = client.get(_detail(two)).content.decode()
    assert one.number in page
    with pytest.raises(Missing):
        linking.link(two, officer, one.number, "related")
    with pytest.raises(Missing):
        linking.link(two, officer, one.number, "nonsense")
    with pytest.raises(NotAllowed):
        linking.unlink(one, outsider, two.number)
    assert client.post(_detail(two), {"action": "unlink", "other": one.number}).status_code == 303
    assert not RequestLink.objects.exists()
    with pytest.raises(Missing):
        linking.unlink(one, officer, two.number)
    for row in (one, two):
        kinds = list(
            row.events.filter(kind__in=("linked", "unlinked")).values_list("kind", flat=True)
        )
        assert kinds == ["linked", "unlinked"]
        assert broken_links(row) == []


def test_the_same_applicants_other_requests_are_shown_of_ones_own_agency_alone(
    service: Service, citizen: User, stranger: User, officer: User, other_agency: Agency,
    agency: Agency, controller: User,
) -> None:  # fmt: skip
    row = make_request(service, citizen)
    mine = make_request(make_service(agency, "second"), citizen)
    foreign = make_request(make_service(other_agency, "elsewhere"), citizen)
    strangers = make_request(service, stranger)
    page = signed_in(officer).get(_detail(row)).content.decode()
    assert mine.number in page
    assert foreign.number not in page
    assert strangers.number not in page
    # A controller of the whole portal sees all of them.
    assert foreign.number in signed_in(controller).get(_detail(row)).content.decode()


def test_a_request_costs_the_same_with_many_others(
    service: Service, citizen: User, officer: User, django_assert_max_num_queries
) -> None:
    row = make_request(service, citizen)
    client = signed_in(officer)
    client.get(_detail(row))

    def count() -> int:
        with django_assert_max_num_queries(30) as queries:
            client.get(_detail(row))
        return len(queries)

    make_request(service, citizen)
    few = count()
    for _ in range(8):
        make_request(service, citizen)
    assert count() <= few
