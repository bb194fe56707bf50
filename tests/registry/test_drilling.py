"""The requests behind a figure: all of them, each once, the last event first, page by page."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role, User
from casework.models import RequestEvent
from registry.monitoring import closing, drilling, holding
from registry.monitoring.periods import Period, begin_of, month, year
from tests.casework.support import staff
from tests.registry.test_generated import prepare

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]
NOW = timezone.make_aware(datetime(2026, 10, 1, 9))
EVENTS = {"received": ["submitted"], "approved": ["approved"], "asked": ["info_requested"]}


@pytest.fixture
def controller() -> User:
    prepare(300, days=100)
    return staff(None, Role.CONTROLLER, name="controller")


@pytest.mark.parametrize("what", EVENTS)
@pytest.mark.parametrize(
    "period", [year(2026), month(date(2026, 8, 1)), Period(date(2026, 7, 15), date(2026, 9, 3))]
)
def test_each_once_and_the_last_event_first(controller: User, what: str, period: Period) -> None:
    last: dict[int, datetime] = {}
    for request, at in RequestEvent.objects.filter(
        kind__in=EVENTS[what], at__gte=begin_of(period.first)
    ).values_list("request_id", "at"):
        if timezone.localdate(at) <= period.last:
            last[request] = max(last.get(request, at), at)
    wanted = sorted(last, key=lambda pk: (last[pk], pk), reverse=True)
    assert wanted
    found = []
    for start in range(0, len(wanted) + 7, 7):
        rows = drilling.requests(controller, what, period, start=start, count=7)
        found += [row.pk for row in rows]
    assert found == wanted


def test_a_request_that_was_asked_in_two_months_stands_in_the_later_one(controller: User) -> None:
    [first, *_rest] = drilling.requests(controller, "received", month(date(2026, 7, 1)))
    for moment in (datetime(2026, 7, 31, 12), datetime(2026, 9, 29, 12)):
        RequestEvent.objects.create(
            request=first, sequence=90 + moment.month, at=timezone.make_aware(moment),
            kind="reopened", data={}, prev_hash="", hash=f"{moment.month}",
        )  # fmt: skip
    assert drilling.requests(controller, "reopened", year(2026)) == [first]
    assert drilling.requests(controller, "reopened", month(date(2026, 7, 1))) == [first]
    assert drilling.requests(controller, "reopened", month(date(2026, 8, 1))) == []


def test_an_answer_is_of_one_run(controller: User) -> None:
    """Days that are closed while an answer is made are not seen in half of it."""
    with holding.one_run():
        assert holding.last_run() is None
        with time_machine.travel(NOW, tick=False):
            assert closing.close_days(settled=True)
        assert holding.last_run() is None
    assert holding.last_run() == closing.last_run() is not None
