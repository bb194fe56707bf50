"""What breaks in the middle: a worker, the database, the mail server, the gateway of SMS.

Whatever breaks, and wherever: the request is moved with its event and its message, or nothing is;
each message is in the outbox once and was handed over at most once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import User
from casework.graph import State
from casework.journal import broken_links
from casework.models import RequestEvent, ServiceRequest
from casework.transitions import InvalidTransition, transition
from operations import calls, outbox
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.at_once import killed_at, stopped_at, together
from tests.casework.conftest import agency, citizen, officer, service
from tests.casework.support import WEDNESDAY, applicant, make_request, put
from tests.engines.processes import free_port
from tests.operations.gateways import gateway, mail_server
from tests.operations.test_gateways import GATEWAYS, use

__all__ = ["agency", "citizen", "officer", "service"]  # fixtures

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
LATER = timedelta(days=1)


def under_review(service: Service, citizen: User) -> ServiceRequest:
    """A request that an officer is about to answer, with nothing waiting in the outbox."""
    row = put(make_request(service, citizen), State.IN_REVIEW)
    OutboxMessage.objects.all().delete()
    return row


def approve(row: ServiceRequest, officer: User) -> RequestEvent:
    return transition(row.pk, State.APPROVED, actor=officer, reason="Tayyor", now=WEDNESDAY)


def moved(row: ServiceRequest) -> bool:
    """Whether the request is answered; that row, event and message agree is asserted."""
    row.refresh_from_db()
    answers = row.events.filter(to_state=State.APPROVED).count()
    messages = list(OutboxMessage.objects.filter(event_key__startswith=f"request:{row.uuid}:"))
    assert broken_links(row) == []
    assert (row.state == State.APPROVED) == (answers == 1) == (row.outcome == "approved")
    assert answers <= 1
    # One for each way to the applicant, all of the one event.
    assert len({(one.event_key, one.channel) for one in messages}) == len(messages) == answers
    return answers == 1


def mail_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1


def much_later() -> None:
    """What was taken up or planned is long ago, and the worker that sends comes by, twice."""
    OutboxMessage.objects.update(next_try=timezone.now() - LATER)
    outbox.deliver_due()
    outbox.deliver_due()


def test_a_worker_killed_anywhere_loses_nothing_and_sends_nothing_twice(
    settings: Any, service: Service, citizen: User, officer: User
) -> None:
    undone, untold, doubtful, statement, killed = 0, 0, 0, 0, True
    with mail_server() as (port, letters):
        mail_to(settings, port)
        while killed:
            statement += 1
            row = under_review(service, citizen)
            letters.clear()
            killed = killed_at(statement, lambda row=row: approve(row, officer))  # type: ignore[misc]
            if not moved(row):
                assert letters == []
                undone += 1
                approve(row, officer)  # the officer presses once more
            elif killed and not letters:
                untold += 1
            handed = len(letters)
            message = OutboxMessage.objects.get()
            much_later()
            message.refresh_from_db()
            assert moved(row)
            assert len(letters) <= 1
            # What was taken up by a worker that died is not known to have gone, nor sent again.
            assert message.state == ("sent" if letters and message.state == "sent" else "unknown")
            doubtful += message.state == "unknown" and handed == 1
    # It was tried: before the change, between change and sending, between handing over and noting.
    assert min(undone, untold, doubtful) >= 1


def test_a_worker_killed_before_it_took_a_message_up_has_it_sent_once_by_the_next(
    settings: Any, service: Service, citizen: User, officer: User
) -> None:
    settings.OUTBOX_AT_ONCE = False
    row = under_review(service, citizen)
    approve(row, officer)
    with mail_server() as (port, letters):
        mail_to(settings, port)
        assert killed_at(1, outbox.deliver_due)
        much_later()
    assert moved(row)
    assert len(letters) == 1
    assert OutboxMessage.objects.get().state == "sent"


def test_a_database_line_cut_anywhere_leaves_all_or_nothing(
    settings: Any, service: Service, citizen: User, officer: User
) -> None:
    settings.OUTBOX_AT_ONCE = False
    undone, statement, cut = 0, 0, True

    def end() -> None:
        connection.connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    while cut:
        statement += 1
        row = under_review(service, citizen)
        try:
            with stopped_at(statement, end):
                approve(row, officer)
            cut = False
        except (DatabaseError, psycopg.Error):  # Django's, or where it is told at once psycopg's
            connection.close()
        if not moved(row):
            undone += 1
            approve(row, officer)
        assert moved(row)
        with pytest.raises(InvalidTransition):
            approve(row, officer)
    assert undone >= 5


def test_a_mail_server_that_is_down_holds_nobody_up(
    settings: Any, service: Service, citizen: User, officer: User
) -> None:
    row = under_review(service, citizen)
    mail_to(settings, free_port())
    approve(row, officer)
    assert moved(row)
    much_later()
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts >= 2) == ("waiting", True)
    with mail_server() as (port, letters):
        mail_to(settings, port)
        much_later()
    assert len(letters) == 1
    assert OutboxMessage.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("mood", "state", "given"),
    [("busy", "waiting", 0), ("unknown", "waiting", 0), ("mute", "waiting", 0),
     ("slow", "unknown", 1)],
)  # fmt: skip
def test_a_mail_server_that_refuses_or_is_slow(
    mood: str, state: str, given: int, settings: Any, service: Service, citizen: User, officer: User
) -> None:
    row = under_review(service, citizen)
    with mail_server(mood) as (port, letters):
        mail_to(settings, port)
        approve(row, officer)
        assert moved(row)
        much_later()
        assert (OutboxMessage.objects.get().state, len(letters)) == (state, given)
    assert moved(row)


@pytest.mark.parametrize("name", GATEWAYS)
@pytest.mark.parametrize("mood", ["hang", "nonsense", "error", "drop", "refuse", "fine"])
def test_a_gateway_that_is_slow_or_answers_nonsense(
    name: str, mood: str, settings: Any, monkeypatch: pytest.MonkeyPatch, service: Service,
    officer: User,
) -> None:  # fmt: skip
    monkeypatch.setitem(calls.post.__kwdefaults__, "seconds", 0.5)
    somebody = applicant(7, email=None, phone="+998901234567")
    row = under_review(service, somebody)
    with gateway(mood) as server:
        use(settings, name, server)
        approve(row, officer)
        assert moved(row)
        message = OutboxMessage.objects.get()
        assert message.channel == "sms"
        if mood == "refuse":  # it said that it has not taken it
            assert (message.state, message.error) == ("waiting", "Refused")
            server.mood = "fine"
            server.got.clear()
        much_later()
        message.refresh_from_db()
        assert message.state == ("sent" if mood in {"fine", "refuse"} else "unknown")
        assert len(server.got) == 1
        # Number and link, never the matter.
        assert "Tayyor" not in str(server.got)


def test_many_workers_hand_a_message_over_once(
    settings: Any, service: Service, citizen: User, officer: User
) -> None:
    settings.OUTBOX_AT_ONCE = False
    rows = [under_review(service, citizen) for _ in range(4)]
    for row in rows:
        approve(row, officer)
    with mail_server() as (port, letters):
        mail_to(settings, port)
        sent = sum(together(*[outbox.deliver_due] * 4, refusals=()))
        much_later()
    assert len(letters) == len(rows)
    assert sent <= len(rows)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}
