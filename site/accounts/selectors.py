"""Who may do what, and what is known of an applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from accounts.models import (
    Agency,
    AgencySuccession,
    Invitation,
    Membership,
    Profile,
    Representation,
    RepresentedPerson,
    Role,
    User,
)
from accounts.phones import clean_phone
from core.models import District
from core.typed import seen
from operations.crypto import blind_index


def memberships_of(user: User) -> list[Membership]:
    """A person's memberships; without a query where the caller prefetched them for a page."""
    return list(user.memberships.all())


def remember_memberships(user: User) -> None:
    """Read a person's memberships with their agencies once; `memberships_of` then asks nothing."""
    rows = Membership.objects.select_related("agency")
    prefetch_related_objects([user], Prefetch("memberships", rows))


def agencies_of(user: User | AnonymousUser, *roles: str) -> QuerySet[Agency]:
    """Agencies in which `user` has one of `roles` (any role where none is named).

    An administrator, and whoever has a role without an agency, has all. An editor of one
    district's offices (a membership with a district) is no editor of the agency.
    """
    if not isinstance(user, User) or not user.is_active:
        return Agency.objects.none()
    if user.is_superuser:
        return Agency.objects.all()
    ids = {
        row.agency_id
        for row in memberships_of(user)
        if row.district_id is None and (not roles or row.role in roles)
    }
    if None in ids:
        return Agency.objects.all()
    return Agency.objects.filter(pk__in=ids)


def has_role(user: User | AnonymousUser, *roles: str) -> bool:
    """Whether `user` has one of `roles` in some agency: what menus ask on each page."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or any(
        row.role in roles and row.district_id is None for row in memberships_of(user)
    )


def may(user: User | AnonymousUser, agency: Agency, *roles: str) -> bool:
    """Whether `user` has one of `roles` (any role where none is named) in `agency`."""
    return agencies_of(user, *roles).filter(pk=agency.pk).exists()


def districts_of(user: User | AnonymousUser, agency: Agency) -> QuerySet[District]:
    """Districts whose offices of `agency` the user keeps without editing its passports."""
    if not isinstance(user, User) or not user.is_active:
        return District.objects.none()
    rows = Membership.objects.filter(Q(agency=agency) | Q(agency__isnull=True), user=user)
    return District.objects.filter(pk__in=rows.values("district_id"))


def lineage(agency: Agency) -> list[int]:
    """Keys of the agency and of all that it succeeded, over any number of mergers: their figures
    are its own."""
    after: dict[int, list[int]] = {}
    for former, successor in AgencySuccession.objects.values_list("former_id", "successor_id"):
        after.setdefault(successor, []).append(former)
    found = [agency.pk]
    for pk in found:
        found += [former for former in after.get(pk, ()) if former not in found]
    return found


def heirs() -> dict[int, int]:
    """Key of each agency that was succeeded → that of the one that stands for it today."""
    after = dict(AgencySuccession.objects.values_list("former_id", "successor_id"))

    def last(pk: int) -> int:
        seen = {pk}
        while (heir := after.get(pk)) is not None and heir not in seen:
            seen.add(heir)
            pk = heir
        return pk

    return {former: last(former) for former in after}


def staff_of(agency: Agency, *roles: str) -> QuerySet[User]:
    """Active people of an agency with one of `roles` (any role where none is named)."""
    memberships = Membership.objects.filter(agency=agency, district__isnull=True)
    if roles:
        memberships = memberships.filter(role__in=roles)
    return User.objects.filter(is_active=True, pk__in=memberships.values("user_id"))


def controllers() -> QuerySet[User]:
    """Active controllers of the whole portal, who belong to no single agency."""
    everywhere = Membership.objects.filter(role=Role.CONTROLLER, agency__isnull=True)
    return User.objects.filter(is_active=True, pk__in=everywhere.values("user_id"))


def mandates_of(user: User, on: date | None = None) -> list[Representation]:
    """Mandates of `user` in force on a day (today): organisations by name, then people."""
    day = on or timezone.localdate()
    rows = Representation.objects.valid(day).filter(user=user)
    found = rows.select_related("organization", "person")
    return sorted(found, key=lambda row: (row.person_id is not None, str(row.represented), row.pk))


def confirmed_contacts(user: User) -> list[str]:
    """Phone and e-mails that are proven to be this person's."""
    phone = [user.phone] if user.phone and user.phone_verified else []
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return phone + list(addresses.values_list("email", flat=True))


def invitations_for(user: User) -> list[Invitation]:
    """Invitations to act for a firm that wait for this person's answer."""
    indexes = [blind_index(contact) for contact in confirmed_contacts(user)]
    rows = Invitation.objects.filter(
        contact_index__in=indexes, state=Invitation.State.WAITING, expires_at__gt=timezone.now()
    )
    return list(rows.select_related("organization").order_by("pk"))


def person_value(person: RepresentedPerson, path: str) -> str:
    """As `profile_value`, of somebody whom another acts for; what is not known is asked."""
    match path.removeprefix("profile."):
        case "full_name":
            return person.full_name
        case "pinfl":
            return person.pinfl
        case "birth_date":
            return person.birth_date.isoformat()
    return ""


@dataclass(frozen=True)
class ActingChoice:
    """Somebody on whose behalf an account may act; `value` is "" for oneself."""

    value: str
    label: str
    representation: Representation | None = None


def acting_choices(user: User) -> list[ActingChoice]:
    """Oneself, then each organisation and person with a mandate in force."""
    return [ActingChoice("", str(user))] + [
        ActingChoice(str(mandate.pk), str(mandate.represented), mandate)
        for mandate in mandates_of(user)
    ]


def profile_of(user: User) -> Profile:
    """The profile of an account, read once for each `user`; an unsaved empty one where it has none."""
    found: Profile | None = getattr(user, "profile", None)
    return found or Profile(user=user)


def profile_value(user: User, path: str) -> str:
    """The value of a prefill path such as `profile.pinfl`; "" where it is not known.

    Paths: full_name, full_name_cyrillic, phone, email, pinfl, birth_date (ISO 8601), district
    (key), address.
    """
    name = path.removeprefix("profile.")
    if name in {"phone", "email"}:
        return getattr(user, name) or ""
    profile = profile_of(user)
    match name:
        case "full_name":
            return profile.full_name_latin or user.full_name
        case "full_name_cyrillic" | "pinfl" | "address":
            return str(getattr(profile, name) or "")
        case "district":
            return profile.district.key if profile.district else ""
        case "birth_date":
            return profile.birth_date.isoformat() if profile.birth_date else ""
    return ""


def user_by_phone(phone: str) -> User | None:
    """The account whose confirmed phone this is. A number that was only typed opens nothing."""
    return User.objects.filter(phone=phone, phone_verified=True).first()


def user_by_email(email: str) -> User | None:
    """The active account whose confirmed e-mail this is."""
    address = EmailAddress.objects.filter(
        email=email.strip().lower(), verified=True, user__is_active=True
    ).first()
    return address.user if address else None


def contact_of(text: str) -> tuple[str, str]:
    """What people type to sign in, as ("email", small letters) or ("phone", E.164).

    Raises ValidationError where it is neither.
    """
    text = seen(text)
    if "@" in text:
        return "email", text.lower()
    return "phone", clean_phone(text)
