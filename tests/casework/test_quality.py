"""Figures of agencies are counted from events, and nobody is found in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from casework import quality, services
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import transition
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request

pytestmark = pytest.mark.django_db
LATER = WEDNESDAY + timedelta(days=40)


def _decided(
    service: Service, citizen: User, officer: User, days: int, score: int = 0
) -> ServiceRequest:
    """A request that was answered so many days after it came."""
    row = make_request(service, citizen)
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    then = WEDNESDAY + timedelta(days=days)
    transition(row.pk, State.APPROVED, actor=officer, reason="Tayyor", now=then)
    transition(row.pk, State.COMPLETED, actor=officer, now=then)
    if score:
        rating = services.rate(row, citizen, score)
        type(rating).objects.filter(pk=rating.pk).update(rated_at=then)
    return row


def test_a_set_computed_by_hand(
    service: Service, agency: Agency, citizen: User, officer: User
) -> None:
    # The term is five working days from a Wednesday: due next Wednesday, seven days later.
    for days, score in ((1, 5), (2, 4), (3, 5), (4, 3), (20, 1)):
        _decided(service, citizen, officer, days, score)
    make_request(service, citizen)
    [row] = quality.computed(LATER)
    assert (row.agency_id, row.received, row.decided) == (agency.pk, 6, 5)
    assert (row.open, row.overdue) == (1, 1)
    assert (row.on_time, row.days, row.rating, row.rated) == (80, 3.0, 3.6, 5)
    assert row.light == "yellow"


def test_a_reopened_request_counts_once_by_its_last_answer(
    service: Service, citizen: User, officer: User, head: User
) -> None:
    row = _decided(service, citizen, officer, 1)
    transition(row.pk, State.REOPENED, actor=head, reason="Xato", now=LATER)
    transition(row.pk, State.IN_REVIEW, actor=officer, now=LATER)
    late = LATER + timedelta(days=60)
    ground = {"reason": "Mos emas", "ground": "data_mismatch"}
    transition(row.pk, State.REFUSED, actor=officer, now=late, **ground)
    assert [one.decided for one in quality.computed(late)] == [1]


def test_few_cases_are_not_shown(service: Service, citizen: User, officer: User) -> None:
    for days in (1, 20, 20, 20):
        _decided(service, citizen, officer, days, 1)
    [row] = quality.shown("uz", quality.computed(LATER))
    assert row["received"] is None and row["decided"] is None and row["rated"] is None
    assert row["on_time"] is None and row["days"] is None and row["rating"] is None
    assert row["light"] == "" and row["open"] == 0


def test_what_came_earlier_is_left_out(service: Service, citizen: User, officer: User) -> None:
    _decided(service, citizen, officer, 1)
    [row] = quality.computed(WEDNESDAY + timedelta(days=quality.DAYS + 10))
    assert (row.received, row.decided) == (0, 0)


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_everybody_reads_it_in_each_language(
    service: Service, agency: Agency, citizen: User, language: str
) -> None:
    for _n in range(6):
        make_request(service, citizen, submitted_at=timezone.now())
    page = Client().get(f"/{language}/quality/").content.decode()
    assert agency.label(language) in page
    assert citizen.full_name not in page


def test_the_page_costs_the_same_with_many(
    service: Service, citizen: User, officer: User, django_assert_max_num_queries: object
) -> None:
    for _n in range(12):
        _decided(service, citizen, officer, 2)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        quality.shown("uz", quality.computed(LATER))
