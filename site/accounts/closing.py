"""Closing an account for good: what is personal goes, what the law keeps stays without it.

Requests stay in the register of the agency that answered them until their own time of keeping ends;
they lose their names then. The row of the account stays empty, for they refer to it.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import message_kinds
from accounts.models import Invitation, Membership, Profile, Representation, User
from operations import journal, outbox
from operations.models import SiteMessage

#: What stands against closing an account, in words for its owner; told by rooms above.
Hindrance = Callable[[User], list[str]]
_hindrances: list[Hindrance] = []
#: Sent within the transaction that closes an account, before it is emptied: user=.
closing = Signal()


class Hindered(Exception):
    """Something stands against it: `reasons` in words."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


def register(hindrance: Hindrance) -> None:
    """Name what may stand against closing an account."""
    if hindrance not in _hindrances:
        _hindrances.append(hindrance)


def hindrances(user: User) -> list[str]:
    """What stands against closing the account, in words; empty where nothing does."""
    found = [reason for hindrance in _hindrances for reason in hindrance(user)]
    if user.is_superuser or Membership.with_dates.filter(user=user).exists():
        found.insert(0, _("You work in an agency: its head takes your roles away first."))
    return found


@transaction.atomic
def close(user: User) -> None:
    """Close the account and forget what is personal. Raises Hindered; then nothing has changed.

    Its phone and e-mail are free for a new account afterwards.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.closed_at is not None:
        return
    if reasons := hindrances(locked):
        raise Hindered(reasons)
    _tell(locked)
    closing.send(sender=User, user=locked)
    Representation.objects.filter(user=locked, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    )
    Invitation.objects.filter(invited_by=locked, state=Invitation.State.WAITING).update(
        state=Invitation.State.WITHDRAWN
    )
    for model in (EmailAddress, SocialAccount, Authenticator, Profile, SiteMessage):
        model.objects.filter(user=locked).delete()
    for session in UserSession.objects.filter(user=locked):
        session.end()
    locked.email, locked.phone, locked.phone_verified = None, None, False
    locked.full_name, locked.is_active, locked.closed_at = "", False, timezone.now()
    locked.set_unusable_password()
    locked.save()
    journal.append("account closed", f"account:{locked.pk}", actor=locked)


def _tell(user: User) -> None:
    """The last message: whoever did not ask for it learns that somebody did."""
    contact = ("email", user.email) if user.email else ("sms", user.phone)
    if contact[1]:
        outbox.send(
            event_key=f"closed:{user.pk}",
            channel=contact[0],
            address=contact[1],
            template=message_kinds.CLOSED.key,
            context={},
            language=user.language,
        )
