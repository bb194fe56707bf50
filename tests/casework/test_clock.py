"""The clock stands while the applicant must act, goes on after, and never goes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from casework import presenting, services
from casework.clock import extended, promised, resumed
from casework.graph import State
from casework.models import ServiceRequest, ServiceRules
from casework.transitions import Missing, transition
from core.working_time import UNITS, ZONE, Day, WorkCalendar
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


def test_of_a_term_in_working_hours_as_many_are_left_as_there_were(
    service: Service, citizen: User, officer: User
) -> None:
    row = make_request(service, citizen, answers={"speed": "fast"})
    due = row.due_at
    assert due is not None
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    services.write(row, citizen, "Mana", now=WEDNESDAY + timedelta(minutes=90))
    row.refresh_from_db()
    # Two hours were left at 11:00: from 12:30 on until 13:00, and after the break until 15:30.
    assert row.due_at == due + timedelta(minutes=90) + timedelta(hours=1)


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
                reason="Nusxa",
                answer_by=wrong,
                now=WEDNESDAY,
            )
        assert raised.value.what == "answer_by"


def test_an_unanswered_question_ends_the_request_once(row: ServiceRequest, officer: User) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
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


# -- moved and shorter days, and the turn of a year ------------------------------------------------

#: What decrees may say of days around a holiday and the turn of a year.
DECREES = st.dictionaries(
    st.dates(date(2025, 12, 15), date(2026, 1, 25)),
    st.builds(Day, st.booleans(), st.sampled_from([None, None, time(13), time(16)])),
    max_size=15,
)
TURN = st.datetimes(datetime(2025, 12, 18), datetime(2026, 1, 12))
#: Zones in which a moment may be written: the same moment all the same.
ZONES = st.sampled_from([UTC, ZoneInfo("Asia/Samarkand"), ZoneInfo("Asia/Tashkent")])
DAY_UNITS = st.sampled_from(["working_days", "calendar_days", "months"])
TERM = st.tuples(st.integers(1, 15), DAY_UNITS)


@contextmanager
def decreed(days: dict[date, Day]) -> Iterator[WorkCalendar]:
    """A calendar in which decrees moved and shortened days."""
    calendar = WorkCalendar(days)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casework.clock.work_calendar", lambda: calendar)
        yield calendar


def here(moment: datetime) -> datetime:
    return moment.replace(tzinfo=ZONE)


@given(DECREES, TURN, TERM)
def test_every_deadline_is_the_closing_of_a_worked_day(
    decrees: dict[date, Day], came: datetime, term: tuple[int, str]
) -> None:
    with decreed(decrees) as calendar:
        registered = calendar.registration_moment(here(came))
        due = promised(registered, {"value": term[0], "unit": term[1]})
        day = due.astimezone(ZONE).date()
        assert calendar.is_working(day) and due == calendar.closing(day) and due > registered


@given(DECREES, TURN, TURN, TERM)
def test_what_comes_later_is_never_promised_earlier(
    decrees: dict[date, Day], one: datetime, other: datetime, term: tuple[int, str]
) -> None:
    first, second = sorted([here(one), here(other)])
    with decreed(decrees) as calendar:
        dues = [
            promised(calendar.registration_moment(came), {"value": term[0], "unit": term[1]})
            for came in (first, second)
        ]
    assert dues == sorted(dues)


def _paused(
    calendar: WorkCalendar, came: datetime, value: int, unit: str, data: st.DataObject
) -> tuple[datetime, datetime, datetime, datetime]:
    """A term that stood still for a while: until when, from when to when, and until when then."""
    registered = calendar.registration_moment(here(came))
    due = promised(registered, {"value": value, "unit": unit})
    paused = registered + data.draw(st.timedeltas(timedelta(0), due - registered))
    answered = paused + data.draw(st.timedeltas(timedelta(0), timedelta(days=20)))
    return due, paused, answered, resumed(due, paused, answered, unit)


@given(DECREES, TURN, st.integers(1, 15), st.data())
def test_a_pause_leaves_the_working_days_that_were_left(
    decrees: dict[date, Day], came: datetime, value: int, data: st.DataObject
) -> None:
    with decreed(decrees) as calendar:
        due, paused, answered, later = _paused(calendar, came, value, "working_days", data)
        first, last = paused.astimezone(ZONE).date(), answered.astimezone(ZONE).date()
        left = calendar.working_days_between(first, due.astimezone(ZONE).date())
        assert calendar.working_days_between(last, later.astimezone(ZONE).date()) == left
        # Half days close earlier, but a whole day is never taken off.
        assert later >= due and later == calendar.closing(later.astimezone(ZONE).date())


@given(DECREES, TURN, st.integers(1, 30), st.data())
def test_a_pause_leaves_the_working_hours_that_were_left(
    decrees: dict[date, Day], came: datetime, value: int, data: st.DataObject
) -> None:
    with decreed(decrees) as calendar:
        due, paused, answered, later = _paused(calendar, came, value, "working_hours", data)
        left = calendar.working_time_between(paused, due)
        assert later >= due
        assert calendar.working_time_between(answered, later) == left


@given(DECREES, TURN, TURN, st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=3))
def test_two_pauses_after_each_other_are_never_cheaper_than_none(
    decrees: dict[date, Day], came: datetime, other: datetime, pauses: list[timedelta]
) -> None:
    with decreed(decrees) as calendar:
        registered = calendar.registration_moment(here(came))
        due = promised(registered, {"value": 10, "unit": "working_days"})
        now, dues = registered, [due]
        for length in pauses:
            dues.append(resumed(dues[-1], now, now + length, "working_days"))
            now += length
        assert dues == sorted(dues)
        # Answered on the day of the question, nothing is won.
        assert resumed(due, now, now, "working_days") == due


@given(DECREES, TURN, TERM, st.sampled_from(["working_days", "calendar_days", "months"]))
def test_the_heads_extension_across_moved_days_is_always_later(
    decrees: dict[date, Day], came: datetime, term: tuple[int, str], unit: str
) -> None:
    with decreed(decrees) as calendar:
        due = promised(
            calendar.registration_moment(here(came)), {"value": term[0], "unit": term[1]}
        )
        assert extended(due, {"value": 1, "unit": unit}) > due


@given(DECREES, TURN, ZONES, ZONES, st.integers(1, 15), st.sampled_from(UNITS), st.data())
def test_a_moment_is_the_same_in_whichever_zone_it_is_written(
    decrees: dict[date, Day], came: datetime, one: tzinfo, other: tzinfo, value: int, unit: str,
    data: st.DataObject,
) -> None:  # fmt: skip
    length = data.draw(st.timedeltas(timedelta(0), timedelta(days=20)))
    found = []
    with decreed(decrees) as calendar:
        for zone in (one, other):
            moment = here(came).astimezone(zone)
            registered = calendar.registration_moment(moment).astimezone(zone)
            due = promised(registered, {"value": value, "unit": unit}).astimezone(zone)
            found.append((registered, due, resumed(due, moment, moment + length, unit)))
    assert found[0] == found[1]


def test_the_heads_extension_looks_at_the_clock_not_at_the_wall(
    row: ServiceRequest, officer: User, head: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    row.refresh_from_db()
    assert row.due_at is not None
    # It stands since Wednesday: the day on which it would have ended says nothing.
    services.extend(row, head, "Ekspertiza", now=row.due_at + timedelta(days=2))


def test_what_ended_for_want_of_an_answer_is_not_the_agencys_delay(
    row: ServiceRequest, officer: User
) -> None:
    ServiceRules.objects.create(service=row.service, unanswered=ServiceRules.Unanswered.REFUSED)
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    assert services.expire_unanswered(WEDNESDAY + timedelta(days=60)) == 1
    ended = row.events.get(kind=State.REFUSED)
    assert (ended.data["late"], ended.data["on_last_day"]) == (False, False)
