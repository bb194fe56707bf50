"""The verbs of mandates: inviting, accepting, asking to act for a person, confirming, ending.

Each change is appended to the audit of the day, without names.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import message_kinds
from accounts.mandate_models import Invitation, Organization, Representation, RepresentedPerson
from accounts.models import IdentityLevel, Profile, User
from accounts.numbers import birth_date_of
from accounts.selectors import confirmed_contacts
from accounts.services import give_mandate
from operations import journal, outbox
from operations.crypto import blind_index

#: Days that an invitation waits for its answer.
INVITATION_DAYS = 14
MAJORITY = 18
_TEMPLATE = message_kinds.INVITATION.key
#: Bases on which one acts for a person.
PERSONAL_BASES = (
    Representation.Basis.CHILD,
    Representation.Basis.WARD,
    Representation.Basis.RELATIVE,
    Representation.Basis.POWER_OF_ATTORNEY,
)


class NotYours(Exception):
    """Only a head of the firm, or the person concerned, may do this."""


class Refused(Exception):
    """It cannot be done as things are; `reason` is a word for the message."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def is_head(user: User, organization: Organization) -> bool:
    """Whether `user` is head of the firm today."""
    rows = Representation.objects.valid(timezone.localdate())
    return rows.filter(user=user, organization=organization, role=Representation.Role.HEAD).exists()


@transaction.atomic
def invite(
    head: User,
    organization: Organization,
    contact: tuple[str, str],
    *,
    valid_from: date,
    valid_until: date | None,
    scope: list[str],
) -> Invitation:
    """Ask whoever has this phone or e-mail to act for the firm; they are told by message.

    `contact` is ("phone", E.164) or ("email", small letters). Nothing says whether there is an
    account. Raises NotYours; Refused("waiting") where the same contact is being asked already.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    if not is_head(head, organization):
        raise NotYours
    kind, address = contact
    waiting = Invitation.objects.filter(
        organization=organization, contact_index=blind_index(address),
        state=Invitation.State.WAITING,
    )  # fmt: skip
    waiting.filter(expires_at__lte=timezone.now()).update(state=Invitation.State.WITHDRAWN)
    if waiting.filter(expires_at__gt=timezone.now()).exists():
        raise Refused("waiting")
    invitation = Invitation.objects.create(
        organization=organization,
        contact=address,
        valid_from=valid_from,
        valid_until=valid_until,
        scope=scope,
        invited_by=head,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    outbox.send(
        event_key=f"invitation:{invitation.pk}",
        channel="sms" if kind == "phone" else "email",
        address=address,
        template=_TEMPLATE,
        context={
            "organization": organization.name,
            "url": settings.BASE_URL + reverse("mandates"),
        },
        language=head.language,
    )
    journal.append("invitation", f"organization:{organization.pk}", actor=head)
    return invitation


@transaction.atomic
def answer_invitation(user: User, pk: int, *, accept: bool) -> Invitation:
    """Accept or decline an invitation to a contact that this account has confirmed.

    Raises Invitation.DoesNotExist where it is another's, answered, withdrawn or too old;
    Refused("head") where who invited is no head any more, Refused("present") where a mandate is
    in force already.
    """
    indexes = [blind_index(contact) for contact in confirmed_contacts(user)]
    invitation = (
        Invitation.objects.select_for_update()
        .filter(contact_index__in=indexes, expires_at__gt=timezone.now())
        .get(pk=pk, state=Invitation.State.WAITING)
    )
    if not accept:
        invitation.state = Invitation.State.DECLINED
        invitation.save(update_fields=["state"])
        return invitation
    if not is_head(invitation.invited_by, invitation.organization):
        raise Refused("head")
    held = Representation.objects.filter(
        user=user, organization=invitation.organization, revoked_at__isnull=True
    )
    today = timezone.localdate()
    held.filter(valid_until__lt=today).update(revoked_at=timezone.now())
    if held.exists():
        raise Refused("present")
    if invitation.valid_until is not None and invitation.valid_until < today:
        raise Refused("over")
    mandate = give_mandate(
        user,
        invitation.organization,
        basis=Representation.Basis.INVITATION,
        valid_from=invitation.valid_from,
        valid_until=invitation.valid_until,
        scope=invitation.scope,
    )
    invitation.state = Invitation.State.ACCEPTED
    invitation.save(update_fields=["state"])
    journal.append("mandate given", f"mandate:{mandate.pk}", actor=user)
    return invitation


@transaction.atomic
def withdraw_invitation(head: User, pk: int) -> None:
    """Take an invitation back. Raises NotYours, Invitation.DoesNotExist."""
    invitation = Invitation.objects.select_for_update().get(pk=pk, state=Invitation.State.WAITING)
    if not is_head(head, invitation.organization):
        raise NotYours
    invitation.state = Invitation.State.WITHDRAWN
    invitation.save(update_fields=["state"])


@transaction.atomic
def ask_for_person(
    user: User,
    *,
    full_name: str,
    pinfl: str,
    basis: str,
    document: str,
    valid_from: date,
    valid_until: date | None = None,
    scope: list[str] | None = None,
) -> Representation:
    """Ask to act for a person; in force once they or an officer confirm it.

    For a child it ends the day before majority by itself, so does the guardianship of a minor.
    The date of birth is read from the personal number. Raises Refused: `adult` for a child of 18
    and more, `self`, `present`, ValueError on a basis that is none for persons.
    """
    if basis not in PERSONAL_BASES:
        raise ValueError(basis)
    born = birth_date_of(pinfl)
    if born is None:
        raise ValueError("No personal number.")
    index, today = blind_index(pinfl), timezone.localdate()
    if Profile.objects.filter(user=user, pinfl_index=index).exists():
        raise Refused("self")
    last = _of_age(born) - timedelta(days=1)
    if basis == Representation.Basis.CHILD and last < today:
        raise Refused("adult")
    if basis in {Representation.Basis.CHILD, Representation.Basis.WARD} and last >= today:
        valid_until = min(valid_until or last, last)
    if valid_until is not None and valid_until < max(valid_from, today):
        raise Refused("over")
    User.objects.select_for_update().get(pk=user.pk)
    held = Representation.objects.filter(
        user=user, person__pinfl_index=index, revoked_at__isnull=True
    )
    held.filter(valid_until__lt=today).update(revoked_at=timezone.now())
    if held.exists():
        raise Refused("present")
    person = RepresentedPerson.objects.create(full_name=full_name, pinfl=pinfl, birth_date=born)
    mandate = Representation.objects.create(
        user=user,
        person=person,
        basis=basis,
        document=document,
        valid_from=valid_from,
        valid_until=valid_until,
        scope=scope or [],
        confirmed_at=None,
        confirmation="",
    )
    journal.append("mandate asked for", f"mandate:{mandate.pk}", actor=user)
    return mandate


def _of_age(born: date) -> date:
    """The 18th birthday; 1 March for those born on 29 February."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:
        return date(born.year + MAJORITY, 3, 1)


def asked_of(user: User) -> list[Representation]:
    """Mandates over this person, waiting or in force: OneID proved whose number it is. One that is
    over, as at majority, is none any more."""
    if not user.reaches(IdentityLevel.ONEID):
        return []
    index = Profile.objects.filter(user=user).values_list("pinfl_index", flat=True).first()
    if not index:
        return []
    rows = Representation.objects.not_over(timezone.localdate())
    rows = rows.filter(person__pinfl_index=index).exclude(user=user)
    return list(rows.select_related("user", "person").order_by("-pk"))


@transaction.atomic
def confirm_own(person: User, pk: int) -> Representation:
    """The person concerned agrees, in their own account. Raises NotYours."""
    mandate = next((row for row in asked_of(person) if row.pk == pk), None)
    if mandate is None:
        raise NotYours
    return _confirm(mandate, person, Representation.Confirmation.PERSON)


def phone_of_person(mandate: Representation) -> str:
    """The confirmed phone of the person concerned, whom OneID knows by the personal number; ""
    where there is no such account. It is never told to whoever asks."""
    person = mandate.person
    if person is None:
        return ""
    rows = User.objects.filter(
        profile__pinfl_index=person.pinfl_index, phone_verified=True, is_active=True
    ).exclude(pk=mandate.user_id)
    found = next((row for row in rows if row.reaches(IdentityLevel.ONEID)), None)
    return (found.phone or "") if found else ""


@transaction.atomic
def confirm_by_code(user: User, pk: int) -> Representation:
    """The person told the code that came to their own phone; the caller has compared it.

    Raises NotYours for a mandate that does not wait for `user`.
    """
    mandate = waiting_of(user).filter(pk=pk).first()
    person = mandate.person if mandate else None
    owner = (
        User.objects.filter(profile__pinfl_index=person.pinfl_index).exclude(pk=user.pk).first()
        if person
        else None
    )
    if mandate is None or owner is None:
        raise NotYours
    return _confirm(mandate, owner, Representation.Confirmation.PERSON)


def waiting_of(user: User) -> QuerySet[Representation]:
    """Mandates for persons that `user` asked for and that nobody has confirmed yet."""
    rows = Representation.objects.waiting(timezone.localdate()).filter(user=user)
    return rows.select_related("person")


@transaction.atomic
def confirm_at_counter(officer: User, mandate: Representation, *, document: str) -> Representation:
    """An officer saw the documents. The caller checks that they may. Raises NotYours for one's own
    mandate."""
    if officer.pk == mandate.user_id:
        raise NotYours
    mandate.document = document or mandate.document
    return _confirm(mandate, officer, Representation.Confirmation.COUNTER)


def _confirm(mandate: Representation, by: User, how: str) -> Representation:
    if mandate.confirmed_at is None:
        mandate.confirmed_at, mandate.confirmed_by = timezone.now(), by
        mandate.confirmation = how
        mandate.save(update_fields=["confirmed_at", "confirmed_by", "confirmation", "document"])
        journal.append("mandate confirmed", f"mandate:{mandate.pk}", actor=by, data={"how": how})
    return mandate


@transaction.atomic
def end(user: User, pk: int) -> Representation:
    """End a mandate at once: by who has it, by a head of the firm, or by the person concerned.

    Raises NotYours. A request that was sent stays; drafts can no longer be sent.
    """
    mandate = (
        Representation.objects.select_for_update().filter(pk=pk, revoked_at__isnull=True).first()
    )
    if mandate is None:
        raise NotYours
    firm = mandate.organization
    allowed = mandate.user_id == user.pk or (firm is not None and is_head(user, firm))
    if not allowed and not any(row.pk == pk for row in asked_of(user)):
        raise NotYours
    mandate.revoked_at = timezone.now()
    mandate.save(update_fields=["revoked_at"])
    journal.append("mandate ended", f"mandate:{mandate.pk}", actor=user)
    return mandate
