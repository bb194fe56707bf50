"""A post changes hands: its holders with their days, in step with what the agency's row says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, Role
from accounts.selectors import may
from registry.models import PostHolding

Post = PostHolding.Post
#: The field of Agency that names the holder.
NAMED_BY = {Post.HEAD: "head_name", Post.EXECUTOR: "executor_name"}
TITLED_BY = {Post.HEAD: "head_post", Post.EXECUTOR: "executor_post"}


class CannotSucceed(Exception):
    """The day or the name cannot be right; the text says why."""


def may_change(user: Any, agency: Agency) -> bool:
    """Whether the reader says who holds the agency's posts: its head and controllers."""
    return may(user, agency, Role.HEAD, Role.CONTROLLER)


@transaction.atomic
def succeed(agency: Agency, post: str, name: str, *, since: date) -> PostHolding:
    """From `since` on the post is held by `name`; whoever held it until then held it to the day
    before. The agency's row, and with it every page, names the new holder.

    Raises CannotSucceed for a day to come or before the present holder's, or the same name.
    """
    locked = Agency.objects.select_for_update().get(pk=agency.pk)
    name = " ".join(name.split())
    held = PostHolding.objects.filter(agency=locked, post=post, until=None).first()
    if not name:
        raise CannotSucceed(_("Say who holds the post."))
    if since > timezone.localdate():
        raise CannotSucceed(_("The day cannot be in the future."))
    if held is not None:
        if held.name == name and held.since is None:
            # Who was there when the portal began: now it is known since when.
            held.since = since
            held.save(update_fields=["since"])
            return held
        if held.name == name:
            raise CannotSucceed(_("This person holds the post already."))
        if held.since is not None and since <= held.since:
            raise CannotSucceed(_("The day is before the present holder's first one."))
        held.until = since - timedelta(days=1)
        held.save(update_fields=["until"])
    made = PostHolding.objects.create(agency=locked, post=post, name=name, since=since)
    field = NAMED_BY[Post(post)]
    if getattr(locked, field) != name:
        setattr(locked, field, name)
        locked.save(update_fields=[field])
    return made


def on_agency_saved(
    sender: Any, instance: Agency, created: bool, raw: bool = False, **_: Any
) -> None:
    """Somebody wrote another name into the agency's row: the post changed hands today."""
    if raw:
        return
    held = {
        row.post: row for row in PostHolding.objects.filter(agency=instance, until__isnull=True)
    }
    today = timezone.localdate()
    for post, field in NAMED_BY.items():
        name, now = getattr(instance, field).strip(), held.get(post)
        if (now.name if now else "") == name:
            continue
        if now is not None:
            if now.since == today:
                # Corrected on the day itself: that was no succession.
                now.name = name
                (now.save if name else now.delete)()
                continue
            now.until = today - timedelta(days=1)
            now.save(update_fields=["until"])
        if name:
            # Whom the portal finds at first may have been there for long.
            PostHolding.objects.create(
                agency=instance, post=post, name=name, since=None if now is None else today
            )
