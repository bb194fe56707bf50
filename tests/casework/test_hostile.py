"""What somebody would try who wants the clock, the counters or another's request for themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from accounts.selectors import profile_of
from casework import appeals, complaints, conduct, doors, selectors, services, tasks
from casework.conduct import Span, What
from casework.graph import State
from casework.journal import broken_links
from casework.models import EventText, Kind, RequestEvent, RequestTask, ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, transition
from core.models import CalendarDay
from forms.models import Source
from service_pages.models import Service
from tests.casework.support import (
    WEDNESDAY,
    applicant,
    make_agency,
    make_request,
    put,
    signed_in,
    staff,
)
from tests.casework.test_doors import _paper
from tests.casework.test_journal import _lift

pytestmark = pytest.mark.every_database
DAY = timedelta(days=1)


@pytest.fixture
def taken(row: ServiceRequest, officer: User) -> ServiceRequest:
    """A request that an officer considers since WEDNESDAY."""
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    row.refresh_from_db()
    return row


def _refuse(row: ServiceRequest, who: User, now: datetime = WEDNESDAY) -> RequestEvent:
    return transition(
        row.pk, State.REFUSED, actor=who, reason="Mos emas", ground="data_mismatch", now=now
    )


# -- the clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["-", " • \n - \n", "...", "?!"])
def test_a_question_that_names_nothing_stops_no_clock(
    taken: ServiceRequest, officer: User, text: str
) -> None:
    with pytest.raises(Missing, match="ask_list"):
        transition(taken.pk, State.INFO_REQUESTED, actor=officer, reason=text, now=WEDNESDAY)


def test_asked_twice_at_once_it_is_asked_once(taken: ServiceRequest, head: User) -> None:
    transition(taken.pk, State.INFO_REQUESTED, actor=head, reason="Nusxa", now=WEDNESDAY)
    with pytest.raises(InvalidTransition):
        transition(taken.pk, State.INFO_REQUESTED, actor=head, reason="Nusxa", now=WEDNESDAY)
    taken.refresh_from_db()
    assert taken.asked_count == 1 and taken.paused_at == WEDNESDAY


def test_days_of_another_agency_are_not_the_next_ones_breach(
    taken: ServiceRequest, officer: User, other_agency: Agency, outsider: User
) -> None:
    third = make_agency("soliq", "SOL")
    first = transition(
        taken.pk, State.FORWARDED, actor=officer, reason="Sizga", agency=other_agency,
        now=WEDNESDAY + 6 * DAY,
    )  # fmt: skip
    assert (first.data["lay_days"], first.data["late_forward"]) == (6, True)
    second = transition(
        transition(
            transition(taken.pk, State.REGISTERED, actor=outsider, now=WEDNESDAY + 7 * DAY).request_id,
            State.IN_REVIEW, actor=outsider, now=WEDNESDAY + 7 * DAY,
        ).request_id,
        State.FORWARDED, actor=outsider, reason="Bizga emas", agency=third,
        now=WEDNESDAY + 8 * DAY,
    )  # fmt: skip
    assert (second.data["lay_days"], second.data["late_forward"]) == (2, False)


def test_what_was_opened_again_lies_since_then(
    taken: ServiceRequest, officer: User, head: User, other_agency: Agency
) -> None:
    _refuse(taken, officer)
    transition(taken.pk, State.REOPENED, actor=head, reason="Xato", now=WEDNESDAY + 60 * DAY)
    transition(taken.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY + 61 * DAY)
    event = transition(
        taken.pk, State.FORWARDED, actor=officer, reason="Sizga", agency=other_agency,
        now=WEDNESDAY + 62 * DAY,
    )  # fmt: skip
    assert event.data["late_forward"] is False


def test_nobody_opens_again_what_they_decided_to_win_a_term(
    taken: ServiceRequest, head: User, agency: Agency, controller: User
) -> None:
    _refuse(taken, head)
    with pytest.raises(NotAllowed):
        transition(taken.pk, State.REOPENED, actor=head, reason="Xato")
    url = reverse("casework_detail", args=[taken.uuid])
    button = 'value="reopen"'
    assert button not in signed_in(head).get(url).content.decode()
    signed_in(head).post(url, {"action": "reopen", "text": "Xato"})
    taken.refresh_from_db()
    assert taken.state == State.REFUSED
    deputy = staff(agency, Role.DEPUTY, name="deputy")
    assert button in signed_in(deputy).get(url).content.decode()
    transition(taken.pk, State.REOPENED, actor=controller, reason="Tekshirildi")


def test_who_drafted_it_opens_nothing_again_either(
    taken: ServiceRequest, officer: User, head: User, agency: Agency
) -> None:
    Agency.objects.filter(pk=agency.pk).update(sign_off_required=True)
    drafter = staff(agency, Role.DEPUTY, Role.OFFICER, name="drafter")
    ServiceRequest.objects.filter(pk=taken.pk).update(is_proposed=True)
    taken.refresh_from_db()
    taken.proposed = {"target": "refused", "text": "Mos emas", "ground": "data_mismatch",
                      "by": drafter.pk}  # fmt: skip
    taken.save(update_fields=["proposed"])
    services.sign(taken, head)
    with pytest.raises(NotAllowed):
        transition(taken.pk, State.REOPENED, actor=drafter, reason="Xato")


@pytest.mark.parametrize(
    ("came", "registered"),
    [
        # Navruz, a Saturday in 2026, whose day off is given on Monday: Tuesday.
        (datetime(2026, 3, 21, 6, tzinfo=UTC), date(2026, 3, 24)),
        # A Friday that a decree made half a day: after its closing, on Monday.
        (datetime(2026, 4, 10, 9, tzinfo=UTC), date(2026, 4, 13)),
        (datetime(2026, 4, 10, 7, 59, tzinfo=UTC), date(2026, 4, 10)),
        # A Saturday that a decree made a working day: at once.
        (datetime(2026, 4, 18, 6, tzinfo=UTC), date(2026, 4, 18)),
    ],
)
def test_registration_on_holidays_half_days_and_moved_days(
    service: Service, citizen: User, came: datetime, registered: date
) -> None:
    CalendarDay.objects.create(date=date(2026, 4, 10), is_working=True, closes_at=time(13))
    CalendarDay.objects.create(date=date(2026, 4, 18), is_working=True)
    row = make_request(service, citizen, submitted_at=came)
    assert row.registered_at is not None
    assert timezone.localdate(row.registered_at) == registered
    assert row.registered_at >= came and row.submitted_at == came


def test_what_a_clerk_enters_late_is_counted_and_its_clock_ran(
    service: Service, agency: Agency
) -> None:
    clerk = staff(agency, Role.CLERK, name="clerk")
    late = doors.enter(_paper(service, received_at=timezone.now() - 10 * DAY), clerk)
    soon = doors.enter(_paper(service, received_at=timezone.now() - timedelta(hours=1)), clerk)
    assert late.due_at is not None and soon.due_at is not None and late.due_at < soon.due_at
    assert late.events.get(kind="submitted").data["entered_late"] is True
    assert soon.events.get(kind="submitted").data["entered_late"] is False
    lines = conduct.table([agency], Span.YEAR)
    assert {line.person: line.counts for line in lines}[clerk][What.BREACHES] == 1


# -- a question that is open -----------------------------------------------------------------------


def test_withdrawn_while_a_question_is_open(
    taken: ServiceRequest, officer: User, citizen: User, other_agency: Agency
) -> None:
    task = tasks.open_task(taken, officer, other_agency, "Toʻgʻrimi?", now=WEDNESDAY)
    transition(taken.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    own = signed_in(citizen)
    assert own.post(reverse("casework:withdraw", args=[taken.uuid])).status_code == 303
    taken.refresh_from_db()
    assert (taken.state, taken.paused_at, taken.answer_by) == (State.WITHDRAWN, None, None)
    task.refresh_from_db()
    assert task.status == RequestTask.Status.CALLED_BACK
    # Nothing comes after it: neither an answer nor the end of the question.
    answer = own.post(reverse("casework:message", args=[taken.uuid]), {"text": "Mana"})
    assert answer.status_code == 409
    assert services.expire_unanswered(WEDNESDAY + 90 * DAY) == 0
    assert broken_links(taken) == []


# -- appeals and ratings ---------------------------------------------------------------------------


def test_one_appeal_at_a_time_and_one_rating_for_good(
    taken: ServiceRequest, officer: User, citizen: User, head: User
) -> None:
    make_agency("kengash", "VKN", kind="council")
    _refuse(taken, officer, now=timezone.now())
    own = signed_in(citizen)
    url = reverse("casework:complain", args=[taken.uuid])
    assert own.post(url, {"text": "Asossiz rad etildi"}).status_code == 303
    assert own.post(url, {"text": "Asossiz rad etildi"}).status_code == 409
    assert taken.followed_by.count() == 1
    rate = reverse("casework:rate", args=[taken.uuid])
    for _twice in range(2):
        own.post(rate, {"score": "1"})
    transition(taken.pk, State.REOPENED, actor=head, reason="Xato")
    transition(taken.pk, State.IN_REVIEW, actor=officer)
    _refuse(taken, officer, now=timezone.now())
    own.post(rate, {"score": "5"})
    assert taken.rating.score == 1
    assert taken.events.filter(kind="rated").count() == 1


def test_a_late_request_is_reported_once_by_whoever_it_is(
    taken: ServiceRequest, citizen: User, stranger: User
) -> None:
    make_agency("kengash", "VKN", kind="council")
    ServiceRequest.objects.filter(pk=taken.pk).update(due_at=timezone.now() - DAY)
    with pytest.raises(NotAllowed):
        complaints.report_delay(taken, stranger, "uz")
    complaints.report_delay(taken, None, "uz")
    for who in (citizen, None):
        with pytest.raises(InvalidTransition):
            complaints.report_delay(taken, who, "uz")


def test_what_is_kept_as_information_is_no_answer_in_the_figures(agency: Agency) -> None:
    asked = appeals.Appeal(Kind.COMPLAINT, agency, "Maktabda oʻgʻirlik bor", "uz", None, "t-1")
    row = appeals.send(asked)
    services.keep_as_information(row, staff(agency, Role.OFFICER))
    row.refresh_from_db()
    assert row.state == State.REFUSED
    received, answered = selectors.figures()
    assert (received.value, answered.value) == (1, 0)


# -- whose it is -----------------------------------------------------------------------------------


@pytest.fixture
def brought(service: Service, agency: Agency) -> ServiceRequest:
    """What somebody with a personal number brought to the counter."""
    clerk = staff(agency, Role.CLERK, name="clerk")
    return doors.enter(_paper(service, pinfl="51003230000017", source=Source.COUNTER), clerk)


def test_whoever_sees_slips_at_work_takes_nothing_over(
    brought: ServiceRequest, officer: User, head: User, citizen: User
) -> None:
    assert brought.entered_by is not None
    for person in (brought.entered_by, officer, head):
        assert doors.claim(person, brought.number, brought.access_code) is None
    brought.refresh_from_db()
    assert brought.applicant is None
    assert doors.claim(citizen, brought.number, brought.access_code) == brought


@pytest.mark.parametrize(
    ("pinfl", "taken_over"), [("", True), ("51003230000017", True), ("31003230000010", False)]
)
def test_another_person_takes_nothing_over_with_a_found_slip(
    brought: ServiceRequest, pinfl: str, taken_over: bool
) -> None:
    finder = applicant(5)
    profile = profile_of(finder)
    profile.pinfl = pinfl
    profile.save()
    found = doors.claim(finder, brought.number, brought.access_code)
    assert (found is not None) == taken_over


# -- the journal -----------------------------------------------------------------------------------


def _verify() -> str:
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("last", [1, 2])
def test_an_end_that_is_cut_off_today_is_seen_before_any_anchor(
    taken: ServiceRequest, officer: User, last: int
) -> None:
    _refuse(taken, officer)
    assert "all chains whole" in _verify()
    _lift()
    gone = RequestEvent.objects.filter(request=taken, sequence__gt=last)
    EventText.objects.filter(event__in=gone).delete()
    gone._raw_delete("default")
    assert broken_links(taken) == []
    with pytest.raises(CommandError, match=f"{taken.number}: the end is missing"):
        _verify()


def test_a_history_that_is_gone_is_seen(service: Service, citizen: User) -> None:
    row = make_request(service, citizen)
    _lift()
    RequestEvent.objects.filter(request=row)._raw_delete("default")
    with pytest.raises(CommandError, match=row.number):
        _verify()


def test_a_row_that_never_came_by_the_door_is_seen(service: Service, citizen: User) -> None:
    row = make_request(service, citizen)
    put(row, State.COMPLETED)
    with pytest.raises(CommandError, match=row.number):
        _verify()
