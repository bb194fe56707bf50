"""Who must act is told in time, who stands above is told when it is late, nobody twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework import assigning, reminders
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import transition
from operations.models import OutboxMessage
from operations.outbox import deliver_due
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request, put, signed_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(row: ServiceRequest, officer: User) -> ServiceRequest:
    """Due five working days after WEDNESDAY: next Thursday at the latest."""
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    row.refresh_from_db()
    OutboxMessage.objects.all().delete()
    return row


def _days_before(row: ServiceRequest, days: int) -> datetime:
    """Ten in the morning, so many calendar days before the term ends."""
    assert row.due_at is not None
    return timezone.localtime(row.due_at - timedelta(days=days)).replace(hour=10)


def _told() -> set[tuple[str, str]]:
    return {
        (message.user.full_name, message.event_key.split(":")[2])
        for message in OutboxMessage.objects.filter(event_key__startswith="remind:")
    }


def test_the_executor_is_reminded_and_nobody_twice(
    taken: ServiceRequest, officer: User, head: User
) -> None:
    assert reminders.remind(_days_before(taken, 7)) == 0
    assert reminders.remind(_days_before(taken, 1)) == 1
    assert reminders.remind(_days_before(taken, 1)) == 0
    assert reminders.remind(_days_before(taken, 0)) == 0
    assert _told() == {(officer.full_name, "due-1")}


def test_before_anybody_took_it_all_officers_are_told(
    row: ServiceRequest, officer: User, outsider: User
) -> None:
    reminders.remind(_days_before(row, 1))
    assert {name for name, _stage in _told()} == {officer.full_name}
    assert outsider.pk not in OutboxMessage.objects.values_list("user_id", flat=True)


def test_once_it_is_late_head_and_controller_are_told_too(
    taken: ServiceRequest, officer: User, head: User, controller: User
) -> None:
    assert taken.due_at is not None
    late = taken.due_at + timedelta(days=1)
    assert reminders.remind(late) == 3
    assert reminders.remind(late + timedelta(hours=1)) == 0
    assert _told() == {(person.full_name, "overdue") for person in (officer, head, controller)}


@pytest.mark.parametrize("state", [State.INFO_REQUESTED, State.COMPLETED, State.WITHDRAWN])
def test_where_the_clock_does_not_run_nobody_is_told(taken: ServiceRequest, state: State) -> None:
    put(taken, state)
    assert taken.due_at is not None
    assert reminders.remind(taken.due_at + timedelta(days=1)) == 0


def test_on_a_day_off_nobody_is_told(taken: ServiceRequest) -> None:
    sunday = datetime(2026, 3, 15, 7, 0, tzinfo=timezone.get_default_timezone())
    assert reminders.remind(sunday) == 0
    assert reminders.digest(sunday) == 0


def test_a_message_carries_number_and_link_and_not_the_matter(
    taken: ServiceRequest, officer: User, citizen: User
) -> None:
    reminders.remind(_days_before(taken, 1))
    deliver_due()
    [letter] = mail.outbox
    assert taken.number in letter.subject and f"/admin/requests/{taken.uuid}/" in letter.body
    for secret in (citizen.full_name, citizen.email or "", "Namuna"):
        assert secret not in f"{letter.subject} {letter.body}"


def test_the_morning_list_comes_once_with_what_is_late_today_and_tomorrow(
    taken: ServiceRequest, service: Service, citizen: User, officer: User, head: User
) -> None:
    assert taken.due_at is not None
    fresh = make_request(service, citizen, submitted_at=taken.due_at)
    transition(fresh.pk, State.IN_REVIEW, actor=officer, now=taken.due_at)
    OutboxMessage.objects.all().delete()
    morning = timezone.localtime(taken.due_at).replace(hour=9)
    assert reminders.digest(morning.replace(hour=7)) == 0
    assert reminders.digest(morning) == 2
    assert reminders.digest(morning) == 0
    message = OutboxMessage.objects.get(user=officer)
    assert message.context["today"] == f"1: {taken.number}"
    assert message.context["late"] == ""
    assert fresh.number not in str(message.context)
    deliver_due()
    assert taken.number in mail.outbox[0].body
    tomorrow = reminders.work_calendar().add_working_days(morning.date(), 1)
    assert reminders.digest(morning.replace(month=tomorrow.month, day=tomorrow.day)) == 2
    late = OutboxMessage.objects.filter(user=head).latest("pk")
    assert late.context["late"] == f"1: {taken.number}"


def test_the_applicant_sees_who_looked_and_no_names(
    row: ServiceRequest, agency: Agency, citizen: User, officer: User, controller: User
) -> None:
    for reader in (officer, controller):
        assert signed_in(reader).get(f"/admin/requests/{row.uuid}/").status_code == 200
    page = signed_in(citizen).get(f"/uz/my/{row.uuid}/").content.decode()
    section = page[page.index("Maʼlumotlaringizni kim koʻrgan") :]
    assert agency.label("uz") in section
    assert officer.full_name not in page and controller.full_name not in page


def test_deputies_are_told_once_it_is_late(taken: ServiceRequest, agency: Agency) -> None:
    deputy = staff(agency, Role.DEPUTY, name="deputy")
    assert taken.due_at is not None
    reminders.remind(taken.due_at + timedelta(days=1))
    assert (deputy.full_name, "overdue") in _told()


def test_the_heads_inner_day_is_told_on_its_eve_and_once_it_is_over(
    taken: ServiceRequest, officer: User, head: User
) -> None:
    assert taken.due_at is not None
    day = timezone.localdate(taken.due_at) - timedelta(days=1)
    assigning.assign(taken, head, officer, control_on=day, now=WEDNESDAY)
    OutboxMessage.objects.all().delete()
    taken.refresh_from_db()
    assert taken.control_at is not None
    assert reminders.remind(taken.control_at - timedelta(days=3)) == 0
    assert reminders.remind(taken.control_at - timedelta(hours=20)) >= 1
    assert (officer.full_name, "control") in _told()
    assert (head.full_name, "control-over") not in _told()
    reminders.remind(taken.control_at + timedelta(hours=16))
    assert {(officer.full_name, "control-over"), (head.full_name, "control-over")} <= _told()
    # What is drafted or decided is no longer wanted.
    transition(taken.pk, State.APPROVED, actor=officer, reason="Tayyor", now=taken.control_at)
    taken.refresh_from_db()
    assert taken.control_at is None
