"""By which ways a person is told, as they chose; and their own inbox on the site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import notice_phones
from accounts.models import Profile, User
from core.rows import add_new
from operations import channels, outbox, wording
from operations.models import SiteMessage

#: The site's own inbox forgets after a year.
KEPT_FOR = timedelta(days=365)
#: Channels whose addresses an account has itself; another one finds them by `address_for`.
_OWN = frozenset({"email", "sms"})


def choices_of(user: User) -> dict[str, bool]:
    """Channel → whether the person wants it. Before SMS was chosen or not, it is for whoever gets no
    e-mail. Further channels are only for who asked for them."""
    profile: Profile | None = getattr(user, "profile", None)
    email = profile is None or profile.notify_email
    sms = profile.notify_sms if profile is not None else None
    found = {"email": email, "sms": not (user.email and email) if sms is None else sms}
    asked = set(profile.more_channels) if profile is not None else set()
    return found | {one.code: one.code in asked for one in more_channels()}


def more_channels() -> list[channels.Channel]:
    """Registered channels beside e-mail and SMS."""
    return [one for one in channels.channels() if one.code not in _OWN]


def address_for(user: User, code: str) -> str:
    """The person's address on a channel; "" where they have none."""
    if code == "email":
        return user.email or ""
    if code == "sms":
        return notice_phones.of(user)
    find = getattr(channels.get(code), "address_for", None)
    return str(find(user) or "") if find else ""


def ways_to(user: User) -> list[tuple[str, str]]:
    """(channel, address) of every way that the person has and wants."""
    return [
        (code, address)
        for code, wanted in choices_of(user).items()
        if wanted and (address := address_for(user, code))
    ]


@transaction.atomic(savepoint=False)
def tell(
    user: User,
    *,
    event_key: str,
    template: str,
    context: Mapping[str, Any],
    language: str = "",
    only: str = "",
    on_site: bool = False,
    at: datetime | None = None,
) -> int:
    """Queue a message on each way that the person wants (`only`: on that channel alone), and keep
    it in their inbox on the site, as of `at`; how many ways were not told before.

    In the caller's transaction. The same event tells nobody twice.
    """
    language = language or user.language or settings.LANGUAGE_CODE
    queued = 0
    if not user.is_active:
        return 0
    version = wording.current_number(template)
    for channel, address in ways_to(user):
        if only and channel != only:
            continue
        _message, is_new = outbox.queue(
            event_key=event_key, channel=channel, address=address, template=template,
            context=dict(context), language=language, user=user, version=version,
        )  # fmt: skip
        queued += is_new
    if on_site:
        keep(user, event_key, template, context, language, version, at)
    return queued


def keep(
    user: User,
    event_key: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Put a message into somebody's inbox on the site: its subject, and where it leads."""
    kind = wording.known(template)
    if kind is None:
        raise LookupError(template)
    # As it reads today: who opens it next year finds these words.
    title = wording.render(kind, "subject", language, context, version)
    path = urlsplit(str(context.get("url", ""))).path
    add_new(
        SiteMessage(
            user=user, event_key=event_key, title=title, path=path[:300],
            created_at=at or timezone.now(),
        )
    )  # fmt: skip


def messages_for(user: User) -> QuerySet[SiteMessage]:
    """A person's messages on the site, newest first."""
    return SiteMessage.objects.filter(user=user).order_by("-created_at", "-pk")


def unread(user: User) -> int:
    """How many of them were not opened; at most a hundred are counted."""
    return SiteMessage.objects.filter(user=user, read_at__isnull=True)[:100].count()


def mark_read(user: User, pk: int | None = None) -> None:
    """One message, or all of them, as read."""
    rows = SiteMessage.objects.filter(user=user, read_at__isnull=True)
    (rows if pk is None else rows.filter(pk=pk)).update(read_at=timezone.now())


def forget_old(now: datetime | None = None) -> int:
    """Delete messages older than KEPT_FOR; recurring work. Returns how many."""
    limit = (now or timezone.now()) - KEPT_FOR
    deleted, _models = SiteMessage.objects.filter(created_at__lt=limit).delete()
    return deleted
