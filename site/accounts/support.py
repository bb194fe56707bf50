"""What the operator's support may learn to help somebody: whether and how, never what was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rates import CODE_RATES, SIGN_IN_RATES
from accounts.second_factor import FACTORS
from operations import journal, throttle
from operations.crypto import blind_index
from operations.models import OutboxMessage

#: Messages shown of an account.
MESSAGES = 20


class Matter(models.TextChoices):
    """Why support looks at an account."""

    SIGN_IN = "sign_in", _("cannot sign in")
    MESSAGE = "message", _("a message did not come")
    SESSION = "session", _("a session was left open elsewhere")
    OTHER = "other", _("another matter of the appeal")


@dataclass(frozen=True)
class Found:
    """What support sees of an account: no name, no number, nothing of its requests."""

    user: User
    phone: bool
    emails: int
    has_password: bool
    has_factor: bool
    has_oneid: bool
    sessions: int
    #: Seconds until a password, or a code, may be tried again; 0: now.
    password_wait: int
    code_wait: int
    messages: list[OutboxMessage]


@transaction.atomic
def find(by: User, contact: str, matter: str, appeal: str) -> Found | None:
    """The account of a contact (E.164 or e-mail in small letters) that a caller named.

    Kept in the journal with the matter and the number of the appeal, found or not.
    """
    user = User.objects.filter(models.Q(phone=contact) | models.Q(email=contact)).first()
    if user is None:
        address = EmailAddress.objects.filter(email=contact, verified=True).first()
        user = address.user if address else None
    journal.append(
        "account looked at",
        f"account:{user.pk}" if user else "account:none",
        actor=by,
        data={"matter": Matter(matter).value, "appeal": appeal[:30]},
    )
    if user is None:
        return None
    return Found(
        user=user,
        phone=bool(user.phone and user.phone_verified),
        emails=EmailAddress.objects.filter(user=user, verified=True).count(),
        has_password=user.has_usable_password(),
        has_factor=Authenticator.objects.filter(user=user, type__in=FACTORS).exists(),
        has_oneid=SocialAccount.objects.filter(user=user).exists(),
        sessions=UserSession.objects.filter(user=user).count(),
        password_wait=throttle.wait("sign-in", blind_index(contact), SIGN_IN_RATES),
        code_wait=throttle.wait("code", contact, CODE_RATES),
        messages=list(OutboxMessage.objects.filter(user=user).order_by("-pk")[:MESSAGES]),
    )


@transaction.atomic
def end_sessions(by: User | None, user: User, *, keep: str = "") -> int:
    """Sign an account out everywhere but in the session `keep`; how many sessions ended."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=keep))
    for row in rows:
        row.end()
    journal.append("sessions ended", f"account:{user.pk}", actor=by, data={"count": len(rows)})
    return len(rows)


def troubled() -> dict[str, Any]:
    """Messages that wait for a decision: how many of each state, and the newest that failed."""
    counts = dict(
        OutboxMessage.objects.exclude(state=OutboxMessage.State.SENT)
        .order_by()
        .values_list("state")
        .annotate(n=models.Count("pk"))
    )
    ended = (OutboxMessage.State.FAILED, OutboxMessage.State.UNKNOWN)
    return {
        "counts": [(state.label, counts.get(state.value, 0)) for state in OutboxMessage.State
                   if state != OutboxMessage.State.SENT],
        "ended": list(OutboxMessage.objects.filter(state__in=ended).order_by("-pk")[:50]),
    }  # fmt: skip
