"""The admin's first page says what waits for the reader, of their own agencies alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Agency, Role, User
from casework.models import ServiceRequest
from core.waiting import Waiting, waiting_for
from service_pages.models import Service
from tests.casework.support import make_request, signed_in, staff

pytestmark = pytest.mark.every_database


def piles(user: User) -> dict[str, int]:
    return {pile.url: pile.count for pile in waiting_for(user)}


def test_what_is_late_stands_first(row: ServiceRequest, officer: User) -> None:
    assert row.due_at is not None
    with time_machine.travel(row.due_at + timedelta(days=1), tick=False):
        first, *others = waiting_for(officer)
        assert (first.url, first.count, first.late) == ("/admin/requests/?show=overdue", 1, True)
        assert [pile.url for pile in others] == ["/admin/requests/?show=unassigned"]
        page = signed_in(officer).get("/admin/").content.decode()
    assert page.index("Muddati oʻtgan arizalar") < page.index("Hali hech kimga berilmagan arizalar")


def test_each_pile_leads_to_as_many_as_it_says(
    service: Service, citizen: User, officer: User
) -> None:
    for _number in range(3):
        make_request(service, citizen)
    client = signed_in(officer)
    for url, count in piles(officer).items():
        assert len(client.get(url).context["requests"]) == count


def test_nobody_hears_of_another_agencys_requests(row: ServiceRequest, outsider: User) -> None:
    assert piles(outsider) == {}
    assert "Hozircha sizni kutayotgan ish yoʻq." in (
        signed_in(outsider).get("/admin/").content.decode()
    )


def test_only_those_who_sign_hear_of_what_is_to_be_signed(agency: Agency, head: User) -> None:
    accountant = staff(agency, Role.ACCOUNTANT, name="accountant")
    assert not [url for url in piles(accountant) if "to_sign" in url]


def test_counting_stops() -> None:
    assert Waiting("", 100, "", most=99).text == "99+"
    assert Waiting("", 99, "", most=99).text == "99"
