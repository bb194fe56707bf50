"""Heads keep their own people; roles have dates; each change of rights is in the audit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import staff
from accounts.models import Agency, Membership, Role, User
from accounts.second_factor import give_app
from accounts.selectors import agencies_of
from accounts.services import create_applicant, create_staff, grant, sync_access
from operations import journal
from operations.models import AuditEntry, OutboxMessage
from tests.accounts.support import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(first_agency: Agency) -> User:
    return create_staff(
        email="rahbar@example.org", password=PASSWORD, agency=first_agency, roles=("head",)
    )


@pytest.fixture
def officer(first_agency: Agency) -> User:
    return create_staff(email="xodim@example.org", agency=first_agency, roles=("officer",))


@pytest.fixture
def stranger(second_agency: Agency) -> User:
    return create_staff(email="begona@example.org", agency=second_agency, roles=("officer",))


@pytest.fixture
def desk(client: Client, head: User) -> Client:
    """The head, signed in, who confirmed it just now."""
    client.force_login(head)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def roles(user: User) -> set[str]:
    return set(Membership.objects.filter(user=user).values_list("role", flat=True))


def of(agency: Agency) -> str:
    return reverse("accounts_staff_of", args=[agency.key])


def page_of(agency: Agency, user: User) -> str:
    return reverse("accounts_staff_person", args=[agency.key, user.uuid])


@pytest.fixture
def administrator(db: None) -> User:
    return create_applicant(
        email="admin@example.org", password=PASSWORD, is_superuser=True, is_staff=True
    )


def refused(answer: Any) -> bool:
    """Wagtail sends whoever may not back to the admin's first page."""
    return bool(answer.status_code == 302 and answer["Location"] == reverse("wagtailadmin_home"))


def test_a_head_invites(desk: Client, first_agency: Agency, mailoutbox: Any) -> None:
    answer = desk.post(
        of(first_agency),
        {"do": "invite", "full_name": "Demo Yangi", "email": "Yangi@example.org", "role": "editor"},
    )
    invited = User.objects.get(email="yangi@example.org")
    assert answer["Location"] == page_of(first_agency, invited)
    assert roles(invited) == {"editor"} and invited.is_staff
    assert "Demo Yangi" in desk.get(of(first_agency)).content.decode()


def test_a_typed_address_is_nobodys(desk: Client, first_agency: Agency) -> None:
    thief = create_applicant(email="yangi@example.org", password=PASSWORD, confirmed=False)
    data = {
        "do": "invite",
        "full_name": "Demo Yangi",
        "email": "yangi@example.org",
        "role": "editor",
    }
    desk.post(of(first_agency), data)
    assert not Membership.objects.filter(user_id=thief.pk).exists()
    assert roles(User.objects.get(email="yangi@example.org")) == {"editor"}


def test_roles_are_given_and_taken(
    desk: Client, head: User, officer: User, first_agency: Agency
) -> None:
    desk.post(page_of(first_agency, officer), {"do": "give", "role": "clerk"})
    assert roles(officer) == {"officer", "clerk"}
    row = Membership.objects.get(user=officer, role="officer")
    desk.post(page_of(first_agency, officer), {"do": "take", "membership": row.pk})
    assert roles(officer) == {"clerk"}
    lines = staff.changes(first_agency)
    assert [(line.kind, line.actor_id, line.data["role"]) for line in lines[:2]] == [
        ("role.taken", head.pk, "officer"),
        ("role.given", head.pk, "clerk"),
    ]
    text = desk.get(of(first_agency)).content.decode()
    assert str(officer) in text and str(head) in text


@pytest.mark.parametrize("role", ["head", "controller", "council", "support", "bogus"])
def test_a_head_gives_no_role_from_above(
    desk: Client, officer: User, first_agency: Agency, role: str
) -> None:
    page = desk.post(page_of(first_agency, officer), {"do": "give", "role": role})
    assert page.status_code == 200 and roles(officer) == {"officer"}
    with pytest.raises(PermissionDenied):
        staff.give(User.objects.get(email="rahbar@example.org"), first_agency, officer, role)


def test_a_head_does_not_change_the_own_roles(
    desk: Client, head: User, first_agency: Agency
) -> None:
    answer = desk.post(page_of(first_agency, head), {"do": "give", "role": "approver"})
    assert refused(answer) and roles(head) == {"head"}


def test_another_agency_is_out_of_reach(
    desk: Client, stranger: User, officer: User, second_agency: Agency, first_agency: Agency
) -> None:
    assert desk.get(of(second_agency)).status_code == 404
    assert desk.get(page_of(second_agency, stranger)).status_code == 404
    assert desk.get(page_of(first_agency, stranger)).status_code == 404
    row = Membership.objects.get(user=stranger)
    desk.post(page_of(first_agency, officer), {"do": "take", "membership": row.pk})
    assert roles(stranger) == {"officer"}
    assert str(stranger) not in desk.get(of(first_agency)).content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_others_do_not_manage_people(client: Client, first_agency: Agency, role: str) -> None:
    client.force_login(create_staff(email="a@example.org", agency=first_agency, roles=(role,)))
    assert refused(client.get(reverse("accounts_staff")))
    assert refused(client.get(of(first_agency)))


def test_changes_ask_who_it_is(
    client: Client, head: User, officer: User, first_agency: Agency
) -> None:
    client.force_login(head)
    assert client.get(of(first_agency)).status_code == 200
    answer = client.post(page_of(first_agency, officer), {"do": "give", "role": "clerk"})
    assert "/reauthenticate/" in answer["Location"] and roles(officer) == {"officer"}


def test_roles_begin_and_end_by_themselves(officer: User, first_agency: Agency) -> None:
    today = timezone.localdate()
    grant(
        officer, first_agency, "editor",
        valid_from=today + timedelta(days=2), valid_until=today + timedelta(days=3),
    )  # fmt: skip
    seen = []
    for days in range(6):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            staff.follow_dates()
            may = agencies_of(officer, "editor").filter(pk=first_agency.pk).exists()
            in_group = officer.groups.filter(name__endswith=":editor").exists()
            assert may is in_group
            seen.append(may)
    assert seen == [False, False, True, True, False, False]


def test_an_account_whose_roles_ended_is_no_staff(first_agency: Agency) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    user = create_staff(email="eski@example.org")
    grant(user, first_agency, "officer", valid_until=yesterday)
    sync_access(user)
    user.refresh_from_db()
    assert not user.is_staff and not user.has_perm("wagtailadmin.access_admin")
    grant(user, first_agency, "officer", valid_until=None)
    assert roles(user) == {"officer"}


def test_a_last_day_before_the_first_is_refused(
    desk: Client, officer: User, first_agency: Agency
) -> None:
    dates = {"valid_from": "2030-02-02", "valid_until": "2030-02-01"}
    page = desk.post(page_of(first_agency, officer), {"do": "give", "role": "clerk"} | dates)
    assert page.status_code == 200 and page.context["form"].errors["valid_until"]


def test_a_lost_second_factor(
    desk: Client, officer: User, first_agency: Agency, second_agency: Agency
) -> None:
    give_app(officer, "JBSWY3DPEHPK3PXP")
    browser = Client()
    browser.force_login(officer)
    assert browser.get("/admin/").status_code == 200
    desk.post(page_of(first_agency, officer), {"do": "reset"})
    assert not Authenticator.objects.filter(user=officer).exists()
    assert staff.changes(first_agency, "factor.reset").exists()
    # Whoever works elsewhere too is not in one head's hands.
    give_app(officer, "JBSWY3DPEHPK3PXP")
    grant(officer, second_agency, "officer")
    assert refused(desk.post(page_of(first_agency, officer), {"do": "reset"}))
    assert Authenticator.objects.filter(user=officer).exists()


def test_the_monthly_review(desk: Client, head: User, first_agency: Agency) -> None:
    assert staff.is_review_due(first_agency)
    staff.remind_of_reviews()
    staff.remind_of_reviews()
    desk.post(of(first_agency), {"do": "review"})
    assert not staff.is_review_due(first_agency)
    with time_machine.travel(timezone.now() + timedelta(days=32)):
        assert staff.is_review_due(first_agency)


@pytest.mark.django_db(transaction=True)
def test_heads_are_reminded_once_a_month(head: User, officer: User) -> None:
    mail.outbox.clear()
    staff.remind_of_reviews()
    staff.remind_of_reviews()
    assert [message.to for message in mail.outbox] == [["rahbar@example.org"]]


def test_changes_of_rights_stand_in_the_journal(
    head: User, officer: User, first_agency: Agency
) -> None:
    assert staff.changes(first_agency).count() == 2 and journal.broken_entries() == []


def test_the_audit_holds_no_names(head: User, first_agency: Agency) -> None:
    text = str(list(AuditEntry.objects.values()))
    assert "rahbar" not in text and str(head.email) not in text


def test_administrators_are_audited(client: Client, administrator: User, officer: User) -> None:
    client.force_login(administrator)
    edit = reverse("wagtailusers_users:edit", args=[officer.pk])
    data = {"full_name": "Demo Xodim", "email": officer.email, "language": "uz", "is_active": "on"}
    client.post(edit, data | {"is_superuser": "on"})
    line = staff.changes(None, "administrator.given")[0]
    assert line.data == {"account": officer.pk} and line.actor_id == administrator.pk


def test_administrators_name_heads_and_see_every_agency(
    client: Client, administrator: User, officer: User, first_agency: Agency
) -> None:
    client.force_login(administrator)
    assert client.get(of(first_agency)).status_code == 200
    staff.give(administrator, first_agency, officer, "head")
    assert "head" in roles(officer)


def test_roles_in_all_agencies_are_looked_through_by_administrators(
    client: Client, first_agency: Agency
) -> None:
    controller = create_staff(
        email="nazorat@example.org", full_name="Demo N", roles=("controller",)
    )
    admin = create_applicant(email="admin@example.org", is_superuser=True, is_staff=True)
    address = reverse("accounts_staff_everywhere")
    client.force_login(controller)
    assert client.get(address).status_code == 302 and staff.is_review_due(None)
    staff.remind_of_reviews()
    staff.remind_of_reviews()
    assert OutboxMessage.objects.filter(event_key__startswith="review:*").count() == 1
    client.force_login(admin)
    assert "Demo N" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert not staff.is_review_due(None) and staff.is_review_due(first_agency)
    with pytest.raises(PermissionDenied):
        staff.review(controller, None)
