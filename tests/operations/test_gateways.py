"""SMS gateways and mail servers that are slow, refuse, cut the line or answer nonsense."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.utils import timezone

from operations import calls, outbox
from operations.models import OutboxMessage
from operations.sms import MemoryGateway, NotSent, Refused, Uncertain, plain, send
from tests.operations.gateways import Gateway, gateway, mail_server

pytestmark = pytest.mark.django_db
CONTEXT = {"number": "2026-ABC-0000001-0", "kind": "approved", "agency": "y", "due": "", "url": "z"}
PHONE = "+998901234567"
GATEWAYS = {
    "eskiz": "operations.eskiz.EskizGateway",
    "playmobile": "operations.playmobile.PlayMobileGateway",
}


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    cache.clear()
    monkeypatch.setattr(calls, "SECONDS", 0.5)
    monkeypatch.setattr(calls.post, "__kwdefaults__", {"seconds": 0.5})
    yield
    cache.clear()


def use(settings, name: str, server: Gateway) -> None:
    settings.SMS_GATEWAY = GATEWAYS[name]
    settings.SMS_ESKIZ = {
        "url": server.url, "email": "a@example.org", "password": "secret", "sender": "4546",
    }  # fmt: skip
    settings.SMS_PLAYMOBILE = {
        "url": server.url + "/broker-api/send", "login": "portal", "password": "secret",
        "originator": "3700",
    }  # fmt: skip


def queue(key: str = "request:1:1") -> OutboxMessage:
    return outbox.send(
        event_key=key, channel="sms", address=PHONE, template="casework/state/approved",
        context=CONTEXT, language="uz",
    )  # fmt: skip


def test_eskiz_gets_what_its_protocol_says(settings) -> None:
    settings.SMS_CALLBACK_SECRET = "word"
    with gateway() as server:
        use(settings, "eskiz", server)
        assert send(PHONE, "Oʻzbek  matni", "m7").reference == "e-1"
        assert send(PHONE, "Yana", "m8").reference == "e-1"
    assert server.logins == 1
    first = server.got[0]
    assert first["mobile_phone"] == "998901234567"
    assert first["message"] == "O'zbek matni"
    assert first["from"] == "4546"
    assert first["callback_url"].endswith("/hooks/sms/word/")


def test_playmobile_gets_what_its_protocol_says(settings) -> None:
    with gateway() as server:
        use(settings, "playmobile", server)
        assert send(PHONE, "Matn", "m7").reference == "m7"
    assert server.got == [
        {"messages": [{"recipient": "998901234567", "message-id": "m7",
                       "sms": {"originator": "3700", "content": {"text": "Matn"}}}]}
    ]  # fmt: skip


def test_eskiz_renews_a_token_once(settings) -> None:
    with gateway("expired") as server:
        use(settings, "eskiz", server)
        assert send(PHONE, "Matn").reference == "e-1"
    assert (server.logins, len(server.got)) == (2, 1)


def test_a_wrong_password_sends_nothing(settings) -> None:
    with gateway() as server:
        for name in GATEWAYS:
            use(settings, name, server)
            settings.SMS_ESKIZ["password"] = settings.SMS_PLAYMOBILE["password"] = "wrong"
            with pytest.raises(Refused):
                send(PHONE, "Matn")
    assert server.got == []


@pytest.mark.parametrize("name", GATEWAYS)
@pytest.mark.parametrize("mood", ["nonsense", "error", "drop", "hang"])
def test_what_may_have_gone_is_never_handed_over_again(settings, name: str, mood: str) -> None:
    with gateway(mood) as server:
        use(settings, name, server)
        with pytest.raises(Uncertain):
            send(PHONE, "Matn")
        server.got.clear()
        message = queue()
        assert outbox.deliver(message.pk) is False
        message.refresh_from_db()
        assert (message.state, message.error) == ("unknown", "Uncertain")
        server.mood = "fine"
        OutboxMessage.objects.update(next_try=timezone.now())
        assert outbox.deliver_due() == 0
        assert len(server.got) == 1
        # A person looked at it and decides.
        assert outbox.send_again(message.pk)
        assert outbox.deliver_due() == 1


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_refusal_is_tried_again_later_and_at_last_given_up(settings, name: str) -> None:
    with gateway("refuse") as server:
        use(settings, name, server)
        message = queue()
        waits = []
        for _attempt in range(7):
            OutboxMessage.objects.update(next_try=timezone.now())
            assert outbox.deliver(message.pk) is False
            message.refresh_from_db()
            waits.append(message.next_try)
        assert (message.state, message.error) == ("failed", "Refused")
        assert waits[:6] == sorted(waits[:6])
        assert not outbox.deliver(message.pk)
    assert len(server.got) == 7


def test_a_gateway_that_is_not_there_is_tried_again(settings) -> None:
    with gateway() as server:
        use(settings, "playmobile", server)
    with pytest.raises(NotSent):
        send(PHONE, "Matn")
    message = queue()
    outbox.deliver(message.pk)
    message.refresh_from_db()
    assert message.state == "waiting"


def test_a_letter_whose_taking_was_not_confirmed_is_unknown(settings) -> None:
    with mail_server("cut") as (port, letters):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
        message = outbox.send(
            event_key="request:1:1", channel="email", address="a@example.org",
            template="casework/state/approved", context=CONTEXT, language="ru",
        )  # fmt: skip
        outbox.deliver(message.pk)
        outbox.deliver_due()
        message.refresh_from_db()
    assert message.state == "unknown"
    assert len(letters) == 1


def test_a_letter_is_handed_over_once(settings) -> None:
    with mail_server() as (port, letters):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
        message = outbox.send(
            event_key="request:1:1", channel="email", address="a@example.org",
            template="casework/state/approved", context=CONTEXT, language="ru",
        )  # fmt: skip
        assert outbox.deliver(message.pk) is True
        outbox.deliver_due()
    assert len(letters) == 1
    assert CONTEXT["number"] in letters[0]


def test_what_a_gateway_reports_is_kept_only_with_the_secret(settings, client) -> None:
    with gateway() as server:
        use(settings, "eskiz", server)
        message = queue()
        assert outbox.deliver(message.pk)
    report = {"request_id": "e-1", "status": "DELIVRD"}
    assert client.post("/hooks/sms/word/", report).status_code == 403
    settings.SMS_CALLBACK_SECRET = "word"
    assert client.post("/hooks/sms/wrong/", report).status_code == 403
    assert (
        client.post("/hooks/sms/word/", {"request_id": "", "status": "DELIVRD"}).status_code == 200
    )
    assert client.post("/hooks/sms/word/", "[", content_type="application/json").status_code == 400
    assert client.post("/hooks/sms/word/", "[]", content_type="application/json").status_code == 400
    message.refresh_from_db()
    assert message.delivery == ""
    assert client.post("/hooks/sms/word/", report).status_code == 200
    message.refresh_from_db()
    assert message.delivery == "delivered"
    body = json.dumps({"message_id": "e-1", "status": "UNDELIV"})
    client.post("/hooks/sms/word/", body, content_type="application/json")
    message.refresh_from_db()
    assert message.delivery == "undelivered"


def test_latin_uzbek_fits_the_telephones_own_alphabet() -> None:
    assert plain("Oʻzbekiston – “maʼlumot”…\n") == "O'zbekiston - \"ma'lumot\"..."
    MemoryGateway.sent.clear()
    send(PHONE, "Soʻrov")
    assert MemoryGateway.sent == [(PHONE, "So'rov")]
    MemoryGateway.sent.clear()
