"""Registration by phone or e-mail with a code, and that nobody learns who has an account."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from operations.sms import MemoryGateway
from tests.accounts.support import EMAIL, PASSWORD, PHONE, last_code

pytestmark = pytest.mark.django_db


def register(client: Client, **data: str):
    return client.post(reverse("account_signup"), {"full_name": "Demo Fuqaro"} | data)


def test_phone_with_a_code_and_no_password(client: Client) -> None:
    answer = register(client, phone="61 000-00-01")
    assert answer.status_code == 302 and answer["Location"] == reverse("account_verify_phone")
    assert MemoryGateway.sent[-1][0] == PHONE
    page = client.get(answer["Location"]).content.decode()
    assert "+998 61 000 00 01" in page

    done = client.post(reverse("account_verify_phone"), {"code": last_code()})
    assert done.status_code == 302
    user = User.objects.get(phone=PHONE)
    assert user.phone_verified and user.email is None and not user.has_usable_password()
    assert user.login == PHONE and user.profile.full_name_latin == "Demo Fuqaro"
    assert int(client.session["_auth_user_id"]) == user.pk


def test_language_of_the_page_is_kept(client: Client) -> None:
    client.post("/kaa/accounts/signup/", {"full_name": "Demo", "phone": PHONE})
    assert User.objects.get(phone=PHONE).language == "kaa"


def test_email_with_a_code(client: Client) -> None:
    answer = register(client, email="Demo.Citizen@Example.org", password1=PASSWORD)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    done = client.post(answer["Location"], {"code": last_code(mail.outbox[-1].body)})
    assert done.status_code == 302
    user = User.objects.get(email=EMAIL)
    assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
    assert int(client.session["_auth_user_id"]) == user.pk and user.check_password(PASSWORD)


def test_phone_and_email_together_ask_for_one_code(client: Client) -> None:
    register(client, phone=PHONE, email=EMAIL)
    client.post(reverse("account_verify_phone"), {"code": last_code()})
    user = User.objects.get(phone=PHONE)
    assert int(client.session["_auth_user_id"]) == user.pk
    # The e-mail is theirs once its own code comes back.
    assert user.email is None
    assert EmailAddress.objects.get(user=user).verified is False
    assert EMAIL in client.get(reverse("profile")).content.decode()
    client.post(reverse("account_email"), {"email": EMAIL, "action_send": "1"})
    code = last_code(mail.outbox[-1].body)
    client.post(reverse("account_email_verification_sent"), {"code": code})
    user.refresh_from_db()
    assert user.email == EMAIL and user.login == EMAIL


def test_a_contact_is_needed_and_is_asked_for_in_place(client: Client) -> None:
    page = register(client).content.decode()
    assert User.objects.count() == 0
    assert 'href="#id_phone"' in page and 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    "phone", ["12345", "+998 90 123", "abc", "+99890123456789", "٩٩٨٩٠١٢٣٤٥٦٧"]
)
def test_wrong_phone(client: Client, phone: str) -> None:
    page = register(client, phone=phone)
    assert page.status_code == 200 and not MemoryGateway.sent and User.objects.count() == 0


@pytest.mark.parametrize(
    "hostile",
    ["x" * 100_000, "<script>alert(1)</script>", "'; drop table accounts_user; --", "\x00"],
)
def test_hostile_input(client: Client, hostile: str) -> None:
    page = register(client, full_name=hostile, phone=hostile, email=hostile, password1=hostile)
    assert page.status_code == 200 and User.objects.count() == 0
    assert "<script>alert(1)" not in page.content.decode()


def test_wrong_code_three_times_ends_the_attempt(client: Client) -> None:
    register(client, phone=PHONE)
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    for _attempt in range(2):
        assert client.post(reverse("account_verify_phone"), {"code": wrong}).status_code == 200
    assert client.post(reverse("account_verify_phone"), {"code": wrong}).status_code == 302
    # The right one comes too late.
    client.post(reverse("account_verify_phone"), {"code": right})
    assert "_auth_user_id" not in client.session
    assert not User.objects.get(phone=PHONE).phone_verified


def test_nobody_learns_that_a_phone_has_an_account(client: Client, applicant: User) -> None:
    known = register(client, phone=PHONE)
    known_page = client.get(known["Location"]).content.decode()
    assert "123456" not in MemoryGateway.sent[-1][1]
    assert "already has an account" in MemoryGateway.sent[-1][1] or len(MemoryGateway.sent) == 1
    other = Client()
    new = register(other, phone="+998610000002")
    new_page = other.get(new["Location"]).content.decode()
    assert known["Location"] == new["Location"] and known.status_code == new.status_code
    assert shape(known_page).replace("00 01", "00 02") == shape(new_page)
    wrong = client.post(known["Location"], {"code": "123456"})
    assert wrong.status_code == 200 and "_auth_user_id" not in client.session


def test_nobody_learns_that_an_email_has_an_account(client: Client, applicant: User) -> None:
    known = register(client, email=EMAIL)
    other = Client()
    new = register(other, email="demo.other@example.org")
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert [message.to for message in mail.outbox] == [[EMAIL], ["demo.other@example.org"]]
    assert User.objects.filter(email=EMAIL).count() == 1


def shape(page: str) -> str:
    """A page without what differs between any two sessions."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_typed_number_keeps_its_owner_out_of_nothing(client: Client) -> None:
    """Somebody registers another person's phone and waits inside: the owner gets a new account."""
    stranger = Client()
    register(stranger, phone=PHONE, password1=PASSWORD)
    squatter = User.objects.get(phone=PHONE)

    client.post(reverse("account_request_login_code"), {"login": PHONE})
    assert not any(character.isdigit() for character in MemoryGateway.sent[-1][1])

    other = Client()
    with_limits_over(other, PHONE)
    owner = User.objects.get(phone=PHONE)
    assert owner.pk != squatter.pk and owner.phone_verified and not owner.has_usable_password()
    # Neither the attempt that was left open nor the password opens the owner's account.
    assert stranger.post(reverse("account_verify_phone"), {"code": "000000"}).status_code != 500
    fresh = Client()
    fresh.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert "_auth_user_id" not in stranger.session and "_auth_user_id" not in fresh.session


def with_limits_over(client: Client, phone: str) -> None:
    cache.clear()
    register(client, phone=phone)
    client.post(reverse("account_verify_phone"), {"code": last_code()})


def test_registering_twice_in_a_hurry(client: Client) -> None:
    """A second SMS to one number within 30 seconds is not sent, and that is said."""
    register(client, phone=PHONE)
    answer = register(Client(), phone=PHONE)
    assert answer.status_code == 429 and len(MemoryGateway.sent) == 1


def test_another_code_on_request(client: Client) -> None:
    register(client, phone=PHONE)
    first = last_code()
    cache.clear()
    client.post(reverse("account_verify_phone"), {"action": "resend"})
    assert len(MemoryGateway.sent) == 2
    client.post(reverse("account_verify_phone"), {"code": last_code()})
    assert "_auth_user_id" in client.session and first


def test_sms_failure_is_told(client: Client, settings, caplog) -> None:
    settings.SMS_GATEWAY = f"{__name__}.BrokenGateway"
    answer = register(client, phone=PHONE)
    assert answer.status_code == 302 and answer["Location"] == reverse("account_signup")
    assert PHONE not in caplog.text and "000" not in caplog.text


class BrokenGateway:
    def send(self, message_id: str, phone: str, text: str) -> None:
        raise OSError(f"no way to {phone}")
