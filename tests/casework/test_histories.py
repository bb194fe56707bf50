"""Random histories: whatever people press, the row, the chain and the outbox stay in step."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import Role, User
from casework import services
from casework.graph import CLOSED, GRAPH, RUNNING, State
from casework.journal import broken_links
from casework.models import RequestEvent, ServiceRequest
from casework.transitions import NO_ANSWER, InvalidTransition, Missing, NotAllowed, transition
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.casework.support import (
    WEDNESDAY,
    applicant,
    make_agency,
    make_request,
    make_service,
    staff,
)

pytestmark = pytest.mark.every_database

REFUSALS = (InvalidTransition, Missing, NotAllowed)


def test_histories(db: None) -> None:
    first, second = make_agency("adliya", "ADL"), make_agency("saqlash", "SAQ")
    service: Service = make_service(first)
    citizen = applicant()
    people: list[User | None] = [
        citizen, applicant(2), staff(first), staff(first, Role.HEAD, name="head"), staff(second),
        staff(None, Role.CONTROLLER, name="controller"), None,
    ]  # fmt: skip

    class Histories(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.row = make_request(service, citizen)
            self.now: datetime = WEDNESDAY
            self.sequence = 1
            self.visited = [State.REGISTERED]

        @rule(
            to=st.sampled_from(list(State)),
            who=st.sampled_from(people),
            reason=st.sampled_from(["", "Sabab"]),
            ground=st.sampled_from(["", "data_mismatch", NO_ANSWER]),
            agency=st.sampled_from([None, first, second]),
        )
        def move(
            self, to: State, who: User | None, reason: str, ground: str, agency: object
        ) -> None:
            before = self.row.state
            try:
                with transaction.atomic():
                    event = transition(
                        self.row.pk, to, actor=who, reason=reason, ground=ground,
                        agency=agency, now=self.now,
                    )  # type: ignore[arg-type]  # fmt: skip
            except REFUSALS:
                self.row.refresh_from_db()
                assert self.row.state == before
                return
            assert (before, to) in GRAPH
            self.row.refresh_from_db()
            assert self.row.state == to
            self.visited.append(to)
            self.sequence += 1
            assert event.sequence == self.sequence

        @rule(who=st.sampled_from(people), text=st.sampled_from(["", "Salom"]))
        def say(self, who: User | None, text: str) -> None:
            if who is None:
                return
            before = self.row.state
            try:
                with transaction.atomic():
                    services.write(self.row, who, text, now=self.now)
            except REFUSALS:
                return
            self.row.refresh_from_db()
            # An answer to a question moves the request too.
            answered = before == State.INFO_REQUESTED and who == citizen
            self.sequence += 2 if answered else 1
            assert (self.row.state != before) == answered

        @rule(hours=st.integers(1, 400))
        def wait(self, hours: int) -> None:
            self.now += timedelta(hours=hours)

        @rule()
        def sweep(self) -> None:
            ended = services.expire_unanswered(self.now)
            self.row.refresh_from_db()
            self.sequence += ended

        @invariant()
        def the_row_is_whole(self) -> None:
            row = ServiceRequest.objects.get(pk=self.row.pk)
            assert (row.closed_at is not None) == (row.state in CLOSED)
            assert (row.paused_at is not None) == (row.state == State.INFO_REQUESTED)
            assert row.due_at is not None
            assert row.registered_at is not None
            assert row.due_at >= row.registered_at
            if row.state in RUNNING:
                assert row.outcome == ""

        @invariant()
        def no_event_is_lost(self) -> None:
            events = list(RequestEvent.objects.filter(request=self.row))
            assert [event.sequence for event in events] == list(range(1, self.sequence + 1))
            assert broken_links(self.row) == []
            moves = [e for e in events if e.to_state and e.from_state]
            for one, other in pairwise(moves):
                assert other.from_state == one.to_state

        @invariant()
        def each_event_is_told_at_most_once(self) -> None:
            keys = OutboxMessage.objects.filter(
                event_key__startswith=f"request:{self.row.uuid}:"
            ).values_list("event_key", flat=True)
            assert len(keys) == len(set(keys))
            assert len(keys) <= self.sequence

    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
