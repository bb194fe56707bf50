"""Pages in five languages, the profile, idle sign-out, the administrator's side, the checks."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import translation

from accounts.checks import no_demonstration_accounts
from accounts.middleware import PersonalPagesMiddleware, is_personal
from accounts.models import Agency, Membership, User
from accounts.services import create_applicant, create_staff
from tests.accounts.support import EMAIL, PASSWORD, PHONE

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PUBLIC = [
    "account_login",
    "account_request_login_code",
    "account_signup",
    "account_reset_password",
    "account_inactive",
    "privacy",
    "account_lost",
    "account_password_reset_completed",
]
OWN = [
    "profile",
    "notice_phone",
    "account_email",
    "account_change_phone",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
]


def page(client: Client, name: str, language: str) -> str:
    with translation.override(language):
        address = reverse(name)
    answer = client.get(address)
    assert answer.status_code == 200, (name, answer.status_code)
    assert answer["Cache-Control"] == "no-store, private"
    return answer.content.decode()


def has_no_faults(text: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "an id stands twice"
    for wanted in re.findall(r'<label[^>]*\bfor="([^"]+)"', text):
        assert wanted in ids
    for wanted in re.findall(r'aria-describedby="([^"]+)"', text):
        assert set(wanted.split()) <= set(ids)
    assert not re.search(r"<script(?![^>]*(\bsrc=|type=.application/json))", text), (
        "a script stands in the page"
    )
    assert " style=" not in text and "placeholder=" not in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages(client: Client, name: str, language: str) -> None:
    has_no_faults(page(client, name, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_pages(client: Client, applicant: User, language: str) -> None:
    client.force_login(applicant)
    for name in OWN:
        has_no_faults(page(client, name, language))


def test_every_personal_page_has_the_way_out(client: Client, applicant: User) -> None:
    client.force_login(applicant)
    pages = [reverse(name) for name in OWN] + [
        reverse("mandates"), reverse("casework:my_requests"), reverse("payments:invoices"),
    ]  # fmt: skip
    for path in pages:
        assert f'action="{reverse("account_logout")}"' in client.get(path).content.decode(), path
    # A public page is the same for everybody, and says nothing of who reads it.
    home = client.get("/uz/search/").content.decode()
    assert str(applicant) not in home and reverse("account_logout") not in home


@pytest.mark.parametrize("name", OWN)
def test_own_pages_ask_who_you_are(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302


def test_every_page_of_allauth_is_ours() -> None:
    """A page that allauth brings and nobody dressed would show its own look."""
    known = set(PUBLIC + OWN) | {
        "accounts",
        "account_again",
        "account_close",
        "recovery_refuse",
        "account_set_password",
        "account_verify_phone",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_confirm_password_reset_code",
        "account_complete_password_reset",
        "oneid",
        "oneid_join",
        "firm",
        "mandates",
        "mandate_act",
        "ask_mandate",
        "mandate_papers",
        "mandate_paper",
        "firm_requisites",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
    }
    names = {key for key in get_resolver("accounts.urls").reverse_dict if isinstance(key, str)}
    assert names == known


def test_codes_warn_and_nothing_else_is_asked(client: Client) -> None:
    for name in ("account_login", "account_request_login_code", "account_signup"):
        assert "our staff never ask for it" in page(client, name, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_pages(client: Client, language: str) -> None:
    with translation.override(language):
        answer = client.post(reverse("account_signup"), {"full_name": "Demo", "phone": PHONE})
        has_no_faults(client.get(answer["Location"]).content.decode())
        wrong = client.post(answer["Location"], {"code": ""})
        has_no_faults(wrong.content.decode())
        assert "error-summary" in wrong.content.decode()


# -- Profile ---------------------------------------------------------------------------------


def test_profile_is_kept(client: Client, applicant: User, district) -> None:
    client.force_login(applicant)
    data = {
        "full_name_latin": "Demo Yangi Ism",
        "birth_date_day": "3",
        "birth_date_month": "2",
        "birth_date_year": "1990",
        "district": str(district.pk),
        "address": "Namuna koʻchasi, 1-uy",
        "language": "kaa",
        "notify_sms": "on",
    }
    assert client.post(reverse("profile"), data).status_code == 302
    applicant.refresh_from_db()
    profile = applicant.profile
    profile.refresh_from_db()
    assert (profile.full_name_latin, profile.district, applicant.language) == (
        "Demo Yangi Ism",
        district,
        "kaa",
    )
    assert profile.birth_date.isoformat() == "1990-02-03"
    assert profile.notify_sms and not profile.notify_email
    assert 'value="1990"' in page(client, "profile", "uz")


@pytest.mark.parametrize(
    "boxes",
    [("31", "2", "1990"), ("1", "1", ""), ("a", "b", "c"), ("1", "1", "2999"), ("1", "1", "1")],
)
def test_wrong_date_is_told_in_place(
    client: Client, applicant: User, boxes: tuple[str, str, str]
) -> None:
    client.force_login(applicant)
    names = ("birth_date_day", "birth_date_month", "birth_date_year")
    data = {"full_name_latin": "Demo", "language": "uz"} | dict(zip(names, boxes, strict=True))
    answer = client.post(reverse("profile"), data)
    text = answer.content.decode()
    assert "birth_date" in answer.context["form"].errors
    assert 'href="#id_birth_date_0"' in text and 'id="id_birth_date_0"' in text
    has_no_faults(text)


def test_profile_of_an_account_without_one(client: Client) -> None:
    user = User.objects.create_user(phone=PHONE)
    client.force_login(user)
    page(client, "profile", "uz")
    client.post(reverse("profile"), {"full_name_latin": "Demo", "language": "ru"})
    assert user.profile.full_name_latin == "Demo"


# -- Shared phones ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "personal"),
    [
        ("/uz/accounts/login/", True),
        ("/kaa/my/", True),
        ("/uz/apply/d/x/", True),
        ("/admin/pages/", True),
        ("/files/x", True),
        ("/uz/", False),
        ("/", False),
        ("/uz/idoralar/my/", False),
        ("/api/search/", False),
        ("/accounts", False),
    ],
)
def test_personal_paths(path: str, personal: bool) -> None:
    assert is_personal(path) is personal


def test_public_pages_never_touch_the_session() -> None:
    """No session and no user on the request: asking for either would fail."""
    request = RequestFactory().get("/uz/idoralar/")
    answer = PersonalPagesMiddleware(lambda _request: HttpResponse("page"))(request)
    assert "Cache-Control" not in answer and "Vary" not in answer


def test_idle_applicant_is_signed_out(client: Client, applicant: User) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        client.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
        for _step in range(3):
            clock.shift(29 * 60)
            assert client.get(reverse("profile")).status_code == 200
        clock.shift(31 * 60)
        assert client.get(reverse("profile")).status_code == 302
        assert "_auth_user_id" not in client.session


def test_own_device_and_staff_stay_signed_in(client: Client, applicant: User, first_agency) -> None:
    head = create_staff(
        email="demo.o@example.org", password=PASSWORD, agency=first_agency, roles=("head",)
    )
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        client.post(
            reverse("account_login"), {"login": PHONE, "password": PASSWORD, "remember": "on"}
        )
        staff = Client()
        staff.force_login(head)
        for browser in (client, staff):
            assert browser.get(reverse("profile")).status_code == 200
        clock.shift(3 * 3600)
        for browser in (client, staff):
            assert browser.get(reverse("profile")).status_code == 200


def test_the_way_back_is_kept_and_stays_here(client: Client, applicant: User) -> None:
    answer = client.get(reverse("profile"))
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('profile')}"
    assert (
        f'name="next" value="{reverse("profile")}"'
        in client.get(answer["Location"]).content.decode()
    )
    data = {"login": PHONE, "password": PASSWORD, "next": "https://elsewhere.example.org/"}
    answer = client.post(reverse("account_login"), data)
    assert "elsewhere" not in answer["Location"]


# -- The administrator's side ----------------------------------------------------------------


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("demo.admin@example.org", PASSWORD))
    return client


def test_agency_is_made_and_changed_in_the_admin(admin: Client) -> None:
    listing = "wagtailsnippets_accounts_agency"
    data = {
        "key": "adliya",
        "code": "ADL",
        "kind": "ministry",
        "level": "republic",
        "order": "1",
        "name_uz": "Adliya vazirligi",
        "working_hours": "{}",
        "active": "on",
    }
    answer = admin.post(reverse(f"{listing}:add"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Agency.objects.get(key="adliya")
    assert made.name["uz-cyrl"] == "Адлия вазирлиги"
    refused = admin.post(reverse(f"{listing}:add"), data | {"key": "y", "code": "AIO"})
    assert refused.status_code == 200 and "code" in refused.context["form"].errors
    assert admin.get(reverse(f"{listing}:list")).status_code == 200
    assert admin.get(reverse(f"{listing}:edit", args=[made.pk])).status_code == 200


@pytest.mark.parametrize("model", ["agencyname", "membership", "organization", "representation"])
def test_other_lists_open(admin: Client, model: str) -> None:
    for view in ("list", "add"):
        assert admin.get(reverse(f"wagtailsnippets_accounts_{model}:{view}")).status_code == 200


def test_a_membership_in_the_admin_opens_the_admin(admin: Client, first_agency) -> None:
    user = create_applicant(email=EMAIL)
    add = reverse("wagtailsnippets_accounts_membership:add")
    answer = admin.post(add, {"user": user.pk, "agency": first_agency.pk, "role": "officer"})
    assert answer.status_code == 302
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
    again = admin.post(add, {"user": user.pk, "agency": first_agency.pk, "role": "officer"})
    assert again.status_code == 200 and Membership.objects.count() == 1


def test_accounts_in_the_admin(admin: Client) -> None:
    assert admin.get(reverse("wagtailusers_users:index")).status_code == 200
    add = reverse("wagtailusers_users:add")
    assert admin.get(add).status_code == 200
    data = {"full_name": "Demo Xodim", "phone": "61 000 00 09", "language": "uz", "is_active": "on"}
    assert admin.post(add, data | {"phone": ""}).status_code == 200
    assert admin.post(add, data | {"password1": "qisqa"}).status_code == 200
    assert admin.post(add, data).status_code == 302
    user = User.objects.get(phone="+998610000009")
    assert user.phone_verified and not user.has_usable_password()
    edit = reverse("wagtailusers_users:edit", args=[user.pk])
    assert admin.get(edit).status_code == 200
    changed = data | {"email": EMAIL.upper(), "password1": PASSWORD}
    assert admin.post(edit, changed).status_code == 302
    user.refresh_from_db()
    assert user.email == EMAIL and user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    own = reverse("wagtailusers_users:edit", args=[User.objects.get(is_superuser=True).pk])
    assert "is_superuser" not in admin.get(own).context["form"].fields
    assert admin.get(reverse("wagtailadmin_account")).status_code == 200


def test_staff_without_rights_do_not_see_accounts(client: Client, first_agency) -> None:
    user = create_staff(email="demo.o@example.org", agency=first_agency, roles=("officer",))
    client.force_login(user)
    for name in ("wagtailusers_users:index", "wagtailsnippets_accounts_agency:list"):
        assert client.get(reverse(name)).status_code in (302, 403)


# -- Checks ----------------------------------------------------------------------------------


def test_production_refuses_demonstration_accounts(settings) -> None:
    settings.DEMO = False
    assert no_demonstration_accounts(None, databases=["default"]) == []
    create_applicant(phone=PHONE, is_demo=True)
    assert [error.id for error in no_demonstration_accounts(None, databases=["default"])] == [
        "accounts.E001"
    ]
    assert no_demonstration_accounts(None, databases=None) == []
    settings.DEMO = True
    assert no_demonstration_accounts(None, databases=["default"]) == []
