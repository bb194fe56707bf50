"""The verbs of a lost telephone: ask, prove the new one, approve or refuse, put it in.

An account that OneID knows is matched by the personal number and changes at once; any other by the
name, and only after three days in which its owner, told at the old contacts, may refuse.
"""

from __future__ import annotations

import re
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import codes, message_kinds, services, support
from accounts.models import Agency, IdentityLevel, Profile, User
from accounts.recovery_models import Recovery
from accounts.selectors import user_by_email, user_by_phone
from languages.uzbek import fold
from operations import journal, outbox
from operations.crypto import blind_index

State = Recovery.State
UNDER_WAY = (State.ASKED, State.PROVEN, State.APPROVED)
#: Hours in which the owner of an account that OneID does not know may refuse.
HOURS = 72


class Refused(Exception):
    """It cannot be: `reason` is `unfit`, `under_way`, `taken` or `own`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def _plain(name: str) -> list[str]:
    return sorted(re.findall(r"\w+", fold(name)))


def find(contact: str, name: str, pinfl: str) -> User:
    """The account of a lost phone or an e-mail, where the identity card fits it.

    Raises Refused("unfit") alike for no account, another person's and staff's.
    """
    user = user_by_email(contact) if "@" in contact else user_by_phone(contact)
    if user is None or not user.is_active or user.is_staff or user.is_superuser:
        raise Refused("unfit")
    profile = Profile.objects.filter(user=user).first() or Profile(user=user)
    if profile.pinfl:
        fits = profile.pinfl_index == blind_index(pinfl)
    else:
        names = (user.full_name, profile.full_name_latin, profile.full_name_cyrillic)
        fits = bool(_plain(name)) and _plain(name) in [_plain(one) for one in names if one]
    if not fits:
        raise Refused("unfit")
    return user


@transaction.atomic
def ask(by: User, agency: Agency, user: User, phone: str, proof: str) -> tuple[Recovery, str]:
    """Begin: word goes to the old contacts; the caller sends the returned code to the new phone.

    Raises Refused("own") for one's own account, "taken" where the new phone opens another account,
    "under_way" where one runs already.
    """
    if by.pk == user.pk:
        raise Refused("own")
    if user_by_phone(phone) is not None:
        raise Refused("taken")
    try:
        with transaction.atomic():
            row = Recovery.objects.create(
                user=user, agency=agency, phone=phone, proof=proof, asked_by=by
            )
    except IntegrityError as error:
        raise Refused("under_way") from error
    code = codes.new_code()
    row.code_digest = codes.digest_of("recovery", str(row.uuid), code)
    row.save(update_fields=["code_digest"])
    for channel, address in (("sms", user.phone), ("email", user.email)):
        if address:
            outbox.send(
                event_key=f"recovery:{row.pk}", channel=channel, address=address, context={},
                template=message_kinds.RECOVERY.key, language=user.language, user=user,
            )  # fmt: skip
    _note("recovery asked for", row, by)
    return row, code


@transaction.atomic
def prove(by: User, row: Recovery, typed: str) -> bool:
    """The person read the code from the new phone; whether it fits. Raises TooMany."""
    too_old = timezone.now() - row.asked_at > timedelta(seconds=codes.SECONDS)
    if row.state != State.ASKED or too_old:
        return False
    if not codes.fits("recovery", str(row.uuid), row.code_digest, typed):
        return False
    row.state, row.code_digest = State.PROVEN, ""
    row.save(update_fields=["state", "code_digest"])
    _note("recovery proven", row, by)
    return True


@transaction.atomic
def approve(by: User, row: Recovery) -> Recovery:
    """A second person looked at it. Raises Refused("own") for whoever asked or owns the account,
    "under_way" where it is not to be decided."""
    locked = Recovery.objects.select_for_update().get(pk=row.pk)
    if by.pk in {locked.asked_by_id, locked.user_id}:
        raise Refused("own")
    if locked.state != State.PROVEN:
        raise Refused("under_way")
    now = timezone.now()
    known = locked.user.reaches(IdentityLevel.ONEID)
    locked.state, locked.decided_by, locked.decided_at = State.APPROVED, by, now
    locked.due_at = now if known else now + timedelta(hours=HOURS)
    locked.save()
    _note("recovery approved", locked, by)
    if known:
        _put_in(locked)
    return locked


@transaction.atomic
def refuse(by: User, row: Recovery) -> None:
    """The second person, or the owner of the account, says no. Nothing changes."""
    locked = Recovery.objects.select_for_update().get(pk=row.pk)
    if locked.state in UNDER_WAY:
        locked.state, locked.decided_by, locked.decided_at = State.REFUSED, by, timezone.now()
        locked.save()
        _note("recovery refused", locked, by)


def follow() -> int:
    """Put in what is due; how many. Safe to repeat. What was asked for and never proven or decided
    ends by itself, so that it stands in nobody's way."""
    now = timezone.now()
    Recovery.objects.filter(state=State.ASKED, asked_at__lt=now - timedelta(hours=1)).update(
        state=State.REFUSED, decided_at=now
    )
    Recovery.objects.filter(state=State.PROVEN, asked_at__lt=now - timedelta(days=7)).update(
        state=State.REFUSED, decided_at=now
    )
    due = Recovery.objects.filter(state=State.APPROVED, due_at__lte=timezone.now())
    for row in due:
        with transaction.atomic():
            locked = Recovery.objects.select_for_update().get(pk=row.pk)
            if locked.state == State.APPROVED:
                _put_in(locked)
    return len(due)


def _put_in(row: Recovery) -> None:
    """The new phone, no second step on the lost one, no session from before."""
    user = row.user
    if user_by_phone(row.phone) not in {None, user}:
        row.state = State.REFUSED
        row.save(update_fields=["state"])
        return
    services.release_unconfirmed(phone=row.phone, keep=user)
    user.phone, user.phone_verified = row.phone, True
    user.save(update_fields=["phone", "phone_verified"])
    Authenticator.objects.filter(user=user).delete()
    support.end_sessions(row.decided_by, user)
    row.state = State.DONE
    row.save(update_fields=["state"])
    _note("phone recovered", row, row.decided_by)


def _note(kind: str, row: Recovery, by: User | None) -> None:
    journal.append(kind, f"account:{row.user_id}", actor=by, data={"recovery": row.pk})
