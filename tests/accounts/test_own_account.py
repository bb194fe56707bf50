"""Closing an account, messages of a family on one phone, what is said to be kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import closing, devices, notice_phones, notifying
from accounts.models import Agency, Organization, Profile, Representation, User
from accounts.second_factor import give_app
from accounts.services import create_applicant, give_mandate, grant
from casework.graph import State
from casework.models import ServiceRequest
from forms.models import Draft
from operations import outbox
from operations.models import AuditEntry, OutboxMessage
from operations.sms import MemoryGateway
from tests.accounts.support import EMAIL, PASSWORD, PHONE, last_code
from tests.casework import support

pytestmark = pytest.mark.django_db
CLOSE = "account_close"
FAMILY = "+998610000077"


def by_password(client: Client) -> None:
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})


def again(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_closing_forgets_the_person_and_keeps_the_register(
    client: Client, applicant: User, first_agency: Agency
) -> None:
    service = support.make_service(first_agency)
    row = support.put(support.make_request(service, applicant), State.COMPLETED)
    Draft.objects.create(user=applicant, version=row.submission.version, step="main")
    firm = Organization.objects.create(stir="300000007", name="Demo Firma")
    give_mandate(applicant, firm, basis="head", role="head")
    give_app(applicant, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    applicant.profile.pinfl = "31203850000008"
    applicant.profile.save()
    client.force_login(applicant)
    closing.close(User.objects.get(pk=applicant.pk))
    user = User.objects.get(pk=applicant.pk)
    assert (user.email, user.phone, user.full_name, user.is_active) == (None, None, "", False)
    assert user.closed_at and not user.has_usable_password()
    assert not Profile.objects.filter(user=user).exists()
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not UserSession.objects.filter(user=user).exists()
    assert not Draft.objects.filter(user=user).exists()
    assert not Representation.objects.filter(user=user, revoked_at=None).exists()
    assert AuditEntry.objects.filter(kind="account closed").count() == 1
    # The register knows the number still; the contact is free for somebody new.
    assert ServiceRequest.objects.get(pk=row.pk).number == row.number
    assert create_applicant(phone=PHONE, email=EMAIL).pk != user.pk


def test_the_page_asks_for_the_password_and_whether_one_is_sure(
    client: Client, applicant: User
) -> None:
    by_password(client)
    address = reverse(CLOSE)
    assert client.get(address)["Location"].startswith(reverse("account_reauthenticate"))
    again(client)
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 400
    applicant.refresh_from_db()
    assert applicant.closed_at is None
    done = client.post(address, {"sure": "1"})
    assert done.status_code == 200
    assert "_auth_user_id" not in client.session
    assert OutboxMessage.objects.get(template="accounts/closed").address == EMAIL
    by_password(client)
    assert "_auth_user_id" not in client.session


def test_open_requests_and_roles_stand_against_it(
    client: Client, applicant: User, first_agency: Agency
) -> None:
    row = support.make_request(support.make_service(first_agency), applicant)
    client.force_login(applicant)
    page = client.post(reverse(CLOSE), {"sure": "1"})
    assert page.status_code in {302, 400}
    applicant.refresh_from_db()
    assert applicant.closed_at is None
    support.put(row, State.WITHDRAWN)
    grant(applicant, first_agency, "officer")
    with pytest.raises(closing.Hindered):
        closing.close(User.objects.get(pk=applicant.pk))


def test_one_phone_may_receive_for_a_family(client: Client, applicant: User) -> None:
    """A relative without a phone leads their messages here by a code, and its owner may stop them."""
    relative = create_applicant(email="buvi@example.org", full_name="Demo Buvi")
    relative.profile.notify_email = False
    relative.profile.save()
    own = Client()
    own.force_login(relative)
    address = reverse("notice_phone")
    own.post(address, {"action": "ask", "phone": PHONE})
    phone, text = MemoryGateway.sent[-1]
    assert phone == PHONE and "Demo Buvi" in text
    assert own.post(address, {"action": "confirm", "code": "000000"}).status_code == 400
    assert own.post(address, {"action": "confirm", "code": last_code()}).status_code == 302
    relative = User.objects.get(pk=relative.pk)
    assert notifying.ways_to(relative) == [("sms", PHONE)]
    # Nobody signs in by it: the number still opens its owner's account alone.
    assert relative.phone is None and notice_phones.of(applicant) == PHONE
    client.force_login(applicant)
    page = client.get(address).content.decode()
    assert "Demo Buvi" in page
    client.post(address, {"action": "stop", "pk": relative.profile.pk})
    assert notice_phones.of(User.objects.get(pk=relative.pk)) == ""


def test_nobody_stops_what_does_not_come_to_their_phone(client: Client, applicant: User) -> None:
    relative = create_applicant(email="buvi@example.org")
    notice_phones.lead(relative, FAMILY)
    client.force_login(applicant)
    answer = client.post(reverse("notice_phone"), {"action": "stop", "pk": relative.profile.pk})
    assert answer.status_code == 404
    assert notice_phones.of(User.objects.get(pk=relative.pk)) == FAMILY


def test_a_phone_takes_the_messages_of_so_many(db: None) -> None:
    for number in range(notice_phones.MOST):
        notice_phones.lead(create_applicant(email=f"d{number}@example.org"), FAMILY)
    with pytest.raises(notice_phones.TooManyPeople):
        notice_phones.lead(create_applicant(email="d@example.org"), FAMILY)


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_the_list_of_what_is_kept_is_public(client: Client, language: str) -> None:
    page = client.get(f"/{language}/accounts/privacy/")
    assert page.status_code == 200
    assert page.content.decode().count("card__title") > 10


def test_old_messages_lose_address_and_words(applicant: User) -> None:
    row = OutboxMessage.objects.create(
        event_key="x:1", channel="sms", user=applicant, address=PHONE, address_index="x",
        template="casework/messages/state", language="uz", context={"number": "1"},
        state="failed", next_try=timezone.now(),
    )  # fmt: skip
    assert outbox.forget_old() == 0
    old = timezone.now() - timedelta(days=outbox.KEPT_DAYS + 1)
    OutboxMessage.objects.filter(pk=row.pk).update(created_at=old)
    assert outbox.forget_old() == 1
    row.refresh_from_db()
    assert (row.address, row.context, row.user) == ("", {}, None)
    assert not outbox.send_again(row.pk)


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0", "Microsoft Edge, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 YaBrowser/24.6 Safari/537.36", "Yandex Browser, Windows"),
        ("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80; U; en) Presto/2.5.25", "Opera Mini"),
        ("", "Nomaʼlum qurilma"), ("<script>", "Nomaʼlum qurilma"),
    ],
)  # fmt: skip
def test_devices_stand_in_words(user_agent: str, expected: str) -> None:
    assert devices.named(user_agent) == expected
