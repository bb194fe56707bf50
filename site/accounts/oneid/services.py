"""The verbs: open an account for a person of OneID, link one, take over what OneID says."""

from __future__ import annotations

from datetime import date

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from accounts.models import IdentityLevel, Organization, Profile, Representation, User
from accounts.oneid.identity import Firm, Identity
from accounts.oneid.provider import OneIDProvider, uid_of
from accounts.services import give_mandate, revoke_mandate


class LinkedElsewhere(Exception):
    """This OneID belongs to another account of the portal, or the account to another OneID."""


def account_of(identity: Identity) -> User | None:
    """The account that this person's OneID opens."""
    link = SocialAccount.objects.filter(provider=OneIDProvider.id, uid=uid_of(identity)).first()
    return link.user if link else None


@transaction.atomic
def open_account(identity: Identity, language: str) -> User:
    """A new account that OneID alone opens; a phone or an e-mail may be added later.

    Raises LinkedElsewhere where this OneID opens an account already.
    """
    user = User(full_name=identity.full_name, language=language)
    user.set_unusable_password()
    user.save()
    Profile.objects.create(user=user)
    link(user, identity)
    return user


@transaction.atomic
def link(user: User, identity: Identity) -> None:
    """Let this person's OneID open the account; the caller has proof that it is theirs.

    Raises LinkedElsewhere; then nothing is changed.
    """
    User.objects.select_for_update().get(pk=user.pk)
    uid = uid_of(identity)
    present = SocialAccount.objects.filter(provider=OneIDProvider.id, user=user).first()
    if present is not None and present.uid != uid:
        raise LinkedElsewhere
    if present is None:
        try:
            with transaction.atomic():
                SocialAccount.objects.create(provider=OneIDProvider.id, uid=uid, user=user)
        except IntegrityError as error:
            raise LinkedElsewhere from error
    refresh(user, identity)


@transaction.atomic
def refresh(user: User, identity: Identity) -> None:
    """Take over name, personal number, birth date and firms; the level only rises.

    The name in Cyrillic letters is the person's own where they wrote one.
    """
    level = IdentityLevel.EDS if identity.signed else IdentityLevel.ONEID
    user.full_name = identity.full_name
    fields = ["full_name"]
    if not user.reaches(level):
        user.identity_level = level
        fields.append("identity_level")
    user.save(update_fields=fields)
    profile, _created = Profile.objects.get_or_create(user=user)
    in_cyrillic = identity.name_in_cyrillic
    if in_cyrillic:
        profile.full_name_latin = identity.full_name
        profile.full_name_cyrillic = profile.full_name_cyrillic or in_cyrillic
    else:
        profile.full_name_cyrillic = identity.full_name
    profile.pinfl = identity.pinfl
    if identity.birth_date:
        profile.birth_date = date.fromisoformat(identity.birth_date)
    profile.save()
    _follow_firms(user, identity.firms)


def _follow_firms(user: User, firms: tuple[Firm, ...]) -> None:
    """Mandates as OneID lists them today; those of another basis are not OneID's to end."""
    listed = {firm.stir: firm for firm in firms}
    present = Representation.objects.select_for_update(of=("self",)).filter(
        user=user, revoked_at__isnull=True
    )
    rows = present.filter(person=None).select_related("organization")
    held = {row.organization.stir: row for row in rows if row.organization is not None}
    for stir, row in held.items():
        if row.basis == Representation.Basis.ONEID and stir not in listed:
            revoke_mandate(row)
    for stir, firm in listed.items():
        organization, _created = Organization.objects.update_or_create(
            stir=stir, defaults={"name": firm.name}
        )
        _follow_firm(user, organization, firm, held.get(stir))


def _follow_firm(
    user: User, organization: Organization, firm: Firm, row: Representation | None
) -> None:
    """A head is known by the firm's signature; signing in otherwise later does not end that."""
    role = Representation.Role.HEAD if firm.head else Representation.Role.REPRESENTATIVE
    if row is not None and row.basis != Representation.Basis.ONEID and not firm.head:
        return
    if row is not None and row.basis == Representation.Basis.ONEID:
        if firm.head and row.role != role:
            row.role = role
            row.save(update_fields=["role"])
        return
    if row is not None:
        revoke_mandate(row)
    give_mandate(user, organization, basis=Representation.Basis.ONEID, role=role)
