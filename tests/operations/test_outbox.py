"""Messages: in the transaction that caused them, once, honestly."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

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
