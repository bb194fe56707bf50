"""Ways to be told, the inbox on the site, and the pages of administrators and operators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import notifying
from accounts.models import Role, User
from accounts.outbox_views import masked
from accounts.services import create_applicant, create_staff
from operations import channels, outbox, wording
from operations.models import AuditEntry, MessageVersion, OutboxMessage, SiteMessage
from tests.casework.support import signed_in

pytestmark = pytest.mark.django_db
KEY = "casework/state/approved"
CONTEXT = {"number": "2026-ABC-0000001-0", "agency": "Idora", "due": "", "answer_by": "",
           "url": "https://portal.example/uz/my/status/"}  # fmt: skip


class Pigeons:
    """A channel that only a test knows."""

    code, label = "pigeon", "Kaptar"

    def __init__(self) -> None:
        self.sent: list[str] = []

    def hand_over(self, message: OutboxMessage) -> str:
        self.sent.append(channels.text_of(message, "sms"))
        return "coo"

    def address_for(self, user: User) -> str:
        return f"loft-{user.pk}"


@pytest.fixture
def pigeons() -> Iterator[Pigeons]:
    made = Pigeons()
    channels.register(made)
    yield made
    channels._channels.pop("pigeon")


@pytest.fixture
def citizen(db: None) -> User:
    return create_applicant(email="demo.citizen@example.org", full_name="Demo Fuqaro")


@pytest.fixture
def admin(db: None) -> User:
    made = create_staff(
        email="demo.admin@example.org", full_name="Demo", agency=None, roles=(Role.CONTROLLER,)
    )
    made.is_superuser = True
    made.save()
    return made


@pytest.fixture
def support(db: None) -> User:
    return create_staff(
        email="demo.support@example.org", full_name="Demo Yordam", agency=None,
        roles=(Role.SUPPORT,), language="uz",
    )  # fmt: skip


def _tell(user: User, key: str = "request:1:1", **more: object) -> int:
    return notifying.tell(user, event_key=key, template=KEY, context=CONTEXT, language="uz", **more)


def test_a_registered_channel_is_only_for_who_asked_for_it(citizen: User, pigeons: Pigeons) -> None:
    assert _tell(citizen) == 1
    client = signed_in(citizen)
    page = client.get(reverse("profile")).content.decode()
    assert "Kaptar" in page and 'name="channel_pigeon"' in page
    data = {
        "full_name_latin": "Demo",
        "language": "uz",
        "notify_email": "on",
        "channel_pigeon": "on",
    }
    assert client.post(reverse("profile"), data).status_code == 302
    citizen = User.objects.get(pk=citizen.pk)
    assert _tell(citizen, "request:1:2") == 2
    outbox.deliver_due()
    assert len(pigeons.sent) == 1 and CONTEXT["number"] in pigeons.sent[0]
    del data["channel_pigeon"], data["notify_email"]
    client.post(reverse("profile"), data)
    citizen = User.objects.get(pk=citizen.pk)
    assert _tell(citizen, "request:1:3") == 0


def test_the_same_event_is_told_once(citizen: User) -> None:
    assert [_tell(citizen, on_site=True), _tell(citizen, on_site=True)] == [1, 0]
    assert SiteMessage.objects.count() == 1
    citizen.is_active = False
    assert _tell(citizen, "request:1:2", on_site=True) == 0
    assert SiteMessage.objects.count() == 1


def test_the_inbox_on_the_site_is_ones_own(citizen: User) -> None:
    other = create_applicant(email="demo.other@example.org", full_name="Demo")
    for number in range(3):
        _tell(citizen, f"request:1:{number}", on_site=True)
    client, url = signed_in(citizen), reverse("casework:messages")
    page = client.get(url).content.decode()
    assert page.count(CONTEXT["number"]) == 3
    assert CONTEXT["number"] not in signed_in(other).get(url).content.decode()
    one = SiteMessage.objects.latest("pk")
    opening = reverse("casework:message_open", args=[one.pk])
    assert signed_in(other).post(opening).status_code == 404
    assert client.get(opening).status_code == 405
    opened = client.post(opening)
    assert (opened.status_code, opened["Location"]) == (303, "/uz/my/status/")
    assert notifying.unread(citizen) == 2
    assert "tag--wait" in client.get(reverse("casework:my_requests")).content.decode()
    assert client.post(url).status_code == 303
    assert notifying.unread(citizen) == 0
    title = SiteMessage.objects.latest("pk").title
    wording.save(KEY, "uz", {"subject": "Boshqa soʻz"}, None)
    assert SiteMessage.objects.latest("pk").title == title


def test_old_messages_are_forgotten(citizen: User) -> None:
    _tell(citizen, on_site=True)
    assert notifying.forget_old() == 0
    assert notifying.forget_old(timezone.now() + timedelta(days=366)) == 1


def test_an_administrator_writes_tries_and_takes_back(admin: User, support: User) -> None:
    client = signed_in(admin)
    assert KEY in client.get(reverse("messages_kinds")).content.decode()
    url = reverse("messages_edit", args=[KEY]) + "?language=ru"
    texts = {"subject": "Готово {number}", "email": "Решено {url}", "sms": "Решено {url}"}
    tried = client.post(url, texts | {"do": "preview"}).content.decode()
    assert "Готово 2026-ADL-0000001-5" in tried
    assert not MessageVersion.objects.exists()
    wrong = client.post(url, texts | {"email": "Решено {link}", "do": "save"})
    assert wrong.status_code == 400
    page = wrong.content.decode()
    assert "{link}" in page and 'aria-invalid="true"' in page and "Решено" in page
    assert client.post(url, texts | {"do": "save"}).status_code == 303
    assert wording.texts(wording.known(KEY), "ru")["subject"] == "Готово {number}"
    assert client.post(url, {"do": "house"}).status_code == 303
    assert wording.texts(wording.known(KEY), "ru") == wording.house_texts(wording.known(KEY), "ru")
    assert MessageVersion.objects.count() == 2
    assert AuditEntry.objects.filter(kind="message.written").count() == 2
    assert client.get(reverse("messages_edit", args=["no/such"])).status_code == 404
    assert client.get(reverse("messages_edit", args=[KEY]) + "?language=tlh").status_code == 404
    for person in (support,):
        assert signed_in(person).get(url).status_code in {302, 403}


def test_what_is_not_changed_goes_on_following_the_house(admin: User) -> None:
    client, url = signed_in(admin), reverse("messages_edit", args=[KEY]) + "?language=uz"
    house = wording.house_texts(wording.known(KEY), "uz")
    client.post(url, house | {"subject": "Boshqa {number}", "do": "save"})
    assert MessageVersion.objects.get().content == {"uz": {"subject": "Boshqa {number}"}}


def _message(state: str, number: int) -> OutboxMessage:
    made = outbox.send(
        event_key=f"request:x:{number}", channel="email", address=f"person{number}@example.org",
        template=KEY, context=CONTEXT, language="uz",
    )  # fmt: skip
    sent = timezone.now() if state == "sent" else None
    OutboxMessage.objects.filter(pk=made.pk).update(state=state, sent_at=sent)
    return made


def test_an_operator_sees_trouble_and_decides_to_send_again(support: User, citizen: User) -> None:
    rows = {
        state: _message(state, number)
        for number, state in enumerate(("waiting", "sent", "failed", "unknown"))
    }
    client, url = signed_in(support), reverse("messages_outbox")
    page = client.get(url).content.decode()
    for state, row in rows.items():
        assert (row.event_key in page) == (state in {"failed", "unknown"}), state
    assert "person2@example.org" not in page and "p…@example.org" in page
    every = client.get(url + "?state=all").content.decode()
    assert all(row.event_key in every for row in rows.values())
    assert client.get(url + "?state=nonsense&channel=%00&before=x").status_code == 200
    for state, row in rows.items():
        client.post(reverse("messages_send_again", args=[row.pk]))
        row.refresh_from_db()
        assert row.state == ("sent" if state == "sent" else "waiting")
    assert AuditEntry.objects.filter(kind="message.sent again").count() == 2
    assert signed_in(citizen).get(url).status_code in {302, 403}


def test_an_address_is_looked_up_without_standing_anywhere(support: User) -> None:
    mine, other = _message("sent", 1), _message("sent", 2)
    client = signed_in(support)
    page = client.post(
        reverse("messages_find"), {"address": "Person1@example.org"}
    ).content.decode()
    assert mine.event_key in page and other.event_key not in page
    assert "person1@example.org" not in page.lower()
    entry = AuditEntry.objects.get(kind="message.looked up")
    assert "person1" not in f"{entry.thing} {entry.data}"


def test_a_long_list_is_read_by_parts(support: User, django_assert_max_num_queries) -> None:
    _message("failed", 99)
    client, url = signed_in(support), reverse("messages_outbox")
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    for number in range(52):
        _message("failed", number)
    with django_assert_max_num_queries(len(few)):
        first = client.get(url)
    assert len(first.context["items"]) == 50
    rest = client.get(f"{url}?{first.context['older']}")
    assert len(rest.context["items"]) == 3


@pytest.mark.parametrize(
    ("address", "shown"), [("ali@example.org", "a…@example.org"), ("+998901234567", "+99890…67")]
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown
