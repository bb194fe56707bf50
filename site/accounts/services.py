"""The verbs of the room: every change of an account is a function here, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from accounts import rights
from accounts.models import (
    Agency,
    Membership,
    Organization,
    Profile,
    Representation,
    Role,
    User,
)

#: Its members may open the admin; what they may do there comes from the groups of their roles.
STAFF_GROUP = "Portal staff"
_ROLE_GROUPS = "agency:"


@transaction.atomic
def create_applicant(
    *,
    email: str = "",
    phone: str = "",
    password: str | None = None,
    full_name: str = "",
    language: str = "uz",
    confirmed: bool = True,
    profile: Mapping[str, Any] | None = None,
    **fields: Any,
) -> User:
    """A new applicant with a profile. `profile` and `fields` are columns of Profile and User.

    `confirmed`: whoever calls vouches that the contacts are this person's. Raises ValueError
    without e-mail and phone, IntegrityError where a contact has an account.
    """
    user = User.objects.create_user(
        email=email or None,
        phone=phone or None,
        password=password,
        full_name=full_name,
        language=language,
        **fields,
    )
    Profile.objects.create(user=user, **{"full_name_latin": full_name, **(profile or {})})
    if confirmed:
        confirm_contact(user)
    return user


@transaction.atomic
def create_staff(
    *,
    email: str,
    password: str | None = None,
    full_name: str = "",
    agency: Agency | None = None,
    roles: tuple[str, ...] = (),
    **fields: Any,
) -> User:
    """A new member of staff with roles in one agency (None: in all).

    Raises IntegrityError where the e-mail has an account, ValueError on an unknown role.
    """
    user = create_applicant(email=email, password=password, full_name=full_name, **fields)
    grant(user, agency, *roles)
    return user


@transaction.atomic
def confirm_contact(user: User) -> None:
    """Mark the account's phone and e-mail as proven to be this person's."""
    if user.email:
        EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).update(
            primary=False
        )
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    if user.phone and not user.phone_verified:
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])


@transaction.atomic
def release_unconfirmed(*, email: str = "", phone: str = "", keep: User | None = None) -> None:
    """Free a contact that somebody typed but never confirmed.

    Else whoever types another person's number would keep that person out, or wait inside the
    account until its owner confirms it. Staff accounts are made by administrators and stay.
    """
    applicants = User.objects.filter(is_staff=False, is_superuser=False)
    if keep is not None:
        applicants = applicants.exclude(pk=keep.pk)
    if phone:
        for user in applicants.filter(phone=phone, phone_verified=False):
            _release(user, "phone")
    if email:
        addresses = EmailAddress.objects.filter(email=email)
        proven = addresses.filter(verified=True).values("user_id")
        for user in applicants.filter(email=email).exclude(pk__in=proven):
            _release(user, "email")
        addresses.filter(verified=False, user__in=applicants).exclude(user__email=email).delete()


def _release(user: User, contact: str) -> None:
    """Drop the contact from the account, or the account that never had another."""
    other = user.phone if contact == "email" else user.email
    if other:
        setattr(user, contact, None)
        user.save()
    elif user.last_login is None:
        try:
            with transaction.atomic():
                user.delete()
        except ProtectedError:
            return  # opened at a counter and in use: it is an account, not an attempt


@transaction.atomic
def change_language(user: User, language: str) -> None:
    """Keep the language in which messages are written to the person."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def grant(user: User, agency: Agency | None, *roles: str, **fields: Any) -> None:
    """Give `user` roles in an agency (None: in all), and with them the way into the admin.

    `fields`: `district` for an editor of one district's offices; `valid_from` and `valid_until`,
    days, for a role that begins or ends. Raises ValueError on an unknown role.
    """
    district = fields.pop("district", None)
    for role in roles:
        row, created = Membership.with_dates.get_or_create(
            user=user, agency=agency, role=Role(role), district=district, defaults=fields
        )
        changed = {name for name, value in fields.items() if getattr(row, name) != value}
        if changed and not created:
            for name in changed:
                setattr(row, name, fields[name])
            row.save()


@transaction.atomic
def revoke(user: User, agency: Agency | None, *roles: str) -> None:
    """Take roles in an agency away (all of them where none is named)."""
    memberships = Membership.with_dates.filter(user=user, agency=agency)
    if roles:
        memberships = memberships.filter(role__in=roles)
    for membership in memberships:
        membership.delete()


@transaction.atomic
def sync_access(user: User) -> None:
    """Derive staff mark and groups from the memberships; called at each change of one."""
    memberships = list(Membership.objects.filter(user=user).select_related("agency"))
    wanted: set[Group] = set()
    if memberships:
        wanted.add(ensure_groups())
    # An editor of one district's offices gets no rights on pages.
    wanted |= {role_group(row.role, row.agency) for row in memberships if row.district_id is None}
    held = set(user.groups.filter(Q(name=STAFF_GROUP) | Q(name__startswith=_ROLE_GROUPS)))
    user.groups.remove(*(held - wanted))
    user.groups.add(*(wanted - held))
    is_staff = bool(memberships) or user.is_superuser
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        User.objects.filter(pk=user.pk).update(is_staff=is_staff)


def ensure_groups() -> Group:
    """The group that may open the admin; made, or given its permission, where missing."""
    group, _created = Group.objects.get_or_create(name=STAFF_GROUP)
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    group.permissions.add(access)
    return group


def role_group(role: str, agency: Agency | None) -> Group:
    """The group of a role in an agency (None: in all), made where missing.

    Rooms above hang page and collection permissions on it.
    """
    name = f"{_ROLE_GROUPS}{agency.key if agency else '*'}:{Role(role)}"
    group, _created = Group.objects.get_or_create(name=name)
    rights.give(group, role)
    return group


@transaction.atomic
def give_mandate(
    user: User,
    organization: Organization,
    *,
    basis: str,
    role: str = Representation.Role.REPRESENTATIVE,
    valid_from: date | None = None,
    valid_until: date | None = None,
    scope: list[str] | None = None,
) -> Representation:
    """Let a person act for an organisation, from today where no date is given.

    Raises IntegrityError where a mandate that is not revoked exists.
    """
    return Representation.objects.create(
        user=user,
        organization=organization,
        role=Representation.Role(role),
        basis=Representation.Basis(basis),
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        scope=scope or [],
    )


@transaction.atomic
def revoke_mandate(representation: Representation) -> None:
    """End a mandate at once. A mandate that is revoked already stays as it is."""
    Representation.objects.filter(pk=representation.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
