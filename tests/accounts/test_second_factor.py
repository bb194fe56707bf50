"""Staff do nothing without their second factor; the way to it is the only one open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from accounts.second_factor import give_app
from accounts.services import create_applicant, create_staff, grant
from demo.codes import address_of, code_of, secret_of
from tests.accounts.support import PASSWORD, PHONE

pytestmark = pytest.mark.django_db
OFFICER = "ijrochi@example.org"


@pytest.fixture
def officer(first_agency: Agency) -> User:
    return create_staff(email=OFFICER, password=PASSWORD, agency=first_agency, roles=("officer",))


@pytest.fixture
def equipped(officer: User) -> User:
    """An officer with an authenticator app."""
    give_app(officer, secret_of(OFFICER))
    return officer


def by_password(client: Client, login: str = OFFICER) -> str:
    """Sign in with the password; where it leads."""
    data = {"login": login, "password": PASSWORD}
    return client.post(reverse("account_login"), data)["Location"]


def again(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/pages/",
        "/admin/requests/",
        "/uz/my/",
        "/uz/apply/form-kindergarten/",
        "/uz/accounts/profile/",
        "/uz/accounts/email/",
        "/uz/accounts/2fa/recovery-codes/generate/",
        "/files/00000000-0000-0000-0000-000000000000/",
    ],
)
def test_without_a_factor_nothing_else_opens(client: Client, officer: User, path: str) -> None:
    by_password(client)
    for answer in (client.get(path), client.post(path)):
        assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_staff_are_led_to_set_it_up(client: Client, officer: User) -> None:
    page = client.get(by_password(client), follow=True)
    assert page.redirect_chain[-1][0] == reverse("mfa_index")
    assert reverse("mfa_activate_totp") in page.content.decode()
    again(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    # Nothing counts before the first code was right.
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert client.get("/admin/").status_code == 302
    answer = client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    codes = client.get(answer["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert reverse("wagtailadmin_home") in codes.content.decode()
    assert client.get("/admin/").status_code == 200
    assert client.get("/uz/my/").status_code == 200


def test_sign_in_asks_for_the_code(client: Client, equipped: User) -> None:
    assert by_password(client) == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(OFFICER)})
    assert answer["Location"] == reverse("wagtailadmin_home")
    assert client.get("/admin/").status_code == 200
    # Each code opens once.
    other = Client()
    by_password(other)
    other.post(reverse("mfa_authenticate"), {"code": code_of(OFFICER)})
    assert "_auth_user_id" not in other.session


def test_a_session_from_before_shows_it(client: Client, officer: User) -> None:
    """An applicant's open session becomes no officer's session, and adds no factor of a thief."""
    by_password(client)
    give_app(officer, secret_of(OFFICER))
    answer = client.get("/admin/pages/?p=1")
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Fpages%2F%3Fp%3D1"
    again(client)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes"):
        assert client.get(reverse(name))["Location"].startswith(reverse("mfa_reauthenticate"))
    before = client.session.session_key
    answer = client.post(
        reverse("mfa_reauthenticate"), {"code": code_of(OFFICER), "next": "/admin/pages/?p=1"}
    )
    assert answer["Location"] == "/admin/pages/?p=1"
    # More is open now than before: the session goes on under another key.
    assert client.session.session_key != before
    assert UserSession.objects.get(user=officer).session_key == client.session.session_key
    assert client.get("/admin/").status_code == 200


def test_a_promotion_while_signed_in(client: Client, applicant: User, first_agency: Agency) -> None:
    by_password(client, PHONE)
    assert client.get("/uz/my/").status_code == 200
    grant(applicant, first_agency, "officer")
    assert client.get("/admin/")["Location"] == reverse("mfa_index")


def test_the_proof_lasts_a_working_day(client: Client, equipped: User) -> None:
    by_password(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(OFFICER)})
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        # What was written is not lost; the next page asks.
        assert client.post("/admin/requests/").status_code != 302
        assert client.get("/admin/")["Location"].startswith(reverse("mfa_reauthenticate"))


def test_recovery_codes_stand_in_once(client: Client, equipped: User) -> None:
    codes = Authenticator.objects.get(user=equipped, type="recovery_codes").wrap()
    code = codes.get_unused_codes()[0]
    for expected in (True, False):
        browser = Client()
        by_password(browser)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in browser.session) is expected


def test_the_last_factor_stays_with_staff(client: Client, equipped: User) -> None:
    by_password(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(OFFICER)})
    again(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 200
    assert Authenticator.objects.filter(user=equipped, type="totp").exists()


def test_the_last_passkey_stays_with_staff(client: Client, officer: User) -> None:
    key = Authenticator.objects.create(
        user=officer, type="webauthn", data={"name": "Namuna", "credential": {}}
    )
    client.force_login(officer)
    again(client)
    remove = reverse("mfa_remove_webauthn", args=[key.pk])
    assert client.get(remove).status_code == 200
    client.post(remove)
    assert Authenticator.objects.filter(pk=key.pk).exists()
    give_app(officer, secret_of(OFFICER))
    client.post(remove)
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_guesses_at_the_code_stop(client: Client, equipped: User) -> None:
    by_password(client)
    for guess in range(5):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{guess}"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(OFFICER)})
    assert "_auth_user_id" not in client.session
    # Counted for all processes together: a cache that knows nothing of it helps nobody.
    cache.clear()
    client.post(reverse("mfa_authenticate"), {"code": code_of(OFFICER)})
    assert "_auth_user_id" not in client.session


def test_applicants_choose(client: Client, applicant: User) -> None:
    by_password(client, PHONE)
    assert client.get("/uz/my/").status_code == 200


def test_administrators_need_it_too(client: Client) -> None:
    create_applicant(email="admin@example.org", password=PASSWORD, is_superuser=True)
    by_password(client, "admin@example.org")
    assert client.get("/admin/users/")["Location"] == reverse("mfa_index")


def test_public_pages_ask_nobody(client: Client, officer: User) -> None:
    by_password(client)
    assert client.get("/uz/services/").status_code == 200


def test_codes_of_the_demonstration(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_code", OFFICER, "--address")
    assert capsys.readouterr().out.strip() == address_of(OFFICER)
    call_command("demo_code", OFFICER)
    assert len(capsys.readouterr().out.strip()) == 6
    with pytest.raises(CommandError):
        call_command("demo_code", "fuqaro@example.org")


def _code(secret: str) -> str:
    """The code of a key that the page showed."""
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
