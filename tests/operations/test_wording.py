"""Words of messages: versions, placeholders, and nothing half filled in reaches anybody."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.services import create_staff
from operations import outbox, wording
from operations.models import MessageVersion, OutboxMessage

KEY = "casework/state/refused"
VALUES = {"number": "2026-ABC-0000001-0", "agency": "Idora", "due": "", "answer_by": "",
          "url": "https://portal.example/x"}  # fmt: skip


@pytest.fixture
def admin(db: None) -> User:
    made = create_staff(email="demo.admin@example.org", full_name="Demo", agency=None, roles=())
    made.is_superuser = True
    made.save()
    return made


def _kind(key: str = KEY) -> wording.Kind:
    found = wording.known(key)
    assert found is not None
    return found


@pytest.mark.parametrize("key", sorted(kind.key for kind in wording.kinds()))
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_words_of_the_house_pass_their_own_check(db: None, key: str, language: str) -> None:
    kind = _kind(key)
    texts = wording.texts(kind, language)
    for part in wording.PARTS:
        if texts[part]:
            assert wording.problems(kind, part, texts[part]) == [], (part, texts[part])
            filled = wording.render(kind, part, language, kind.samples)
            assert filled and "{" not in filled
    assert "\n" not in wording.render(kind, "subject", language, kind.samples)
    short = wording.render(kind, "sms", language, kind.samples)
    assert wording.sms_parts(short) <= 4


def test_a_line_without_its_value_is_left_out() -> None:
    text = "Raqami: {number}\nMuddat: {due}\n\n\n\nBatafsil: {url} {nowhere}\nTamom"
    assert wording.fill(text, VALUES) == "Raqami: 2026-ABC-0000001-0\n\nTamom"


def test_a_value_is_not_filled_in_again() -> None:
    assert wording.fill("{agency}", {"agency": "{number}", "number": "1"}) == "{number}"


@pytest.mark.parametrize(
    ("part", "text", "fits"),
    [
        ("email", "{number}: {url}", True),
        ("email", "{number}", False),  # without the link
        ("email", "{url} {name}", False),
        ("email", "{url} { number }", False),
        ("email", "{url} {number", False),
        ("email", "{url}ga oʻting", False),
        ("email", "{url}, {number}-son", True),
        ("email", "{url}" + "x" * 7000, False),
        ("subject", "Ariza {number}", True),
        ("subject", "Ariza", True),
        ("subject", "Ariza\n{number}", False),
        ("sms", "{number}\n{url}", True),
        ("sms", "{number.__class__} {url}", False),
        ("sms", "%(number)s {url}", True),  # only ours are placeholders
    ],
)
def test_what_administrators_write_is_checked(part: str, text: str, fits: bool) -> None:
    assert (wording.problems(_kind(), part, text) == []) is fits


def test_versions_follow_each_other_and_nothing_is_lost(admin: User) -> None:
    assert wording.save(KEY, "uz", {"subject": "Birinchi {number}"}, admin) == 1
    assert wording.save(KEY, "ru", {"subject": "Отказ {number}"}, admin) == 2
    kind = _kind()
    assert wording.texts(kind, "uz")["subject"] == "Birinchi {number}"
    assert wording.texts(kind, "uz-cyrl")["subject"] == "Биринчи {number}"
    assert wording.texts(kind, "ru")["subject"] == "Отказ {number}"
    assert wording.texts(kind, "en") == wording.house_texts(kind, "en")
    assert wording.texts(kind, "ru", 1) == wording.house_texts(kind, "ru")
    with pytest.raises(ValueError, match="problems"):
        wording.save(KEY, "uz", {"email": "{nothing}"}, admin)
    with pytest.raises(ValueError, match=KEY):
        wording.save(KEY, "klingon", {}, admin)
    assert wording.save(KEY, "uz", {}, admin) == 3
    assert wording.texts(kind, "uz") == wording.house_texts(kind, "uz")
    assert wording.texts(kind, "ru")["subject"] == "Отказ {number}"
    first = MessageVersion.objects.get(key=KEY, number=1)
    first.note = "x"
    with pytest.raises(TypeError):
        first.save()


def _queue(key: str) -> OutboxMessage:
    return outbox.send(
        event_key=key, channel="email", address="a@example.org", template=KEY, context=VALUES,
        language="uz",
    )  # fmt: skip


def test_what_is_queued_goes_out_as_it_was(admin: User) -> None:
    first = _queue("request:1:1")
    wording.save(KEY, "uz", {"subject": "Yangi {number}", "email": "Yangi matn {url}"}, admin)
    second = _queue("request:1:2")
    assert (first.template_version, second.template_version) == (0, 1)
    OutboxMessage.objects.update(next_try=timezone.now())
    outbox.deliver_due()
    subjects = {letter.subject: letter.body for letter in mail.outbox}
    assert "Yangi 2026-ABC-0000001-0" in subjects
    assert subjects["Yangi 2026-ABC-0000001-0"] == "Yangi matn https://portal.example/x"
    assert len(subjects) == 2


def test_a_channel_nobody_serves_keeps_its_message(db: None) -> None:
    message = outbox.send(
        event_key="request:1:1", channel="pigeon", address="a", template=KEY, context=VALUES,
        language="uz",
    )  # fmt: skip
    assert outbox.deliver(message.pk) is False
    message.refresh_from_db()
    assert (message.state, message.error) == ("waiting", "LookupError")


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("ў" * 70, 1), ("ў" * 71, 2), ("", 1)]
)
def test_how_many_sms_a_text_is(text: str, parts: int) -> None:
    assert wording.sms_parts(text) == parts
