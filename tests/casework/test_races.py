"""Two people at once: one goes the way, the other is told; no number is given twice."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import Agency, User
from casework import services
from casework.graph import State
from casework.intake import PortalReceiver, register_request
from casework.journal import broken_links
from casework.models import RequestEvent, ServiceRequest
from casework.transitions import InvalidTransition, NotAllowed, transition
from forms.models import Submission
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.at_once import together
from tests.casework.support import WEDNESDAY, make_request, make_submission

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_of_two_decisions_wins(row: ServiceRequest, officer: User, head: User) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    results = together(
        lambda: transition(row.pk, State.APPROVED, actor=officer, reason="Tayyor"),
        lambda: transition(row.pk, State.REFUSED, actor=head, reason="x", ground="duplicate"),
    )
    won = [result for result in results if isinstance(result, RequestEvent)]
    lost = [result for result in results if isinstance(result, InvalidTransition)]
    assert (len(won), len(lost)) == (1, 1)
    row.refresh_from_db()
    assert row.state == won[0].to_state
    assert broken_links(row) == []


def test_no_event_is_lost_among_many(row: ServiceRequest, citizen: User, officer: User) -> None:
    calls = [partial(services.write, row, who, "Xabar") for who in (citizen, officer)] * 5
    results = together(*calls)
    assert not [result for result in results if isinstance(result, Exception)]
    assert list(row.events.values_list("sequence", flat=True)) == list(range(1, 12))
    assert broken_links(row) == []
    # One for the receipt, one for each message of the officer.
    assert OutboxMessage.objects.count() == 6


def test_no_number_is_given_twice(service: Service, citizen: User) -> None:
    submissions: list[Submission] = [make_submission(service, citizen) for _ in range(6)]
    together(
        *[partial(PortalReceiver().accept, submission) for submission in submissions], refusals=()
    )
    numbers = ServiceRequest.objects.values_list("number", flat=True)
    assert len(set(numbers)) == 6
    assert sorted(number[9:16] for number in numbers) == [f"{n:07d}" for n in range(1, 7)]


def test_the_same_submission_gives_one_request(service: Service, citizen: User) -> None:
    submission = make_submission(service, citizen)
    together(*[lambda: register_request(submission, service)] * 3, refusals=())
    assert ServiceRequest.objects.filter(submission=submission).count() == 1
    assert OutboxMessage.objects.count() == 1


def test_a_question_that_runs_out_while_it_is_answered(
    service: Service, citizen: User, officer: User
) -> None:
    row = make_request(service, citizen)
    transition(row.pk, State.IN_REVIEW, actor=officer)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    row.refresh_from_db()
    assert row.answer_by is not None
    late = row.answer_by.replace(year=row.answer_by.year + 1)
    together(lambda: services.write(row, citizen, "Mana"), lambda: services.expire_unanswered(late))
    row.refresh_from_db()
    ended = row.events.filter(kind=State.EXPIRED).count()
    answered = row.events.filter(kind=State.IN_REVIEW, from_state=State.INFO_REQUESTED).count()
    assert ended + answered == 1
    assert broken_links(row) == []


def test_who_waits_for_a_request_that_is_passed_on_is_told_so(
    row: ServiceRequest, officer: User, other_agency: Agency
) -> None:
    for _round in range(10):
        fresh = make_request(row.service, row.applicant)
        results = together(
            lambda pk=fresh.pk: transition(
                pk, State.FORWARDED, actor=officer, agency=other_agency, reason="Sizga tegishli"
            ),
            *[lambda pk=fresh.pk: transition(pk, State.IN_REVIEW, actor=officer)] * 3,
        )
        assert all(
            isinstance(one, RequestEvent | InvalidTransition | NotAllowed) for one in results
        )
        fresh.refresh_from_db()
        assert broken_links(fresh) == []
