"""People of an agency: what its head may do with their roles, who did what, the monthly review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import services
from accounts.membership import GIVEN_BY_HEADS
from accounts.models import Agency, Membership, Role, User
from accounts.second_factor import FACTORS
from accounts.selectors import staff_of, user_by_email
from core.models import District
from operations import journal, outbox
from operations.models import AuditEntry

#: Everything the audit of an agency's rights knows.
ROLE_ACTIONS = (
    "role.given",
    "role.changed",
    "role.taken",
    "factor.reset",
    "rights.reviewed",
    "administrator.given",
    "administrator.taken",
)


@dataclass(frozen=True)
class Person:
    """Somebody of an agency, as its head sees them."""

    user: User
    memberships: list[Membership]
    has_factor: bool


def thing_of(agency: Agency | None) -> str:
    """What the journal calls an agency's rights; `agency:*` for roles in all agencies."""
    return f"agency:{agency.key if agency else '*'}"


def managed_agencies(user: User | AnonymousUser) -> QuerySet[Agency]:
    """Agencies whose people `user` manages: a head the own ones, an administrator all."""
    if not isinstance(user, User) or not user.is_active:
        return Agency.objects.none()
    if user.is_superuser:
        return Agency.objects.all()
    own = Membership.objects.filter(user=user, role=Role.HEAD, agency__isnull=False)
    return Agency.objects.filter(pk__in=own.values("agency_id"))


def roles_given_by(user: User) -> tuple[Role, ...]:
    """Roles that `user` may give in an agency they manage."""
    return (Role.HEAD, *GIVEN_BY_HEADS) if user.is_superuser else GIVEN_BY_HEADS


def people_of(agency: Agency | None) -> list[Person]:
    """Everybody who has, will have or had a role in an agency, by name."""
    rows = Membership.with_dates.filter(agency=agency).select_related("user", "district")
    by_user: dict[User, list[Membership]] = {}
    for row in rows.order_by("user__full_name", "user_id", "role"):
        by_user.setdefault(row.user, []).append(row)
    equipped = set(
        Authenticator.objects.filter(user__in=by_user, type__in=FACTORS).values_list(
            "user_id", flat=True
        )
    )
    return [Person(user, rows, user.pk in equipped) for user, rows in by_user.items()]


@transaction.atomic
def give(
    by: User,
    agency: Agency,
    user: User,
    role: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    *,
    district: District | None = None,
) -> None:
    """Give a role in an agency that `by` manages; `district` of an editor of its offices alone.

    Raises PermissionDenied for another agency, for a role that is not theirs to give, and for
    themselves: nobody widens the own rights.
    """
    _check(by, agency, user, role)
    services.grant(
        user, agency, role, district=district, valid_from=valid_from, valid_until=valid_until
    )


@transaction.atomic
def take(by: User, membership: Membership) -> None:
    """Take a role away. Raises PermissionDenied as `give` does."""
    if membership.agency is None:
        raise PermissionDenied
    _check(by, membership.agency, membership.user, membership.role)
    membership.delete()


@transaction.atomic
def invite(
    by: User,
    agency: Agency,
    *,
    email: str,
    full_name: str,
    role: str,
    language: str = "uz",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> User:
    """Give a role to the account of a confirmed e-mail, or to a new account, and write to it.

    An e-mail that somebody typed and never confirmed is nobody's yet. Raises PermissionDenied as
    `give` does.
    """
    services.release_unconfirmed(email=email)
    user = user_by_email(email)
    if user is None:
        _check(by, agency, None, role)
        user = services.create_applicant(email=email, full_name=full_name, language=language)
    give(by, agency, user, role, valid_from, valid_until)
    _write(user, agency, "invited", f"invited:{agency.key}:{user.pk}:{timezone.localdate()}")
    return user


@transaction.atomic
def reset_factor(by: User, agency: Agency, user: User) -> None:
    """Take the second factor of somebody who lost it, end their sessions, and tell them.

    At the next sign-in they are led to set a new one up. Raises PermissionDenied for oneself, for
    heads (unless an administrator does it) and for people who also work elsewhere.
    """
    everywhere = Membership.with_dates.filter(user=user)
    outside = everywhere.exclude(agency__in=managed_agencies(by))
    _check(by, agency, user, Role.OFFICER)
    if not by.is_superuser and (
        user.is_superuser or outside.exists() or everywhere.filter(role=Role.HEAD).exists()
    ):
        raise PermissionDenied
    Authenticator.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    journal.append("factor.reset", thing_of(agency), actor=by, data={"account": user.pk})
    _write(user, agency, "factor_reset", f"factor:{user.pk}:{timezone.now().isoformat()}")


@transaction.atomic
def review(by: User, agency: Agency | None) -> None:
    """Keep that the list of people was looked through; None: of roles in all agencies, which
    administrators look through. Raises PermissionDenied."""
    allowed = (
        by.is_superuser if agency is None else managed_agencies(by).filter(pk=agency.pk).exists()
    )
    if not allowed:
        raise PermissionDenied
    journal.append("rights.reviewed", thing_of(agency), actor=by)


def administrators() -> QuerySet[User]:
    """Active administrators of the portal, by name."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("full_name", "pk")


def changes(agency: Agency | None, *kinds: str) -> QuerySet[AuditEntry]:
    """What the journal says of an agency's rights, newest first; of `kinds` where named."""
    rows = AuditEntry.objects.filter(thing=thing_of(agency), kind__in=kinds or ROLE_ACTIONS)
    return rows.order_by("-at", "-pk")


def last_review(agency: Agency | None) -> AuditEntry | None:
    """The latest review of an agency's people."""
    return changes(agency, "rights.reviewed").first()


def is_review_due(agency: Agency | None) -> bool:
    """Whether the list was not looked through this month."""
    last = last_review(agency)
    return last is None or timezone.localtime(last.at).date() < timezone.localdate().replace(day=1)


def remind_of_reviews() -> None:
    """Write to the heads of agencies whose list waits for its monthly review; once a month."""
    month = timezone.localdate().strftime("%Y-%m")
    for agency in Agency.objects.filter(active=True, memberships__isnull=False).distinct():
        if is_review_due(agency):
            for head in staff_of(agency, Role.HEAD):
                _write(head, agency, "review", f"review:{agency.key}:{month}")
    if is_review_due(None):
        for administrator in administrators():
            _write(administrator, None, "review", f"review:*:{month}")


def follow_dates() -> None:
    """Let rights begin and end with the dates of memberships."""
    dated = Membership.with_dates.filter(Q(valid_from__isnull=False) | Q(valid_until__isnull=False))
    for user in User.objects.filter(pk__in=dated.values("user_id")):
        services.sync_access(user)


def note_change(membership: Membership, action: str) -> None:
    """Append a change of rights to the audit of its agency, with who is signed in."""
    dates = {
        name: value.isoformat()
        for name in ("valid_from", "valid_until")
        if (value := getattr(membership, name))
    }
    facts = {"account": membership.user_id, "role": str(membership.role)} | dates
    journal.append(action, thing_of(membership.agency), actor=_signed_in(), data=facts)


def note_administrator(user: User) -> None:
    """Append to the audit that an account became an administrator of the portal, or is no more."""
    action = "administrator.given" if user.is_superuser else "administrator.taken"
    journal.append(action, thing_of(None), actor=_signed_in(), data={"account": user.pk})


def _signed_in() -> User | None:
    """Who acts in the present request; None for recurring work and commands."""
    user = getattr(context.request, "user", None)
    return user if isinstance(user, User) else None


def _check(by: User, agency: Agency, user: User | None, role: str) -> None:
    allowed = managed_agencies(by).filter(pk=agency.pk).exists() and role in roles_given_by(by)
    if not allowed or (user is not None and user.pk == by.pk):
        raise PermissionDenied


def _write(user: User, agency: Agency | None, template: str, event_key: str) -> None:
    with translation.override(user.language):
        everywhere = _("all agencies")
    if user.email:
        outbox.send(
            event_key=event_key,
            channel="email",
            address=user.email,
            template=f"accounts/{template}",
            context={"agency": agency.label(user.language) if agency else everywhere},
            language=user.language,
            user=user,
        )
