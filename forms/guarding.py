"""Forms that need no sign-in: what people do and programs do not."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from forms.models import Draft

#: A field that no person sees: what fills in everything fills in this too.
HONEYPOT = "website"
#: Nobody reads and answers a form in less.
LEAST_TIME = timedelta(seconds=4)


class TooQuick(PermissionDenied):
    """A form without sign-in was sent quicker than a person can read it."""


def refuse_robots(request: HttpRequest, draft: Draft) -> None:
    """Raises PermissionDenied where a form without sign-in was filled in by a program."""
    if draft.user_id is None and request.POST.get(HONEYPOT):
        raise PermissionDenied


def refuse_haste(draft: Draft) -> None:
    """Raises TooQuick where a form without sign-in was begun a moment ago."""
    if draft.user_id is None and timezone.now() - draft.created_at < LEAST_TIME:
        raise TooQuick
