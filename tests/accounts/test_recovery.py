"""A lost telephone: identity card, code to the new one, two people, word to the old, time to refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import recovery
from accounts.models import Agency, Recovery, Role, User
from accounts.services import create_applicant, create_staff
from operations.models import AuditEntry, OutboxMessage
from operations.sms import MemoryGateway
from tests.accounts.support import PHONE, last_code

pytestmark = pytest.mark.django_db
NEW = "+998610000055"
PINFL = "31203850000008"


def staff(agency: Agency, role: str, name: str) -> Client:
    user = create_staff(
        email=f"{name}@example.org", full_name=f"Demo {name}", agency=agency, roles=(role,),
        language="uz",
    )  # fmt: skip
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(first_agency: Agency) -> Client:
    return staff(first_agency, Role.CLERK, "qabul")


@pytest.fixture
def second(first_agency: Agency) -> Client:
    return staff(first_agency, Role.OFFICER, "ijrochi")


def known(user: User) -> None:
    """OneID knows this account."""
    user.identity_level = "oneid"
    user.save()
    user.profile.pinfl = PINFL
    user.profile.save()


def ask(client: Client, **fields: Any) -> Any:
    data = {
        "action": "ask", "login": PHONE, "full_name": "demo fuqaro", "pinfl": PINFL, "phone": NEW,
        "proof": "ID-karta AA 0000000, operator shartnomasi",
    }  # fmt: skip
    return client.post(reverse("accounts_recovery"), data | fields)


def press(client: Client, action: str, **fields: Any) -> Any:
    row = Recovery.objects.get()
    data = {"action": action, "uuid": str(row.uuid)} | fields
    return client.post(reverse("accounts_recovery"), data)


def phone_of(user: User) -> str | None:
    return User.objects.get(pk=user.pk).phone


def test_two_people_put_a_new_phone_into_an_account_that_oneid_knows(
    clerk: Client, second: Client, applicant: User
) -> None:
    known(applicant)
    assert ask(clerk).status_code == 302
    assert MemoryGateway.sent[-1][0] == NEW
    assert OutboxMessage.objects.filter(event_key__startswith="recovery:").count() == 2
    press(second, "approve")  # not yet proven
    press(clerk, "prove", code="000000")
    assert Recovery.objects.get().state == "asked"
    press(clerk, "prove", code=last_code())
    press(clerk, "approve")  # nobody approves what they asked
    assert phone_of(applicant) == PHONE
    press(second, "approve")
    assert (phone_of(applicant), Recovery.objects.get().state) == (NEW, "done")
    kinds = list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith(("recovery", "phone"))] == [
        "recovery asked for", "recovery proven", "recovery approved", "phone recovered",
    ]  # fmt: skip


def test_an_account_that_oneid_does_not_know_waits_three_days_and_its_owner_may_refuse(
    clerk: Client, second: Client, applicant: User, client: Client
) -> None:
    ask(clerk)
    press(clerk, "prove", code=last_code())
    press(second, "approve")
    assert phone_of(applicant) == PHONE and recovery.follow() == 0
    client.force_login(applicant)
    assert reverse("recovery_refuse") in client.get(reverse("profile")).content.decode()
    client.post(reverse("recovery_refuse"))
    with time_machine.travel(timezone.now() + timedelta(hours=recovery.HOURS + 1)):
        assert recovery.follow() == 0
    assert phone_of(applicant) == PHONE
    # Where nobody refuses, it takes effect.
    ask(clerk)
    row = Recovery.objects.exclude(state="refused").get()
    clerk.post(
        reverse("accounts_recovery"),
        {"action": "prove", "uuid": str(row.uuid), "code": last_code()},
    )
    second.post(reverse("accounts_recovery"), {"action": "approve", "uuid": str(row.uuid)})
    with time_machine.travel(timezone.now() + timedelta(hours=recovery.HOURS + 1)):
        assert recovery.follow() == 1
    assert phone_of(applicant) == NEW


def test_a_code_that_is_too_old_proves_nothing_and_its_asking_ends(
    clerk: Client, applicant: User
) -> None:
    ask(clerk)
    row, code = Recovery.objects.get(), last_code()
    officer = row.asked_by
    assert officer is not None
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert not recovery.prove(officer, row, code)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        recovery.follow()
        row.refresh_from_db()
        assert row.state == Recovery.State.REFUSED
        ask(clerk)
        assert Recovery.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [{"full_name": "Demo Boshqa"}, {"login": "+998610000099"}, {"login": "ijrochi@example.org"}],
    ids=["another name", "no account", "staff"],
)
def test_what_does_not_fit_is_told_alike(
    clerk: Client, second: Client, applicant: User, fields: dict[str, str]
) -> None:
    page = ask(clerk, **fields)
    assert page.status_code == 200 and not Recovery.objects.exists()


def test_another_personal_number_does_not_fit(clerk: Client, applicant: User) -> None:
    known(applicant)
    ask(clerk, pinfl="31203400000004")
    assert not Recovery.objects.exists()


def test_a_phone_of_another_account_is_not_put_in(clerk: Client, applicant: User) -> None:
    create_applicant(phone=NEW)
    ask(clerk)
    assert not Recovery.objects.exists()


def test_the_database_wants_four_eyes(first_agency: Agency, applicant: User) -> None:
    by = create_staff(email="k@example.org", agency=first_agency, roles=(Role.CLERK,))
    row, _code = recovery.ask(by, first_agency, applicant, NEW, "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=row.pk).update(state="done", decided_by=by)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUDITOR, Role.SUPPORT])
def test_only_the_counter_asks(role: str, first_agency: Agency, applicant: User) -> None:
    assert ask(staff(first_agency, role, "boshqa")).status_code == 302
    assert not Recovery.objects.exists()


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_the_way_is_told_to_everybody(client: Client, language: str) -> None:
    assert client.get(f"/{language}/accounts/lost/").status_code == 200
