"""Acting for firms and for people: given by who may, in force when confirmed, ended at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts import counter_views
from accounts import mandates as verbs
from accounts.models import (
    Agency,
    IdentityLevel,
    Invitation,
    Organization,
    Profile,
    Representation,
    RepresentedPerson,
    Role,
    User,
)
from accounts.numbers import pinfl_control
from accounts.selectors import acting_choices, invitations_for, mandates_of
from accounts.services import create_applicant, create_staff, give_mandate
from operations.models import AuditEntry
from operations.sms import MemoryGateway
from tests.accounts.support import EMAIL, PHONE, as_user, last_code

pytestmark = pytest.mark.django_db

OTHER_PHONE = "+998610000002"
FIRM = "/uz/accounts/firms/300000015/"
LIST, ACT, ASK = (
    "/uz/accounts/mandates/",
    "/uz/accounts/mandates/act/",
    "/uz/accounts/mandates/person/",
)


def pinfl(born: date, serial: int = 1) -> str:
    """A sound personal number of somebody born on a day after 2000."""
    first = f"5{born:%d%m%y}000{serial:03d}"
    return first + pinfl_control(first)


@pytest.fixture
def firm() -> Organization:
    return Organization.objects.create(stir="300000015", name="Demo Guruch MChJ")


@pytest.fixture
def head(applicant: User, firm: Organization) -> User:
    give_mandate(applicant, firm, basis=Representation.Basis.HEAD, role=Representation.Role.HEAD)
    return applicant


@pytest.fixture
def other() -> User:
    return create_applicant(phone=OTHER_PHONE, full_name="Demo Ikkinchi")


def act(user: User, action: str, pk: int) -> int:
    """The status of the answer to a pressed button."""
    return as_user(user).post(ACT, {"action": action, "pk": pk}).status_code


@pytest.mark.parametrize("contact", [OTHER_PHONE, "demo.other@example.org"])
def test_a_head_invites_and_the_invited_accepts(
    head: User, firm: Organization, contact: str, django_capture_on_commit_callbacks: Any
) -> None:
    client = as_user(head)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(FIRM, {"login": contact})
    assert answer["Location"] == FIRM
    sent = MemoryGateway.sent[-1][1] if contact == OTHER_PHONE else mail.outbox[-1].body
    assert "Demo Guruch MChJ" in sent
    # Whoever has the contact confirmed, now or later, may answer; a typed one opens nothing.
    kind = {"phone": contact} if contact == OTHER_PHONE else {"email": contact}
    typed = create_applicant(phone="+998610000009", confirmed=False)
    assert invitations_for(typed) == []
    other = create_applicant(full_name="Demo Ikkinchi", **kind)
    page = as_user(other).get(LIST).content.decode()
    assert "Demo Guruch MChJ" in page
    invitation = Invitation.objects.get()
    assert act(typed, "accept", invitation.pk) == 404
    assert act(other, "accept", invitation.pk) == 302
    mandate = mandates_of(other)[0]
    assert (mandate.organization, mandate.basis) == (firm, Representation.Basis.INVITATION)
    assert mandate.role == Representation.Role.REPRESENTATIVE
    assert act(other, "accept", invitation.pk) == 404, "answered once"
    # A representative is no head: they neither see the firm's page nor invite.
    assert as_user(other).get(FIRM).status_code == 404
    assert as_user(other).post(FIRM, {"login": PHONE}).status_code == 404
    # Ended by the head, at once.
    assert "Demo Ikkinchi" in client.get(FIRM).content.decode()
    assert act(head, "end", mandate.pk) == 302
    assert mandates_of(other) == []
    assert len(acting_choices(other)) == 1
    kinds = list(AuditEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["invitation", "mandate given", "mandate ended"]


def test_an_invitation_keeps_days_and_ends_with_its_sender(
    head: User, firm: Organization, other: User
) -> None:
    today = timezone.localdate()
    until = today + timedelta(days=30)
    days = {
        "valid_until_day": until.day, "valid_until_month": until.month, "valid_until_year": until.year,
    }  # fmt: skip
    assert as_user(head).post(FIRM, {"login": OTHER_PHONE, **days}).status_code == 302
    again = as_user(head).post(FIRM, {"login": OTHER_PHONE})
    assert again.status_code == 200 and "error-summary" in again.content.decode()
    invitation = Invitation.objects.get()
    assert invitation.valid_until == until
    assert act(other, "withdraw", invitation.pk) == 404
    Representation.objects.filter(user=head).update(revoked_at=timezone.now())
    assert act(other, "accept", invitation.pk) == 302
    assert mandates_of(other) == [], "who invited is no head any more"
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert invitations_for(other) == []


def test_strangers_end_nothing(head: User, firm: Organization, other: User) -> None:
    mandate = mandates_of(head)[0]
    assert act(other, "end", mandate.pk) == 404
    assert act(head, "end", 999) == 404
    assert act(head, "nonsense", mandate.pk) == 404
    assert as_user(head).post(ACT, {"action": "end", "pk": "٣"}).status_code == 404
    assert mandates_of(head) == [mandate]
    assert Client().get(LIST).status_code == 302


def ask(user: User, born: date, basis: str = "child", **data: Any) -> Any:
    """The answer to the filled-in page."""
    values = {
        "full_name": "Demo Bola 01", "pinfl": pinfl(born), "basis": basis,
        "document": "birth certificate I-QQ 0000000", **data,
    }  # fmt: skip
    return as_user(user).post(ASK, values)


def test_a_parent_acts_for_a_child_once_an_officer_saw_the_paper(
    applicant: User, other: User
) -> None:
    born = timezone.localdate().replace(month=6, day=15) - timedelta(days=365 * 10)
    assert ask(applicant, born).status_code == 302
    mandate = Representation.objects.get()
    last = born.replace(year=born.year + 18) - timedelta(days=1)
    assert mandate.valid_until == last
    assert mandates_of(applicant) == [] and len(acting_choices(applicant)) == 1
    page = as_user(applicant).get(LIST).content.decode()
    assert mandate.reference in page and pinfl(born) not in page
    with pytest.raises(verbs.NotYours):
        verbs.confirm_at_counter(applicant, mandate, document="")
    verbs.confirm_at_counter(other, mandate, document="birth certificate I-QQ 0000001")
    mandate.refresh_from_db()
    assert (mandate.confirmation, mandate.confirmed_by) == ("counter", other)
    assert mandate.document.endswith("1")
    assert acting_choices(applicant)[1].label == "Demo Bola 01"
    assert mandates_of(applicant, last) and not mandates_of(applicant, last + timedelta(days=1))
    assert act(applicant, "end", mandate.pk) == 302
    assert mandates_of(applicant) == []


def test_a_grown_child_and_oneself_are_refused(applicant: User) -> None:
    grown = ask(applicant, date(2001, 3, 5))
    assert grown.status_code == 200 and "error-summary" in grown.content.decode()
    profile = Profile.objects.get(user=applicant)
    profile.pinfl = pinfl(date(2001, 3, 6))
    profile.save()
    assert ask(applicant, date(2001, 3, 6), "relative").status_code == 200
    assert not RepresentedPerson.objects.exists()
    bad = ask(applicant, date(2015, 1, 1), pinfl="12345678901234")
    assert bad.status_code == 200
    assert ask(applicant, date(2015, 1, 1), "head").status_code == 200, "no basis for persons"
    assert not Representation.objects.exists()


def test_a_relative_agrees_in_their_own_account(applicant: User, other: User) -> None:
    born = date(2000, 2, 29)
    assert ask(applicant, born, "relative").status_code == 302
    mandate = Representation.objects.get()
    profile = Profile.objects.get(user=other)
    profile.pinfl = pinfl(born)
    profile.save()
    # A number that was typed is not the person: OneID has to have proved it.
    assert act(other, "agree", mandate.pk) == 404
    User.objects.filter(pk=other.pk).update(identity_level=IdentityLevel.ONEID)
    assert "Demo Fuqaro" in as_user(other).get(LIST).content.decode()
    assert act(applicant, "agree", mandate.pk) == 404
    assert act(other, "agree", mandate.pk) == 302
    assert mandates_of(applicant) == [mandate]
    assert mandate.valid_until is None
    # And takes it back when they like.
    assert act(other, "end", mandate.pk) == 302
    assert mandates_of(applicant) == []


def test_one_mandate_at_a_time_for_a_person(applicant: User) -> None:
    born = date(2015, 1, 1)
    assert ask(applicant, born).status_code == 302
    assert ask(applicant, born).status_code == 200
    assert Representation.objects.count() == 1


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_pages_in_each_language(head: User, language: str) -> None:
    client = as_user(head)
    for path in ("mandates/", "mandates/person/", "firms/300000015/"):
        answer = client.get(f"/{language}/accounts/{path}")
        assert answer.status_code == 200
        assert answer.content.decode().count("<h1") == 1
        assert "no-store" in answer["Cache-Control"]


def test_mail_in_small_letters_is_the_same_contact(head: User) -> None:
    assert as_user(head).post(FIRM, {"login": EMAIL.upper()}).status_code == 302
    assert [one.contact for one in invitations_for(head)] == [EMAIL]


def test_the_counter_confirms_by_the_code_that_is_told(
    applicant: User, first_agency: Agency, client: Client
) -> None:
    assert ask(applicant, date(2015, 1, 1)).status_code == 302
    mandate = Representation.objects.get()
    clerk = create_staff(email="demo.clerk@example.org", agency=first_agency, roles=(Role.CLERK,))
    request = RequestFactory().post("/", {"reference": mandate.reference.lower()})
    for user, seen in ((clerk, True), (applicant, False)):
        request.user = user
        if not seen:
            with pytest.raises(PermissionDenied):
                counter_views.confirm(request)
    assert counter_views.may_confirm(request.user) is False
    client.force_login(applicant)
    assert client.get(reverse("mandate_counter")).status_code in {302, 403}
    verbs.confirm_at_counter(clerk, mandate, document="")
    assert mandates_of(applicant) == [mandate]


def _known(user: User, born: date) -> None:
    """OneID knows this person by the number of somebody born on this day."""
    Profile.objects.filter(user=user).update(pinfl_index="")
    profile = Profile.objects.get(user=user)
    profile.pinfl = pinfl(born)
    profile.save()
    user.identity_level = IdentityLevel.ONEID
    user.save()


def test_the_person_agrees_by_the_code_that_came_to_their_own_phone(
    applicant: User, other: User
) -> None:
    born = date(2001, 3, 5)
    _known(other, born)
    client = as_user(applicant)
    ask(applicant, born, "relative")
    mandate = Representation.objects.get()
    assert client.post(ACT, {"action": "code", "pk": mandate.pk}).status_code == 302
    phone, text = MemoryGateway.sent[-1]
    assert phone == other.phone and str(applicant) in text
    client.post(ACT, {"action": "tell", "pk": mandate.pk, "code": "000000"})
    assert mandates_of(applicant) == []
    client.post(ACT, {"action": "tell", "pk": mandate.pk, "code": last_code()})
    mandate.refresh_from_db()
    assert mandates_of(applicant) == [mandate]
    assert (mandate.confirmation, mandate.confirmed_by) == ("person", other)


def test_nothing_tells_whether_the_person_has_an_account(applicant: User, other: User) -> None:
    """The same words, the same box; no code goes out, and none fits."""
    born = date(2001, 3, 5)
    client = as_user(applicant)
    ask(applicant, born, "relative")
    mandate = Representation.objects.get()
    client.post(ACT, {"action": "code", "pk": mandate.pk})
    assert not MemoryGateway.sent
    assert f'id="code-{mandate.pk}"' in client.get(LIST).content.decode()
    client.post(ACT, {"action": "tell", "pk": mandate.pk, "code": "123456"})
    assert mandates_of(applicant) == []
    # Nobody takes a code for somebody else's wish.
    assert as_user(other).post(ACT, {"action": "code", "pk": mandate.pk}).status_code == 404
