"""Sign-in by password and by code, passwords, sessions, the second factor."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import create_applicant, create_staff
from accounts.upkeep import forget_sessions
from operations.sms import MemoryGateway
from tests.accounts.support import EMAIL, PASSWORD, PHONE, last_code

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "login", [EMAIL, EMAIL.upper(), f" {EMAIL} ", PHONE, "61 000-00-01", "998(61)000 00 01"]
)
def test_password(client: Client, applicant: User, login: str) -> None:
    answer = client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    assert answer.status_code == 302 and signed_in(client)
    assert client.session.get_expire_at_browser_close()


def test_kept_signed_in(client: Client, applicant: User) -> None:
    data = {"login": PHONE, "password": PASSWORD, "remember": "on"}
    client.post(reverse("account_login"), data)
    assert not client.session.get_expire_at_browser_close()


@pytest.mark.parametrize("login", [EMAIL, "demo.nobody@example.org", PHONE, "+998610009999"])
def test_wrong_password_says_the_same_for_everybody(
    client: Client, applicant: User, login: str
) -> None:
    page = client.post(reverse("account_login"), {"login": login, "password": "x"})
    assert page.status_code == 200 and not signed_in(client)
    assert len(page.context["form"].non_field_errors()) == 1
    assert str(page.context["form"].non_field_errors()[0]) == str(
        page.context["form"].non_field_errors().as_data()[0].message
    )


def test_guessing_one_account_stops_and_hinders_no_other(client: Client, applicant: User) -> None:
    create_applicant(phone="+998610000002", password=PASSWORD)
    for _guess in range(5):
        client.post(reverse("account_login"), {"login": PHONE, "password": "x"})
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert not signed_in(client)
    # allauth counts all phones as one; a stranger's guesses would keep every citizen out.
    client.post(reverse("account_login"), {"login": "+998610000002", "password": PASSWORD})
    assert signed_in(client)


def test_code_by_sms(client: Client, applicant: User) -> None:
    answer = client.post(reverse("account_request_login_code"), {"login": "61 000 00 01"})
    assert answer["Location"] == reverse("account_confirm_login_code")
    assert "+998 61 000 00 01" in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"], {"code": last_code()})
    assert signed_in(client)


def test_code_by_email(client: Client, applicant: User) -> None:
    client.post(reverse("account_request_login_code"), {"login": EMAIL})
    client.post(reverse("account_confirm_login_code"), {"code": last_code(mail.outbox[-1].body)})
    assert signed_in(client)


@pytest.mark.parametrize("login", ["+998610009999", "demo.nobody@example.org"])
def test_code_without_account(client: Client, applicant: User, login: str) -> None:
    answer = client.post(reverse("account_request_login_code"), {"login": login})
    assert answer["Location"] == reverse("account_confirm_login_code")
    assert client.get(answer["Location"]).status_code == 200
    for code in ("", "000000"):
        assert client.post(answer["Location"], {"code": code}).status_code == 200
    told = MemoryGateway.sent[-1:] or mail.outbox[-1:]
    assert len(told) == 1


@pytest.mark.parametrize("login", ["", "abc", "123", "a@", "x" * 100_000])
def test_code_to_nowhere(client: Client, login: str) -> None:
    page = client.post(reverse("account_request_login_code"), {"login": login})
    assert page.status_code == 200 and page.context["form"].errors["login"]


def test_codes_are_limited_by_phone(client: Client, applicant: User) -> None:
    for _attempt in range(4):
        client.cookies.clear()
        client.post(reverse("account_request_login_code"), {"login": PHONE})
    assert len(MemoryGateway.sent) == 3


def test_closed_account(client: Client, applicant: User) -> None:
    User.objects.update(is_active=False)
    answer = client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert answer["Location"] == reverse("account_inactive") and not signed_in(client)
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("login", [PHONE, EMAIL])
def test_new_password_by_code(client: Client, applicant: User, login: str) -> None:
    answer = client.post(reverse("account_reset_password"), {"login": login})
    confirm = reverse("account_confirm_password_reset_code")
    assert answer["Location"] == confirm
    assert client.get(confirm).status_code == 200
    code = last_code() if login == PHONE else last_code(mail.outbox[-1].body)
    assert client.post(confirm, {"code": "wrong"}).status_code == 200
    answer = client.post(confirm, {"code": code})
    assert answer["Location"] == reverse("account_complete_password_reset")
    short = client.post(answer["Location"], {"password1": "qisqa"})
    assert short.status_code == 200 and short.context["form"].errors["password1"]
    done = client.post(answer["Location"], {"password1": "toʻrt-qoʻzi-yaylovda"})
    assert client.get(done["Location"]).status_code == 200
    applicant.refresh_from_db()
    assert applicant.check_password("toʻrt-qoʻzi-yaylovda")


@pytest.mark.parametrize("login", ["+998610009999", "demo.nobody@example.org"])
def test_new_password_without_account(client: Client, applicant: User, login: str) -> None:
    answer = client.post(reverse("account_reset_password"), {"login": login})
    assert answer["Location"] == reverse("account_confirm_password_reset_code")
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 200


def test_sign_out(client: Client, applicant: User) -> None:
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert client.get(reverse("account_logout")).status_code == 200 and signed_in(client)
    client.post(reverse("account_logout"))
    assert not signed_in(client)


def test_sessions_are_listed_and_ended(client: Client, applicant: User) -> None:
    other = Client(HTTP_USER_AGENT="Opera/9.80 (Android; Opera Mini/7.5)")
    for browser in (client, other):
        browser.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Opera Mini, Android" in page and UserSession.objects.count() == 2
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("profile")).status_code == 302
    assert client.get(reverse("profile")).status_code == 200


def test_addresses_of_ended_sessions_are_forgotten(client: Client, applicant: User) -> None:
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert forget_sessions() == 0 and UserSession.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert forget_sessions() == 1
    assert not UserSession.objects.exists()


def again(client: Client, password: str = PASSWORD) -> None:
    client.post(reverse("account_reauthenticate"), {"password": password})


def test_phone_is_changed_by_its_code(client: Client, applicant: User) -> None:
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    answer = client.post(reverse("account_change_phone"), {"phone": "+998610000003"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    again(client)
    client.post(reverse("account_change_phone"), {"phone": "61 000 00 03"})
    applicant.refresh_from_db()
    assert applicant.phone == PHONE
    client.post(reverse("account_verify_phone"), {"code": last_code()})
    applicant.refresh_from_db()
    assert applicant.phone == "+998610000003" and applicant.phone_verified


def test_phone_of_another_account_is_not_taken(client: Client, applicant: User) -> None:
    create_applicant(phone="+998610000002", password=PASSWORD)
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    again(client)
    client.post(reverse("account_change_phone"), {"phone": "+998610000002"})
    page = client.post(reverse("account_verify_phone"), {"code": last_code()})
    assert page.status_code == 200 and page.context["form"].errors["code"]
    applicant.refresh_from_db()
    assert applicant.phone == PHONE


def test_email_is_changed_by_its_code(client: Client, applicant: User) -> None:
    # Somebody else typed it and never confirmed.
    create_applicant(email="demo.new@example.org", confirmed=False)
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    again(client)
    client.post(reverse("account_email"), {"email": "demo.new@example.org", "action_add": "1"})
    code = last_code(mail.outbox[-1].body)
    client.post(reverse("account_email_verification_sent"), {"code": code})
    applicant.refresh_from_db()
    assert applicant.email == applicant.login == "demo.new@example.org"


def test_last_contact_stays(client: Client) -> None:
    user = create_applicant(email=EMAIL, password=PASSWORD)
    client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    again(client)
    client.post(reverse("account_email"), {"email": EMAIL, "action_remove": "1"})
    user.refresh_from_db()
    assert user.email == EMAIL


def test_password_is_set_and_changed(client: Client) -> None:
    user = create_applicant(phone=PHONE)
    client.force_login(user)
    assert client.get(reverse("account_change_password"))["Location"] == reverse(
        "account_set_password"
    )
    client.post(reverse("account_set_password"), {"password1": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": "toʻrt-qoʻzi-yaylovda"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    user.refresh_from_db()
    assert user.check_password("toʻrt-qoʻzi-yaylovda") and signed_in(client)


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_second_factor(client: Client, applicant: User) -> None:
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    again(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    answer = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(answer["Location"]).context["unused_codes"]
    assert len(codes) == 10
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert codes[0] in client.get(reverse("mfa_download_recovery_codes")).content.decode()
    # At rest the key cannot be read.
    assert secret not in str(Authenticator.objects.get(type="totp").data)

    other = Client()
    cache.clear()
    answer = other.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate") and not signed_in(other)
    assert other.get(answer["Location"]).status_code == 200
    assert other.post(answer["Location"], {"code": "000000"}).status_code == 200
    other.post(answer["Location"], {"code": codes[0]})
    assert signed_in(other)


def test_staff_come_through_the_same_door(client: Client, first_agency) -> None:
    create_staff(
        email="demo.officer@example.org", password=PASSWORD, agency=first_agency, roles=("officer",)
    )
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/uz/accounts/login/?next=")
    data = {"login": "demo.officer@example.org", "password": PASSWORD}
    answer = client.post(reverse("account_login"), data)
    assert answer["Location"] == reverse("wagtailadmin_home")


def test_applicants_do_not_come_into_the_admin(client: Client, applicant: User) -> None:
    client.force_login(applicant)
    assert client.get("/admin/").status_code == 403
    assert client.get("/admin/users/").status_code == 403


def _later(client: Client) -> None:
    """Twenty minutes pass in the session."""
    session = client.session
    ago = time.time() - 20 * 60
    session["signed_in_at"] = ago
    session["account_authentication_methods"] = [
        record | {"at": ago} for record in session.get("account_authentication_methods", [])
    ]
    session.save()


def _by_code(client: Client, phone: str) -> None:
    client.post(reverse("account_request_login_code"), {"login": phone})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})


@pytest.mark.parametrize(
    "name", ["account_change_phone", "account_email", "account_set_password", "mfa_activate_totp"]
)
def test_a_session_left_open_changes_nothing_without_a_code(client: Client, name: str) -> None:
    user = create_applicant(phone=PHONE)
    _by_code(client, PHONE)
    assert client.get(reverse(name)).status_code == 200  # they have just signed in
    _later(client)
    answer = client.get(reverse(name))
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_again"))
    again = answer["Location"]
    client.post(again, {"action": "send"})
    wrong = client.post(again, {"action": "confirm", "code": "000000", "next": reverse(name)})
    assert wrong.status_code == 400 and client.get(reverse(name)).status_code == 302
    before = client.session.session_key
    done = client.post(again, {"action": "confirm", "code": last_code(), "next": reverse(name)})
    assert done["Location"] == reverse(name)
    assert client.get(reverse(name)).status_code == 200
    # It goes on in a new session, which the list of devices knows.
    assert client.session.session_key != before
    assert UserSession.objects.get(user=user).session_key == client.session.session_key


def test_a_code_that_shows_it_again_is_guessed_seldom_and_used_once(client: Client) -> None:
    create_applicant(phone=PHONE)
    _by_code(client, PHONE)
    _later(client)
    again = reverse("account_again")
    client.post(again, {"action": "send"})
    code = last_code()
    for _n in range(3):
        assert client.post(again, {"action": "confirm", "code": "111111"}).status_code == 400
    assert client.post(again, {"action": "confirm", "code": code}).status_code == 429


def test_with_a_password_the_password_is_asked_for(client: Client, applicant: User) -> None:
    client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    _later(client)
    answer = client.get(reverse("account_again"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
