"""One telephone in a family: messages of several accounts may come to it, if its owner agrees.

Whoever signs in with a number has it alone; where messages go is another matter. The owner agrees
by telling the code that came to the phone, and may end it from their own account.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Profile, User
from operations import journal
from operations.crypto import blind_index

#: People whose messages may come to one phone.
MOST = 10


class TooManyPeople(Exception):
    """As many people's messages as may come to this phone already."""


def of(user: User) -> str:
    """The phone to which messages go (E.164): another one that was agreed on, else the own."""
    profile = getattr(user, "profile", None)
    own = user.phone if user.phone and user.phone_verified else ""
    return (profile.notice_phone if profile else "") or own


@transaction.atomic
def lead(user: User, phone: str) -> None:
    """Let messages go to a phone whose owner has agreed. Raises TooManyPeople."""
    profile, _created = Profile.objects.get_or_create(user=user)
    others = Profile.objects.select_for_update().filter(notice_phone_index=blind_index(phone))
    if len(others.exclude(pk=profile.pk)) >= MOST:
        raise TooManyPeople
    profile.notice_phone = phone
    profile.save()
    journal.append("notices led", f"account:{user.pk}", actor=user)


@transaction.atomic
def lead_back(profile: Profile, by: User) -> None:
    """Let messages go to the person's own contacts again."""
    profile.notice_phone = ""
    profile.save()
    journal.append("notices led back", f"account:{profile.user_id}", actor=by)


def led_to(user: User) -> QuerySet[Profile]:
    """Profiles of others whose messages come to this person's own phone."""
    if not (user.phone and user.phone_verified):
        return Profile.objects.none()
    rows = Profile.objects.filter(notice_phone_index=blind_index(user.phone))
    return rows.exclude(user=user).select_related("user").order_by("pk")
