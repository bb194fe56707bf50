"""How the portal serves is counted: answers, errors, times, minutes in which it was up."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from operations import readiness, serving
from operations.models import DailyServing
from operations.serving import ServingMiddleware, served_on

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


def at(hour: int, minute: int = 0, day: int = 4) -> time_machine.travel:
    moment = timezone.make_aware(datetime(2026, 3, day, hour, minute))
    return time_machine.travel(moment, tick=False)


def answer(status: int, path: str = "/uz/") -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        if status == 0:
            raise RuntimeError
        return HttpResponse(status=status)

    ServingMiddleware(view)(RequestFactory().get(path))


def test_answers_and_errors_are_counted_by_day() -> None:
    with at(10):
        for status in (200, 404, 503):
            answer(status)
        answer(503, "/readyz")  # a probe that says "not ready" is no error
        with pytest.raises(RuntimeError):
            answer(0)
        assert serving.flush() == 5
        answer(200)
        serving.flush()
        found = served_on(DAY)
    assert (found.answers, found.failures) == (6, 2)
    assert sum(found.under_ms.values()) == 6 and set(found.under_ms) <= set(serving.STEPS_MS)
    assert served_on(date(2026, 3, 5)).answers == 0


@pytest.mark.parametrize(
    ("seconds", "step"), [(0.0, 10), (0.010, 10), (0.011, 25), (0.4, 500), (900.0, 60_000)]
)
def test_a_time_stands_in_its_step(seconds: float, step: int) -> None:
    serving.count(seconds, failed=False)
    serving.flush()
    assert DailyServing.objects.get().under_ms == step


def test_minutes_up_are_those_that_were_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    with at(23, 50, 3):
        serving.beat()  # the first day begins with the first beat
    for minute in range(30):
        with at(0, minute):
            if 10 <= minute < 15:
                monkeypatch.setattr(readiness, "report", lambda: ("fail", {}))
            else:
                monkeypatch.setattr(readiness, "report", lambda: ("degraded", {}))
            serving.beat()
            serving.beat()  # another process in the same minute
    with at(0, 30):
        found = served_on(DAY)
    assert (found.minutes, found.minutes_up) == (30, 25)
    with at(12, 0, 6):
        assert served_on(date(2026, 3, 3)).minutes == 10
        # Nobody beat on the fifth: down all day; nor before the portal began, which counts nothing.
        assert (served_on(date(2026, 3, 5)).minutes, served_on(date(2026, 3, 5)).minutes_up) == (
            1440,
            0,
        )
        assert served_on(date(2026, 3, 1)).minutes == 0
