"""Sign-in by OneID against the mock, over HTTP: what opens an account, and what must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import IdentityLevel, Profile, Representation, User
from accounts.oneid.identity import readable_name
from accounts.selectors import mandates_of
from demo.oneid.people import PEOPLE
from demo.oneid.server import CLIENT_ID, CLIENT_SECRET, MockOneID
from tests.accounts.support import PASSWORD, PHONE

pytestmark = pytest.mark.django_db

START, JOIN, BACK = "/uz/accounts/oneid/", "/uz/accounts/oneid/join/", "/oneid/callback/"


@pytest.fixture
def oneid(settings: Any) -> Iterator[MockOneID]:
    """The mock, and a portal that knows it."""
    with MockOneID(slow_seconds=30) as mock:
        settings.ONEID_URL = mock.url
        settings.ONEID_CLIENT_ID = settings.ONEID_SCOPE = CLIENT_ID
        settings.ONEID_CLIENT_SECRET = CLIENT_SECRET
        settings.ONEID_TIMEOUT = 5
        yield mock


def walk(client: Client, person: str, mood: str = "well", **data: str) -> Any:
    """From our button through OneID's page and back; the answer to the way back."""
    away = client.post(START, data)
    assert away.status_code == 302
    chosen = requests.get(
        away["Location"], params={"person": person, "mood": mood}, allow_redirects=False, timeout=5
    )
    back = urlsplit(chosen.headers["Location"])
    assert back.path == BACK
    query = {key: values[0] for key, values in parse_qs(back.query).items()}
    return client.get(BACK, query)


def said(client: Client, response: Any) -> str:
    """The page after a redirect."""
    return client.get(response["Location"]).content.decode()


def test_a_person_opens_an_account(client: Client, oneid: MockOneID) -> None:
    response = walk(client, "person", next="/uz/my/")
    assert response["Location"] == JOIN
    assert not User.objects.exists(), "asked before anything is made"
    page = client.get(JOIN)
    assert "Demo Shaxs Birinchi" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    response = client.post(JOIN, {"action": "new"})
    assert response["Location"] == "/uz/my/"
    user = User.objects.get()
    assert (user.email, user.phone, user.identity_level) == (None, None, IdentityLevel.ONEID)
    profile = Profile.objects.get(user=user)
    assert profile.pinfl == PEOPLE["person"]["pin"]
    assert profile.full_name_cyrillic == "Демо Шахс Биринчи"
    assert str(profile.birth_date) == "1990-03-05"
    assert client.get("/uz/accounts/profile/").status_code == 200
    # The second time nobody is asked.
    client.logout()
    assert walk(client, "person", next="/uz/my/")["Location"] == "/uz/my/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert User.objects.count() == 1
    assert not oneid.tokens, "the session at OneID was closed"


def test_the_number_lies_nowhere_in_the_clear(client: Client, oneid: MockOneID) -> None:
    walk(client, "person")
    pin = PEOPLE["person"]["pin"]
    assert pin not in str(dict(client.session))
    client.post(JOIN, {"action": "new"})
    account = SocialAccount.objects.get()
    assert pin not in account.uid
    assert account.extra_data == {}
    assert pin not in client.get("/uz/accounts/profile/").content.decode()


def test_a_head_comes_with_firms(client: Client, oneid: MockOneID) -> None:
    walk(client, "director")
    client.post(JOIN, {"action": "new"})
    user = User.objects.get()
    assert user.identity_level == IdentityLevel.EDS
    found = {row.organization.stir: row for row in mandates_of(user)}
    assert set(found) == {"300000015", "300000023"}
    assert found["300000015"].role == Representation.Role.HEAD
    assert found["300000023"].role == Representation.Role.REPRESENTATIVE
    assert str(found["300000015"].organization) == "Demo Guruch MChJ"
    # An older answer names one firm alone: the other mandate has ended.
    client.logout()
    walk(client, "director", "older")
    assert [row.organization.stir for row in mandates_of(user)] == ["300000015"]
    assert mandates_of(user)[0].role == Representation.Role.HEAD
    user.refresh_from_db()
    assert user.identity_level == IdentityLevel.EDS


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("wrong_code", "OneID kirishni tasdiqlamadi"),
        ("expired", "OneID kirishni tasdiqlamadi"),
        ("refused", "OneID kirishni tasdiqlamadi"),
        ("nonsense", "OneID kirishni tasdiqlamadi"),
        ("unverified", "OneID sizning kimligingizni hali tasdiqlamagan"),
        ("no_pinfl", "JShShIR"),
        ("down", "OneID hozir javob bermayapti"),
        ("slow", "OneID hozir javob bermayapti"),
        ("wrong_state", "boshqa joyda yoki juda oldin boshlangan"),
    ],
)
def test_failures_are_said_plainly_and_leave_nothing(
    client: Client, oneid: MockOneID, settings: Any, mood: str, words: str
) -> None:
    if mood == "slow":
        settings.ONEID_TIMEOUT = 0.3
    response = walk(client, "person", mood, next="/uz/my/")
    assert response.status_code == 302
    page = said(client, response)
    assert words in page
    assert "/uz/my/" in page or mood == "wrong_state", "the way on is kept"
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()
    assert client.get(JOIN).status_code == 302, "nothing waits"


def test_a_failure_at_an_account_changes_nothing(client: Client, oneid: MockOneID) -> None:
    walk(client, "person")
    client.post(JOIN, {"action": "new"})
    client.logout()
    before = Profile.objects.get().pinfl
    walk(client, "person", "unverified")
    assert "_auth_user_id" not in client.session
    assert Profile.objects.get().pinfl == before


def test_a_code_works_once_and_only_where_it_was_asked_for(
    client: Client, oneid: MockOneID
) -> None:
    away = client.post(START)
    chosen = requests.get(
        away["Location"], params={"person": "person"}, allow_redirects=False, timeout=5
    )
    back = {k: v[0] for k, v in parse_qs(urlsplit(chosen.headers["Location"]).query).items()}
    stranger = Client()
    stranger.post(START)
    assert stranger.get(BACK, back)["Location"].startswith("/uz/accounts/login/")
    assert oneid.calls == {}, "a strange state is not even asked about"
    assert client.get(BACK, back)["Location"] == JOIN
    assert client.get(BACK, back)["Location"].startswith("/uz/accounts/login/")
    assert oneid.calls["one_authorization_code"] == 1


def test_coming_back_without_a_code(client: Client, oneid: MockOneID) -> None:
    away = client.post(START)
    state = parse_qs(urlsplit(away["Location"]).query)["state"][0]
    assert "OneIDdan kirmasdan qaytdingiz" in said(client, client.get(BACK, {"state": state}))
    assert oneid.calls == {}


def test_an_account_is_linked_after_proof_alone(
    client: Client, oneid: MockOneID, applicant: User
) -> None:
    """The citizen's number stands in the profile already; that opens nothing by itself."""
    Profile.objects.filter(user=applicant).update(pinfl_index="")
    profile = Profile.objects.get(user=applicant)
    profile.pinfl = PEOPLE["citizen"]["pin"]
    profile.save()
    assert walk(client, "citizen")["Location"] == JOIN
    assert "_auth_user_id" not in client.session
    client.post(JOIN, {"action": "link"})
    assert not SocialAccount.objects.exists(), "nobody was signed in"
    walk(client, "citizen")
    response = client.post(
        f"/uz/accounts/login/?next={JOIN}", {"login": PHONE, "password": PASSWORD}
    )
    assert response["Location"] == JOIN
    assert "+998 61 000 00 01" in client.get(JOIN).content.decode()
    client.post(JOIN, {"action": "link"})
    applicant.refresh_from_db()
    assert applicant.identity_level == IdentityLevel.ONEID
    assert SocialAccount.objects.get().user == applicant
    client.logout()
    walk(client, "citizen")
    assert client.session["_auth_user_id"] == str(applicant.pk)


def test_signed_in_people_confirm_who_they_are(
    client: Client, oneid: MockOneID, applicant: User
) -> None:
    client.force_login(applicant)
    assert walk(client, "person")["Location"] == JOIN
    client.post(JOIN, {"action": "no"})
    assert not SocialAccount.objects.exists()
    walk(client, "person")
    client.post(JOIN, {"action": "link"})
    applicant.refresh_from_db()
    assert applicant.reaches(IdentityLevel.ONEID)
    # Neither another OneID for this account, nor this OneID for another account.
    walk(client, "citizen")
    assert "Bogʻlab boʻlmadi" in said(client, client.post(JOIN, {"action": "link"}))
    other = User.objects.create_user(email="ikkinchi@example.org")
    client.force_login(other)
    walk(client, "person")
    assert "Bogʻlab boʻlmadi" in said(client, client.post(JOIN, {"action": "link"}))
    other.refresh_from_db()
    assert other.identity_level == IdentityLevel.ACCOUNT
    assert SocialAccount.objects.count() == 1


def test_a_state_of_another_account_links_nothing(
    client: Client, oneid: MockOneID, applicant: User
) -> None:
    away = client.post(START)
    chosen = requests.get(
        away["Location"], params={"person": "person"}, allow_redirects=False, timeout=5
    )
    back = {k: v[0] for k, v in parse_qs(urlsplit(chosen.headers["Location"]).query).items()}
    client.force_login(applicant)
    assert client.get(BACK, back)["Location"] == "/uz/accounts/profile/"
    assert client.get(JOIN).status_code == 302
    assert not SocialAccount.objects.exists()


def test_pressing_twice_opens_one_account(client: Client, oneid: MockOneID) -> None:
    walk(client, "person")
    second = Client()
    walk(second, "person")
    client.post(JOIN, {"action": "new"})
    second.post(JOIN, {"action": "new"})
    assert User.objects.count() == 1
    assert second.session["_auth_user_id"] == client.session["_auth_user_id"]


def test_a_closed_account_stays_closed(client: Client, oneid: MockOneID) -> None:
    walk(client, "person")
    client.post(JOIN, {"action": "new"})
    client.logout()
    User.objects.update(is_active=False)
    walk(client, "person")
    assert "_auth_user_id" not in client.session


def test_the_language_is_kept(client: Client, oneid: MockOneID) -> None:
    away = client.post("/ru/accounts/oneid/")
    chosen = requests.get(
        away["Location"], params={"person": "person"}, allow_redirects=False, timeout=5
    )
    back = {k: v[0] for k, v in parse_qs(urlsplit(chosen.headers["Location"]).query).items()}
    assert client.get(BACK, back)["Location"] == "/ru/accounts/oneid/join/"
    client.post("/ru/accounts/oneid/join/", {"action": "new"})
    assert User.objects.get().language == "ru"


def test_without_a_oneid_there_is_no_way_to_it(client: Client, settings: Any) -> None:
    settings.ONEID_URL = ""
    assert client.get(START).status_code == 404
    assert client.get(BACK, {"state": "a", "code": "b"}).status_code == 404
    assert "OneID" not in client.get("/uz/accounts/login/").content.decode()


def test_an_unsafe_way_on_is_not_taken(client: Client, oneid: MockOneID) -> None:
    walk(client, "person", next="https://elsewhere.example/")
    response = client.post(JOIN, {"action": "new"})
    assert response["Location"].startswith("/uz/")


def test_mandates_of_another_basis_stay(applicant: User, oneid: MockOneID, client: Client) -> None:
    client.force_login(applicant)
    walk(client, "director")
    client.post(JOIN, {"action": "link"})
    by_attorney = Representation.objects.filter(organization__stir="300000023")
    by_attorney.update(basis=Representation.Basis.POWER_OF_ATTORNEY)
    client.logout()
    walk(client, "director", "older")
    assert [row.organization.stir for row in mandates_of(applicant)] == ["300000015", "300000023"]


def test_names_are_written_as_in_a_letter() -> None:
    assert readable_name("DEMO  FUQARO OʻGʻLI") == "Demo Fuqaro Oʻgʻli"
    assert readable_name("ДЕМО ФУҚАРО") == "Демо Фуқаро"
    assert readable_name("Demo van Fuqaro") == "Demo van Fuqaro"
