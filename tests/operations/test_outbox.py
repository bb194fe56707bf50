"""Messages: in the transaction that caused them, once, honestly."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from operations import outbox
from operations.models import OutboxMessage

TEMPLATE = "casework/state/approved"
CONTEXT = {"number": "2026-ABC-0000001-0", "state_label": "x", "agency": "y", "due": "", "url": "z"}


def queue(key: str = "request:1:1", address: str = "a@example.org") -> OutboxMessage:
    return outbox.send(
        event_key=key,
        channel="email",
        address=address,
        template=TEMPLATE,
        context=CONTEXT,
        language="ru",
    )


@pytest.mark.django_db(transaction=True)
def test_a_message_is_sent_after_the_commit_and_only_then() -> None:
    with transaction.atomic():
        queue()
        assert mail.outbox == []
    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_sends_nothing() -> None:
    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        queue()
        raise Undo
    assert mail.outbox == []
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_the_same_event_is_told_once() -> None:
    assert queue().pk == queue().pk
    assert queue("request:1:2").pk != queue("request:1:1").pk


@pytest.mark.django_db
def test_a_mail_server_that_is_down_costs_nothing_but_time(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = queue()
    assert outbox.deliver(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("waiting", 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OutboxMessage.objects.update(next_try=timezone.now())
    assert outbox.deliver_due() == 1
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.django_db
def test_a_message_that_a_crash_cut_off_is_unknown_and_never_resent() -> None:
    message = queue()
    OutboxMessage.objects.filter(pk=message.pk).update(
        state="sending", next_try=timezone.now() - timedelta(hours=1)
    )
    assert outbox.deliver_due() == 0
    message.refresh_from_db()
    assert message.state == "unknown"
    assert mail.outbox == []


@pytest.mark.django_db
def test_addresses_are_not_readable_in_the_database() -> None:
    queue(address="secret@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, context FROM operations_outboxmessage")
        assert "secret@example.org" not in str(cursor.fetchone())


@pytest.fixture
def queued_tasks(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production: tasks are rows that a worker takes."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(outbox, "_asked_until", 0.0)


@pytest.mark.django_db(transaction=True)
def test_messages_of_a_moment_are_one_task(
    queued_tasks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        queue(f"request:1:{number}")
    [task] = DBTaskResult.objects.all()
    # It begins when no message can still be gathered for it.
    assert task.run_after > OutboxMessage.objects.latest("created_at").created_at
    assert mail.outbox == []
    task.task.call()
    assert len(mail.outbox) == 5
    # The moment is over: another task is asked for.
    monkeypatch.setattr(outbox, "_asked_until", time.monotonic())
    queue("request:2:1")
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_more_than_one_round_of_messages_goes_at_once(queued_tasks: None) -> None:
    for number in range(205):
        queue(f"request:{number}:1")
    outbox.hand_over_due.call()
    assert len(mail.outbox) == 205


@pytest.mark.django_db(transaction=True)
def test_where_nothing_can_be_queued_the_message_waits(
    queued_tasks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed stands: the applicant sees no error, and the next round finds the message."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(DatabaseBackend, "enqueue", broken)
    with transaction.atomic():
        queue()
    assert OutboxMessage.objects.get().state == "waiting"
    monkeypatch.undo()
    queue("request:1:2")
    assert DBTaskResult.objects.count() == 1
    assert outbox.deliver_due() == 2
