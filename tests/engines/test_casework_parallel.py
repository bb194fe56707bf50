"""Random histories with everybody at once: officer, head, applicant, controller, another agency, the
schedule and a payment act on one request at the same moment, each on a connection of its own.

Whatever they press: nothing of it is lost, the chain holds, the clock is what its events say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.membership import ANSWERING
from accounts.models import Role, User
from accounts.selectors import may
from casework import assigning, paying, services, tasks
from casework.graph import CLOSED, GRAPH, State
from casework.journal import broken_links
from casework.models import RequestEvent, RequestTask, ServiceRequest
from casework.numbers import parse_number
from casework.transitions import InvalidTransition, Missing, NotAllowed, transition
from core.models import work_calendar
from operations.models import OutboxMessage
from payments import services as payments
from payments.models import MerchantAccount
from service_pages.models import Service
from tests.at_once import together
from tests.casework.support import WEDNESDAY, applicant, make_agency, make_request, staff
from tests.casework.test_paying import FEE, make_paid_service, rule

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

REFUSALS = (InvalidTransition, Missing, NotAllowed)
#: Who does what; of each round some act together.
ACTS = (
    "pay", "take", "ask", "approve", "refuse", "complete", "answer", "withdraw", "expire",
    "extend", "head_refuses", "reopen", "say", "forward", "forward_back", "accept", "accept_there",
    "take_there", "refuse_there", "controller_reopens", "ask_agency", "answer_task", "call_back",
    "note", "assign",
)  # fmt: skip
ROUNDS = st.lists(
    st.tuples(st.lists(st.sampled_from(ACTS), min_size=2, max_size=4), st.integers(1, 400)),
    min_size=3,
    max_size=7,
)


class Town:
    """One service with a fee, and those who deal with a request for it."""

    def __init__(self) -> None:
        agency = make_agency("adliya", "ADL")
        MerchantAccount.objects.create(agency=agency, provider="cash")
        self.service: Service = make_paid_service(agency, [rule()])
        self.citizen: User = applicant()
        self.officer = staff(agency, Role.OFFICER)
        self.head = staff(agency, Role.HEAD, name="head")
        self.agency, self.other = agency, make_agency("saqlash", "SAQ")
        self.there = staff(self.other, Role.OFFICER, name="there")
        self.controller = staff(None, Role.CONTROLLER, name="controller")

    def act(self, name: str, row: ServiceRequest, now: datetime) -> Any:
        """What one of them presses."""

        def go(to: State, who: User | None, **fields: Any) -> RequestEvent:
            return transition(row.pk, to, actor=who, now=now, **fields)

        def pay() -> Any:
            invoice = paying.invoice_of(row)
            assert invoice is not None
            return payments.receive(invoice.pk, "cash", f"r{row.pk}", FEE, now=now)

        def task() -> RequestTask:
            found = RequestTask.objects.filter(request=row).order_by("-pk").first()
            if found is None:
                raise InvalidTransition("", "task")
            return found

        deeds: dict[str, Callable[[], Any]] = {
            "forward": lambda: go(
                State.FORWARDED, self.officer, reason="Sizga tegishli", agency=self.other
            ),
            "forward_back": lambda: go(
                State.FORWARDED, self.there, reason="Bizga emas", agency=self.agency
            ),
            "accept": lambda: go(State.REGISTERED, self.officer),
            "accept_there": lambda: go(State.REGISTERED, self.there),
            "take_there": lambda: go(State.IN_REVIEW, self.there),
            "refuse_there": lambda: go(
                State.REFUSED, self.there, reason="z", ground="data_mismatch"
            ),
            "controller_reopens": lambda: go(State.REOPENED, self.controller, reason="Tekshirildi"),
            "ask_agency": lambda: tasks.open_task(
                row, self.officer, self.other, "Toʻgʻrimi?", 2, now=now
            ),
            "answer_task": lambda: tasks.answer_task(task(), self.there, "Toʻgʻri", now=now),
            "call_back": lambda: tasks.call_back(task(), self.officer, now=now),
            "note": lambda: assigning.note(row, self.officer, "Eslatma"),
            "assign": lambda: assigning.assign(row, self.officer, self.head, now=now),
            "pay": pay,
            "take": lambda: go(State.IN_REVIEW, self.officer),
            "ask": lambda: go(State.INFO_REQUESTED, self.officer, reason="Nusxa"),
            "approve": lambda: go(State.APPROVED, self.officer, reason="Tayyor"),
            "refuse": lambda: go(State.REFUSED, self.officer, reason="x", ground="duplicate"),
            "head_refuses": lambda: go(State.REFUSED, self.head, reason="y", ground="duplicate"),
            "complete": lambda: go(State.COMPLETED, self.officer),
            "reopen": lambda: go(State.REOPENED, self.head, reason="Xato"),
            "withdraw": lambda: go(State.WITHDRAWN, self.citizen),
            "extend": lambda: services.extend(row, self.head, "Ekspertiza", now=now),
            "answer": lambda: services.write(row, self.citizen, "Mana", now=now),
            "say": lambda: services.write(row, self.officer, "Salom", now=now),
            "expire": lambda: services.expire_unanswered(now),
        }
        return deeds[name]()


def worked_after(day: date, count: int) -> date:
    """The `count`-th working day after a day, counted day by day."""
    while count:
        day += timedelta(days=1)
        count -= work_calendar().is_working(day)
    return day


def closing(day: date) -> datetime:
    return work_calendar().spans(day)[-1][1]


def due_by_events(events: list[RequestEvent]) -> datetime | None:
    """The deadline told anew from what happened: five working days after the registration, later
    by the working days the applicant took, and by the month that the head may add."""
    due, asked = None, None
    for event in events:
        day = timezone.localdate(event.at)
        begins = event.to_state == State.REOPENED or (
            event.from_state == State.AWAITING_PAYMENT and event.to_state == State.REGISTERED
        )
        if begins:
            spans = work_calendar().spans(day)
            # What comes after the end of a day, or on a day off, is registered on the next.
            if not spans or event.at >= spans[-1][1]:
                day = worked_after(day, 1)
            due = closing(worked_after(day, 5))
        elif event.kind == "extended":
            assert due is not None
            last = timezone.localdate(due)
            year, month = last.year + last.month // 12, last.month % 12 + 1
            following = date(year + month // 12, month % 12 + 1, 1)
            later = min(last.day, (following - timedelta(days=1)).day)
            ends = date(year, month, later)
            due = closing(ends if work_calendar().is_working(ends) else worked_after(ends, 1))
        elif event.to_state == State.INFO_REQUESTED:
            asked = day
        elif event.from_state == State.INFO_REQUESTED and due is not None:
            assert asked is not None
            taken = sum(
                work_calendar().is_working(asked + timedelta(days=n))
                for n in range(1, (day - asked).days + 1)
            )
            due = closing(worked_after(timezone.localdate(due), taken)) if taken else due
    return due


def whole(row: ServiceRequest, written: int) -> None:
    """Everything that holds of a request after a round in which `written` events were reported."""
    row.refresh_from_db()
    events = list(row.events.order_by("sequence"))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert broken_links(row) == []
    assert len(events) >= written
    moves = [event for event in events if event.to_state]
    assert all((one.from_state, one.to_state) in GRAPH for one in moves[1:])
    assert all(one.to_state == other.from_state for one, other in pairwise(moves))
    assert moves[-1].to_state == row.state
    # One outcome until a head reopens it.
    opened = max((n for n, e in enumerate(moves) if e.to_state == State.REOPENED), default=0)
    ends = [e.to_state for e in moves[opened:] if e.to_state in CLOSED | {State.APPROVED}]
    assert len([end for end in ends if end != State.COMPLETED]) <= 1
    assert (row.closed_at is not None) == (row.state in CLOSED)
    decided = {State.APPROVED: "approved", State.COMPLETED: "approved", State.REFUSED: "refused",
               State.WITHDRAWN: "withdrawn", State.EXPIRED: "expired"}  # fmt: skip
    assert row.outcome == decided.get(State(row.state), "")
    assert row.due_at == due_by_events(events)
    whole_tasks(row, events)
    # It lies where it was passed on to last, with nobody of another agency.
    passed = [event.data for event in moves if event.to_state == State.FORWARDED]
    assert all(one["from_agency"] != one["to_agency"] for one in passed)
    assert all(one["to_agency"] == other["from_agency"] for one, other in pairwise(passed))
    assert row.agency.key == (passed[-1]["to_agency"] if passed else "adliya")
    assert row.assignee is None or may(row.assignee, row.agency, *ANSWERING)
    told = OutboxMessage.objects.filter(event_key__startswith=f"request:{row.uuid}:")
    keys = list(told.values_list("event_key", "channel"))
    assert len(keys) == len(set(keys)) <= len(events)


def whole_tasks(row: ServiceRequest, events: list[RequestEvent]) -> None:
    """Every question to another agency was asked once and ended at most once; nothing was decided
    over an open one."""
    waiting: set[int] = set()
    for event in events:
        if event.kind == "task_opened":
            assert event.data["task"] not in waiting
            waiting.add(event.data["task"])
        elif event.kind in {"task_answered", "task_called_back"}:
            waiting.remove(event.data["task"])
        elif event.kind in {State.APPROVED, State.REFUSED} and event.actor is not None:
            assert not waiting
    still = RequestTask.objects.open().filter(request=row).values_list("pk", flat=True)
    assert set(still) == waiting
    assert not waiting or row.state not in CLOSED
    asked = [event for event in events if event.kind == "task_opened"]
    assert RequestTask.objects.filter(request=row).count() == len(asked)


def test_histories_of_many_hands(db: None) -> None:
    town = Town()
    numbers: set[str] = set()

    @settings(
        max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(ROUNDS)
    def histories(rounds: list[tuple[list[str], int]]) -> None:
        row, twin = together(
            *[lambda: make_request(town.service, town.citizen)] * 2, refusals=REFUSALS
        )
        for one in (row, twin):
            assert one.number not in numbers
            assert parse_number(one.number) == one.number
            numbers.add(one.number)
        now = WEDNESDAY
        # Paid while somebody takes it back, more often than not: else little would happen.
        for acts, hours in [(["pay", "take"], 1), (["take", "say"], 1), *rounds]:
            before = row.events.count()
            done = together(
                *[partial(town.act, name, row, now) for name in acts], refusals=REFUSALS
            )
            reported = [one for one in done if isinstance(one, RequestEvent)]
            assert len({one.pk for one in reported}) == len(reported)
            assert all(row.events.filter(pk=one.pk).exists() for one in reported)
            whole(row, before + len(reported))
            now += timedelta(hours=hours)
        twin.refresh_from_db()
        assert (twin.state, twin.events.count()) == (State.AWAITING_PAYMENT, 1)

    histories()
