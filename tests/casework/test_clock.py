"""The clock stands while the applicant must act, goes on after, and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from casework import presenting, services
from casework.clock import promised, resumed
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import Missing, transition
from core.working_time import UNITS, WorkCalendar
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
PAUSES = st.timedeltas(timedelta(0), timedelta(days=60))


@pytest.fixture(autouse=True)
def _rule_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Properties need no decrees: the calendar of the rule, without the database."""
    monkeypatch.setattr("casework.clock.work_calendar", WorkCalendar)


@given(MOMENTS, MOMENTS, PAUSES, st.sampled_from(UNITS))
def test_a_pause_never_brings_the_deadline_forward(
    due: datetime, paused: datetime, length: timedelta, unit: str
) -> None:
    assert resumed(due, paused, paused + length, unit) >= due


@given(MOMENTS, MOMENTS, PAUSES, PAUSES, st.sampled_from(UNITS))
def test_a_longer_pause_gives_no_earlier_deadline(
    due: datetime, paused: datetime, one: timedelta, more: timedelta, unit: str
) -> None:
    first = resumed(due, paused, paused + one, unit)
    assert resumed(due, paused, paused + one + more, unit) >= first


@given(MOMENTS, MOMENTS, PAUSES)
def test_days_are_moved_by_the_working_days_of_the_pause(
    due: datetime, paused: datetime, length: timedelta
) -> None:
    calendar = WorkCalendar()
    later = resumed(due, paused, paused + length, "working_days")
    local = due.astimezone(calendar.closing(calendar.next_working_day(due.date())).tzinfo)
    begun = paused.astimezone(local.tzinfo).date()
    ended = (paused + length).astimezone(local.tzinfo).date()
    taken = calendar.working_days_between(begun, ended)
    assert (
        calendar.working_days_between(local.date(), later.astimezone(local.tzinfo).date()) == taken
    )


@given(
    MOMENTS, st.integers(1, 60), st.sampled_from([unit for unit in UNITS if unit != "automatic"])
)
def test_a_term_ends_after_it_begins(start: datetime, value: int, unit: str) -> None:
    calendar = WorkCalendar()
    registered = calendar.registration_moment(start)
    assert promised(registered, {"value": value, "unit": unit}) > registered


def test_the_clock_stands_while_the_applicant_must_act(
    row: ServiceRequest, officer: User, citizen: User
) -> None:
    due = row.due_at
    assert due is not None
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    asked = transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    row.refresh_from_db()
    assert row.paused_at == WEDNESDAY
    assert row.answer_by is not None
    assert datetime.fromisoformat(asked.data["answer_by"]) == row.answer_by
    assert presenting.time_left(row, WEDNESDAY + timedelta(days=30)).level == "paused"
    # A week later, five working days less the holiday of 9 March (the 8th is a Sunday).
    services.write(row, citizen, "Mana", now=WEDNESDAY + timedelta(days=7))
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW
    assert (row.paused_at, row.answer_by) == (None, None)
    assert row.due_at is not None
    assert row.due_at > due + timedelta(days=4)


def test_a_term_in_hours_is_moved_by_the_time_that_passed(
    service: Service, citizen: User, officer: User
) -> None:
    row = make_request(service, citizen, answers={"speed": "fast"})
    due = row.due_at
    assert due is not None
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="?", now=WEDNESDAY)
    services.write(row, citizen, "Mana", now=WEDNESDAY + timedelta(minutes=90))
    row.refresh_from_db()
    assert row.due_at == due + timedelta(minutes=90)


def test_reopened_gets_a_new_term_and_loses_its_outcome(
    row: ServiceRequest, officer: User, head: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.REFUSED, actor=officer, reason="x", ground="duplicate", now=WEDNESDAY)
    row.refresh_from_db()
    assert (row.outcome, row.ground_code, row.closed_at) == ("refused", "duplicate", WEDNESDAY)
    later = WEDNESDAY + timedelta(days=30)
    transition(row.pk, State.REOPENED, actor=head, reason="Shikoyat asosli", now=later)
    row.refresh_from_db()
    assert (row.outcome, row.ground_code, row.closed_at) == ("", "", None)
    assert row.due_at is not None
    assert row.due_at > later


def test_a_question_has_a_day_to_come(row: ServiceRequest, officer: User) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    for wrong in (WEDNESDAY, WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=400)):
        with pytest.raises(Missing) as raised:
            transition(
                row.pk,
                State.INFO_REQUESTED,
                actor=officer,
                reason="?",
                answer_by=wrong,
                now=WEDNESDAY,
            )
        assert raised.value.what == "answer_by"


def test_an_unanswered_question_ends_the_request_once(row: ServiceRequest, officer: User) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="?", now=WEDNESDAY)
    assert services.expire_unanswered(WEDNESDAY + timedelta(days=5)) == 0
    assert services.expire_unanswered(WEDNESDAY + timedelta(days=60)) == 1
    assert services.expire_unanswered(WEDNESDAY + timedelta(days=60)) == 0
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.EXPIRED, "expired")
    assert row.events.filter(kind="expired", actor=None).count() == 1


@pytest.mark.parametrize(
    ("days", "level"), [(0, "ok"), (6, "soon"), (9, "late")], ids=["ok", "soon", "late"]
)
def test_time_left_is_a_word_and_a_level(row: ServiceRequest, days: int, level: str) -> None:
    now = WEDNESDAY + timedelta(days=days)
    left = presenting.time_left(row, now)
    assert left.level == level
    assert left.words
    with time_machine.travel(now, tick=False):
        assert row.is_overdue == (level == "late")
        assert ServiceRequest.objects.overdue(now).exists() == (level == "late")
