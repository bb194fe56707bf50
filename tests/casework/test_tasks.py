"""One window: several agencies answer one request, each within a term of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.db import transaction as db
from django.urls import reverse

from accounts.models import Agency, Role, User
from casework import services, tasks
from casework.graph import State
from casework.journal import broken_links
from casework.models import RequestTask, ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, transition
from operations.outbox import deliver_due
from tests.casework.support import WEDNESDAY, make_agency, pdf, put, signed_in, staff

pytestmark = pytest.mark.every_database
MATTER = "Yer toifasi toʻgʻrimi?"


@pytest.fixture
def taken(row: ServiceRequest, officer: User) -> ServiceRequest:
    """A request that the officer considers."""
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    row.refresh_from_db()
    return row


@pytest.fixture
def task(taken: ServiceRequest, officer: User, other_agency: Agency, outsider: User) -> RequestTask:
    """What the other agency is asked."""
    return tasks.open_task(taken, officer, other_agency, MATTER, 2, now=WEDNESDAY)


def test_a_task_has_its_own_term_within_the_requests(
    taken: ServiceRequest, officer: User, other_agency: Agency
) -> None:
    third = make_agency("uchinchi", "UCH")
    short = tasks.open_task(taken, officer, other_agency, MATTER, 2, now=WEDNESDAY)
    long = tasks.open_task(taken, officer, third, MATTER, 30, now=WEDNESDAY)
    assert taken.due_at is not None
    assert WEDNESDAY < short.due_at < taken.due_at
    assert short.due_at.date() == (WEDNESDAY + timedelta(days=2)).date()
    assert long.due_at == taken.due_at


def test_a_decision_waits_for_every_answer(
    task: RequestTask, taken: ServiceRequest, officer: User, outsider: User, other_agency: Agency
) -> None:
    third = make_agency("uchinchi", "UCH")
    second = tasks.open_task(taken, officer, third, MATTER, now=WEDNESDAY)
    for target, ground in ((State.APPROVED, ""), (State.REFUSED, "data_mismatch")):
        with pytest.raises(Missing) as stopped:
            services.decide(
                taken, officer, target, "Manzil hujjatga mos emas", ground, now=WEDNESDAY
            )
        assert stopped.value.what == "tasks_open"
    tasks.answer_task(task, outsider, "Toʻgʻri", now=WEDNESDAY + timedelta(hours=1))
    with pytest.raises(Missing):
        services.decide(taken, officer, State.APPROVED, "Javob", now=WEDNESDAY)
    tasks.call_back(second, officer, now=WEDNESDAY)
    services.decide(taken, officer, State.APPROVED, "Javob", now=WEDNESDAY + timedelta(hours=2))
    kinds = list(taken.events.values_list("kind", flat=True))
    assert kinds[-5:] == [
        "task_opened", "task_opened", "task_answered", "task_called_back", "approved",
    ]  # fmt: skip
    assert broken_links(taken) == []


def test_a_draft_waits_for_answers_too(
    task: RequestTask, taken: ServiceRequest, officer: User, agency: Agency, head: User
) -> None:
    agency.sign_off_required = True
    agency.save()
    with pytest.raises(Missing):
        services.decide(taken, officer, State.APPROVED, "Javob", now=WEDNESDAY)
    taken.refresh_from_db()
    assert not taken.is_proposed


def test_who_may_ask_answer_and_call_back(
    taken: ServiceRequest, officer: User, outsider: User, citizen: User, controller: User,
    other_agency: Agency, agency: Agency,
) -> None:  # fmt: skip
    for person in (outsider, citizen, controller):
        with pytest.raises(NotAllowed):
            tasks.open_task(taken, person, other_agency, MATTER)
    task = tasks.open_task(taken, officer, other_agency, MATTER)
    for person in (officer, citizen, controller):
        with pytest.raises(NotAllowed):
            tasks.answer_task(task, person, "Javob")
    for person in (outsider, citizen, controller):
        with pytest.raises(NotAllowed):
            tasks.call_back(task, person)
    tasks.answer_task(task, outsider, "Javob")
    for again in (lambda: tasks.answer_task(task, outsider, "Yana"),
                  lambda: tasks.call_back(task, officer)):  # fmt: skip
        with pytest.raises(InvalidTransition):
            again()


@pytest.mark.parametrize(
    ("matter", "days", "own", "what"),
    [("", 3, False, "reason"), (MATTER, 3, True, "agency"), (MATTER, 0, False, "task_days"),
     (MATTER, 31, False, "task_days")],
)  # fmt: skip
def test_what_a_task_needs(
    taken: ServiceRequest, officer: User, agency: Agency, other_agency: Agency,
    matter: str, days: int, own: bool, what: str,
) -> None:  # fmt: skip
    with pytest.raises(Missing) as missing:
        tasks.open_task(taken, officer, agency if own else other_agency, matter, days)
    assert missing.value.what == what
    assert not taken.tasks.exists()


def test_one_open_task_an_agency_and_only_while_considered(
    task: RequestTask, taken: ServiceRequest, officer: User, other_agency: Agency
) -> None:
    with pytest.raises(Missing) as again:
        tasks.open_task(taken, officer, other_agency, MATTER, now=WEDNESDAY)
    assert again.value.what == "task_again"
    with pytest.raises(IntegrityError), db.atomic():
        RequestTask.objects.create(
            request=taken, agency=other_agency, matter=MATTER, asked_by=officer,
            asked_at=WEDNESDAY, due_at=WEDNESDAY,
        )  # fmt: skip
    put(taken, State.REGISTERED)
    with pytest.raises(InvalidTransition):
        tasks.open_task(taken, officer, make_agency("uchinchi", "UCH"), MATTER, now=WEDNESDAY)


def test_what_is_withdrawn_asks_nobody_any_more(
    task: RequestTask, taken: ServiceRequest, citizen: User
) -> None:
    transition(taken.pk, State.WITHDRAWN, actor=citizen, now=WEDNESDAY + timedelta(hours=1))
    task.refresh_from_db()
    assert task.status == RequestTask.Status.CALLED_BACK
    assert broken_links(taken) == []


def test_the_asked_agencys_desk(
    task: RequestTask, taken: ServiceRequest, outsider: User, officer: User, citizen: User
) -> None:
    desk = signed_in(outsider)
    url = reverse("casework_task", args=[task.pk])
    listed = desk.get(reverse("casework_tasks")).content.decode()
    assert taken.number in listed
    page = desk.get(url).content.decode()
    assert MATTER in page and "Odatdagi" in page
    # The request itself stays the other agency's: its messages and history are not shown.
    assert desk.get(reverse("casework_detail", args=[taken.uuid])).status_code == 404
    assert taken.events.filter(kind="viewed", actor=outsider).count() == 1
    assert desk.post(url, {"action": "answer_task", "text": ""}).status_code == 400
    answer = desk.post(
        url, {"action": "answer_task", "text": "Mos keladi", "files": [pdf("x.pdf")]}
    )
    assert answer.status_code == 303
    again = desk.post(url, {"action": "answer_task", "text": "Yana bir javob"})
    assert again.status_code == 409 and "Yana bir javob" in again.content.decode()
    page = signed_in(officer).get(reverse("casework_detail", args=[taken.uuid])).content.decode()
    assert "Mos keladi" in page and "x.pdf" in page
    mine = signed_in(citizen).get(reverse("casework:request", args=[taken.uuid])).content.decode()
    # The applicant sees who is asked, not what agencies write to each other.
    assert "Idora SAQ" in mine and "Mos keladi" not in mine and MATTER not in mine
    third = make_agency("uchinchi", "UCH")
    assert signed_in(staff(third)).get(url).status_code == 404
    assert signed_in(citizen).get(url).status_code in {302, 403, 404}


def test_asking_and_calling_back_from_the_request(
    taken: ServiceRequest, officer: User, other_agency: Agency
) -> None:
    desk, url = signed_in(officer), reverse("casework_detail", args=[taken.uuid])
    fields = {"action": "ask_agency", "agency": other_agency.key, "text": MATTER, "days": "x"}
    assert desk.post(url, fields).status_code == 400
    assert desk.post(url, fields | {"days": "4"}).status_code == 303
    task = taken.tasks.get()
    assert desk.post(url, {"action": "approve", "text": "Javob"}).status_code == 400
    assert desk.post(url, {"action": "call_back", "task": str(task.pk)}).status_code == 303
    assert desk.post(url, {"action": "approve", "text": "Javob"}).status_code == 303


def test_both_agencies_are_told_by_number_and_link(
    task: RequestTask, taken: ServiceRequest, outsider: User, officer: User
) -> None:
    tasks.answer_task(task, outsider, "Mos keladi")
    mail.outbox.clear()
    deliver_due()
    told = {letter.to[0]: letter for letter in mail.outbox if "/admin/requests/" in letter.body}
    assert set(told) == {outsider.email, officer.email}
    for letter in told.values():
        assert taken.number in letter.body
        assert MATTER not in letter.body and "Mos keladi" not in letter.body


def test_a_called_back_task_shows_nothing_of_the_request(
    task: RequestTask, officer: User, outsider: User
) -> None:
    tasks.call_back(task, officer)
    page = signed_in(outsider).get(reverse("casework_task", args=[task.pk])).content.decode()
    assert "Odatdagi" not in page and "Demo Fuqaro" not in page


def test_a_late_answer_is_counted_of_the_asked_agency(
    task: RequestTask, outsider: User, agency: Agency, other_agency: Agency
) -> None:
    with time_machine.travel(task.due_at + timedelta(hours=1)):
        listed = signed_in(outsider).get(reverse("casework_tasks") + "?show=overdue")
        assert task.request.number in listed.content.decode()
        tasks.answer_task(task, outsider, "Kech javob")
    event = task.request.events.get(kind="task_answered")
    assert event.data["late"] is True


def test_a_controller_of_the_asked_agency_reads_only(
    task: RequestTask, other_agency: Agency
) -> None:
    watcher = staff(other_agency, Role.CONTROLLER, name="watcher")
    url = reverse("casework_task", args=[task.pk])
    assert signed_in(watcher).get(url).status_code == 200
    assert signed_in(watcher).post(url, {"text": "Javob"}).status_code in {302, 403}
    task.refresh_from_db()
    assert task.status == RequestTask.Status.OPEN
