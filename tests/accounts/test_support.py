"""The operator's support: whether everything runs, why somebody does not get in; nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import part_names
from accounts.models import Agency, Role, User
from accounts.services import create_staff
from home.models import Notice
from operations import readiness, schedule
from operations.models import AuditEntry, OutboxMessage
from tests.accounts.support import PASSWORD, PHONE

pytestmark = pytest.mark.django_db
NAME = "Demo Fuqaro"


def staff(role: str, agency: Agency | None = None) -> Client:
    user = create_staff(
        email=f"{role}@example.org", full_name=f"Demo {role}", agency=agency, roles=(role,),
        language="uz",
    )  # fmt: skip
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def helper(db: None) -> Client:
    return staff(Role.SUPPORT)


def stuck(user: User, **fields: Any) -> OutboxMessage:
    values = {
        "event_key": "request:1", "channel": "sms", "user": user, "address": PHONE,
        "address_index": "x", "template": "casework/messages/registered", "language": "uz",
        "context": {"number": "maxfiy-raqam"}, "state": "unknown", "next_try": timezone.now(),
    } | fields  # fmt: skip
    return OutboxMessage.objects.create(**values)


def test_support_sees_what_is_stuck_and_sends_it_again(helper: Client, applicant: User) -> None:
    message = stuck(applicant)
    page = helper.get(reverse("accounts_support")).content.decode()
    assert str(message.pk) in page
    for secret in (PHONE, "maxfiy-raqam", NAME):
        assert secret not in page
    for _twice in range(2):
        helper.post(reverse("accounts_support_again"), {"message": message.pk})
    message.refresh_from_db()
    assert message.state in {"waiting", "sent"}
    assert AuditEntry.objects.filter(kind="message sent again").count() == 1


def test_support_finds_an_account_by_what_its_owner_says_and_reads_no_name(
    helper: Client, applicant: User
) -> None:
    client = Client()
    for _n in range(5):
        client.post(reverse("account_login"), {"login": PHONE, "password": "notoʻgʻri-parol-bu"})
    stuck(applicant)
    answer = helper.post(
        reverse("accounts_support_find"),
        {"login": PHONE.removeprefix("+998"), "matter": "sign_in", "appeal": "M-12"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and 'id="sent"' in page
    assert NAME not in page and "maxfiy-raqam" not in page
    assert "Minutes to wait" in page or "daqiqa" in page  # five wrong passwords
    entry = AuditEntry.objects.get(kind="account looked at")
    assert entry.thing == f"account:{applicant.pk}"
    assert entry.data == {"matter": "sign_in", "appeal": "M-12"}


def test_a_contact_without_account_is_written_down_too(helper: Client) -> None:
    helper.post(reverse("accounts_support_find"), {"login": PHONE, "matter": "other"})
    assert AuditEntry.objects.get(kind="account looked at").thing == "account:none"


def test_support_signs_somebody_out_everywhere(helper: Client, applicant: User) -> None:
    owner = Client()
    owner.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})
    assert UserSession.objects.filter(user=applicant).count() == 1
    helper.post(
        reverse("accounts_support_find"), {"login": PHONE, "matter": "session", "do": "end"}
    )
    assert not UserSession.objects.filter(user=applicant).exists()
    assert owner.get(reverse("profile")).status_code == 302


def test_support_tells_of_incidents_and_edits_no_pages(helper: Client) -> None:
    notice = Notice.objects.create(title={"uz": "Xabar"})
    address = f"/admin/snippets/home/notice/edit/{notice.pk}/"
    assert helper.get(address).status_code == 200
    assert helper.get("/admin/snippets/home/notice/add/").status_code == 200
    assert helper.get(f"/admin/snippets/home/notice/delete/{notice.pk}/").status_code == 302
    assert helper.get("/admin/pages/").status_code == 302


@pytest.mark.parametrize(
    "role", [Role.HEAD, Role.CONTROLLER, Role.COUNCIL, Role.AUDITOR, Role.CLERK]
)
def test_nobody_else_supports(role: str, first_agency: Agency, applicant: User) -> None:
    client = staff(role, first_agency)
    assert client.get(reverse("accounts_support")).status_code == 302
    data = {"login": PHONE, "matter": "sign_in"}
    assert client.post(reverse("accounts_support_find"), data).status_code == 302
    assert not AuditEntry.objects.filter(kind="account looked at").exists()


def test_every_part_and_work_has_a_name_in_words() -> None:
    keys = {work.name for work in schedule.works()} | set(readiness.report()[1])
    assert keys - set(part_names.NAMES) == set()
