"""The clock cannot be played with, and what is done with it is counted of whoever did it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import Agency, User
from casework import clock, services
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import Missing, NotAllowed, transition
from operations.models import OutboxMessage
from tests.casework.support import WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(row: ServiceRequest, officer: User) -> ServiceRequest:
    """A request that an officer considers; it is due five working days after WEDNESDAY."""
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    row.refresh_from_db()
    return row


def _ask(row: ServiceRequest, who: User, now: datetime = WEDNESDAY) -> None:
    transition(row.pk, State.INFO_REQUESTED, actor=who, reason="Nusxa", now=now)


def test_the_clock_stops_once_and_then_only_for_the_head(
    taken: ServiceRequest, officer: User, head: User, citizen: User
) -> None:
    _ask(taken, officer)
    services.write(taken, citizen, "Mana", now=WEDNESDAY)
    with pytest.raises(Missing) as refused:
        _ask(taken, officer)
    assert refused.value.what == "ask_again"
    _ask(taken, head)
    taken.refresh_from_db()
    assert (taken.state, taken.asked_count) == (State.INFO_REQUESTED, 2)


def test_the_clock_never_stops_after_the_day_the_answer_was_due(
    taken: ServiceRequest, head: User
) -> None:
    assert taken.due_at is not None
    with pytest.raises(Missing) as refused:
        _ask(taken, head, taken.due_at + timedelta(minutes=1))
    assert refused.value.what == "ask_late"
    _ask(taken, head, taken.due_at)


def test_the_head_puts_the_term_off_once_with_a_reason(
    taken: ServiceRequest, officer: User, head: User, citizen: User
) -> None:
    before = taken.due_at
    assert before is not None
    with pytest.raises(NotAllowed):
        services.extend(taken, officer, "Tekshiruv", now=WEDNESDAY)
    with pytest.raises(Missing, match="reason"):
        services.extend(taken, head, " ", now=WEDNESDAY)
    event = services.extend(taken, head, "Qoʻshimcha tekshiruv", now=WEDNESDAY)
    taken.refresh_from_db()
    # The passport names no extension: the law's month.
    assert taken.due_at is not None and taken.due_at - before >= timedelta(days=28)
    assert event.data["from"] == before.isoformat()
    assert OutboxMessage.objects.filter(event_key__endswith=f":{event.sequence}").count() == 1
    with pytest.raises(Missing) as again:
        services.extend(taken, head, "Yana", now=WEDNESDAY)
    assert again.value.what == "extend_again"


def test_a_term_that_is_over_or_decided_is_not_put_off(taken: ServiceRequest, head: User) -> None:
    assert taken.due_at is not None
    with pytest.raises(Missing) as late:
        services.extend(taken, head, "Kech", now=taken.due_at + timedelta(seconds=1))
    assert late.value.what == "extend_late"
    transition(taken.pk, State.APPROVED, actor=head, reason="Tayyor", now=WEDNESDAY)
    with pytest.raises(Missing) as decided:
        services.extend(taken, head, "Keyin", now=WEDNESDAY)
    assert decided.value.what == "extend_closed"


def test_a_reopened_request_has_a_clock_of_its_own(
    taken: ServiceRequest, officer: User, head: User, citizen: User
) -> None:
    _ask(taken, officer)
    services.write(taken, citizen, "Mana", now=WEDNESDAY)
    services.extend(taken, head, "Tekshiruv", now=WEDNESDAY)
    ground = {"reason": "Mos emas", "ground": "data_mismatch"}
    transition(taken.pk, State.REFUSED, actor=officer, now=WEDNESDAY, **ground)
    transition(taken.pk, State.REOPENED, actor=head, reason="Shikoyat asosli", now=WEDNESDAY)
    taken.refresh_from_db()
    assert (taken.asked_count, taken.extended_at) == (0, None)


@pytest.mark.parametrize(("days", "late"), [(0, False), (5, False), (6, True)])
def test_forwarding_after_the_fifth_day_is_the_senders_breach(
    row: ServiceRequest, officer: User, other_agency: Agency, days: int, late: bool
) -> None:
    event = transition(
        row.pk, State.FORWARDED, actor=officer, agency=other_agency, reason="Sizga tegishli",
        now=WEDNESDAY + timedelta(days=days),
    )  # fmt: skip
    assert event.actor == officer
    assert (event.data["lay_days"], event.data["late_forward"]) == (days, late)


def test_a_decision_says_whether_it_was_late_or_on_the_last_day(
    taken: ServiceRequest, officer: User
) -> None:
    assert taken.due_at is not None
    event = transition(taken.pk, State.APPROVED, actor=officer, reason="Tayyor", now=taken.due_at)
    assert (event.data["late"], event.data["on_last_day"]) == (False, True)


@pytest.mark.parametrize("unit", ["minutes", "hours", "working_hours", "working_days", "months"])
def test_an_extension_always_gives_more_time(row: ServiceRequest, unit: str) -> None:
    assert row.due_at is not None
    assert clock.extended(row.due_at, {"value": 1, "unit": unit}) > row.due_at
