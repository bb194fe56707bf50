"""Rows that are added unless they are there already."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.rows import add, add_new
from operations.models import OutboxMessage

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def _message(**given: object) -> OutboxMessage:
    values = {
        "event_key": "request:1:1", "channel": "email", "address": "demo@example.org",
        "address_index": "x", "template": "t", "language": "uz", "next_try": timezone.now(),
        "context": {"number": "2026-ADL-0000001-1"},
    }  # fmt: skip
    return OutboxMessage(**(values | given))


def test_a_new_row_is_written_as_saving_would() -> None:
    message = _message()
    assert add_new(message)
    stored = OutboxMessage.objects.get()
    assert stored.pk == message.pk
    assert not message._state.adding
    assert (stored.address, stored.context) == (message.address, message.context)
    assert stored.created_at == message.created_at
    assert stored.state == OutboxMessage.State.WAITING


def test_a_twin_is_left_and_breaks_nothing() -> None:
    with transaction.atomic():
        assert add_new(_message())
        twin = _message(template="other")
        assert not add_new(twin)
        assert twin.pk is None
        # The transaction goes on.
        assert add_new(_message(channel="sms"))
    assert sorted(OutboxMessage.objects.values_list("channel", "template")) == [
        ("email", "t"), ("sms", "t"),
    ]  # fmt: skip


def test_what_may_not_be_is_still_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add_new(_message(state=OutboxMessage.State.SENT))  # sent, and no time at which


def test_adding_a_twin_is_refused() -> None:
    message = _message()
    add(message)
    assert OutboxMessage.objects.get() == message
    with pytest.raises(IntegrityError), transaction.atomic():
        add(_message())
