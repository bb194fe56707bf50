"""Schedule, counting, limits, logs, health."""

import json
import logging

import pytest
import time_machine

from operations import counting, readiness, schedule, throttle
from operations.logs import JsonFormatter, PrivacyFilter
from operations.models import DailyViews, ScheduledWork, Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def only_work(monkeypatch):
    monkeypatch.setattr(schedule, "_works", {})
    return schedule.register


def test_work_runs_when_it_is_due_and_not_before(only_work) -> None:
    runs = []
    only_work("count", lambda: runs.append(1), every_minutes=10)
    assert schedule.run_due() == {"count": "ok"}
    assert schedule.run_due() == {}
    assert schedule.run_due(everything=True) == {"count": "ok"}
    assert len(runs) == 2


def test_work_that_fails_is_recorded_and_stops_nobody(only_work) -> None:
    runs = []

    def fail() -> None:
        raise RuntimeError

    only_work("a-failing", fail, every_minutes=1)
    only_work("b-working", lambda: runs.append(1), every_minutes=1)
    assert schedule.run_due() == {"a-failing": "RuntimeError", "b-working": "ok"}
    assert ScheduledWork.objects.get(name="a-failing").last_error == "RuntimeError"


def test_views_are_counted_in_batches_without_losing_one() -> None:
    counting.flush()
    for _ in range(7):
        counting.count_view("service:x")
    assert counting.views_of(["service:x", "service:y"]) == {"service:x": 7, "service:y": 0}
    assert counting.flush() == 7
    counting.count_view("service:x")
    assert counting.views_of(["service:x"]) == {"service:x": 8}
    counting.flush()
    assert DailyViews.objects.get(key="service:x").views == 8


def test_an_honest_try_is_given_back_and_old_windows_end(settings) -> None:
    settings.RATELIMIT_ENABLE = True
    with time_machine.travel("2026-03-02 09:00+05:00", tick=False) as clock:
        for _ in range(9):
            throttle.limit("test", "one", "2/m,9/h")
            throttle.give_back("test", "one", "2/m,9/h")
        for _ in range(2):
            throttle.limit("test", "one", "2/m,9/h")
        with pytest.raises(throttle.TooMany) as refused:
            throttle.limit("test", "one", "2/m,9/h")
        assert refused.value.wait == 60
        clock.shift(61)
        throttle.limit("test", "one", "2/m,9/h")
        assert throttle.forget_old() == 0
        clock.shift(2 * 60 * 60)
        assert throttle.forget_old() == 2
        assert not Tally.objects.exists()


def test_an_address_only_waits(settings, monkeypatch) -> None:
    settings.RATELIMIT_ENABLE = True
    waits: list[float] = []
    monkeypatch.setattr(throttle.time, "sleep", waits.append)
    for _ in range(5):
        throttle.slow_down("test", "203.0.113.7", "3/m")
    assert waits == [throttle.PAUSE] * 2
    assert not Tally.objects.filter(key__contains="203").exists()


def test_a_limit_counts_each_key_by_itself(settings) -> None:
    settings.RATELIMIT_ENABLE = True
    for _ in range(3):
        throttle.limit("test", "one", "3/m")
    with pytest.raises(throttle.TooMany):
        throttle.limit("test", "one", "3/m")
    throttle.limit("test", "other", "3/m")
    with pytest.raises(ValueError, match="rate"):
        throttle.limit("test", "one", "often")


def test_logs_hold_no_personal_data() -> None:
    record = logging.makeLogRecord(
        {
            "msg": "sent to %s, phone +998 90 123 45 67, pinfl 31203850000000, AA1234567",
            "args": ("citizen@example.org",),
            "levelname": "INFO",
        }
    )
    assert PrivacyFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    for secret in ("citizen@example.org", "123 45 67", "31203850000000", "AA1234567"):
        assert secret not in line["message"]


def test_health(client) -> None:
    assert client.get("/healthz").status_code == 200


def test_readiness_names_each_part(client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert {"database", "migrations", "storage", "search", "queue"} <= set(answer.json()["parts"])


def test_a_part_that_is_down_degrades_and_a_critical_one_fails(client, monkeypatch) -> None:
    def broken() -> str:
        raise ConnectionError

    parts = dict(readiness._parts)
    monkeypatch.setattr(readiness, "_parts", parts)
    parts["search"] = readiness.Part("search", broken, critical=False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"]["search"] == "ConnectionError"
    parts["storage"] = readiness.Part("storage", broken, critical=True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "fail")
