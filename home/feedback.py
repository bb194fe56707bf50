"""The verbs of feedback: readers vote and write, editors of the page accept, answer and correct."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import Count, F, Sum
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from home.models.feedback import PageComment, PageVote
from operations.throttle import TooMany, limit

MOST_TEXT = 1_000
#: Votes and comments of one address on one page: beyond it they are thanked for and not counted.
VOTES, COMMENTS = "3/h", "3/h"
#: Language → address where somebody complains about the portal itself; casework registers it.
_complaints: list[Callable[[str], str]] = []
#: Enters a comment as an appeal; casework registers it.
_appeals: list[Callable[[PageComment], str]] = []


def register_complaints(address: Callable[[str], str]) -> None:
    """Say where complaints about the portal are taken."""
    _complaints[:] = [address]


def register_appeals(send: Callable[[PageComment], str]) -> None:
    """Say who enters a comment as an appeal about the portal and tells its number."""
    _appeals[:] = [send]


def takes_appeals() -> bool:
    """Whether a comment can become an appeal."""
    return bool(_appeals)


def complaint_address(language: str) -> str:
    """Where somebody complains about the portal; empty where nowhere."""
    return _complaints[0](language) if _complaints else ""


def _allowed(request: HttpRequest, scope: str, page_key: uuid.UUID, rate: str) -> bool:
    """Whether this address has not said too much of the page. The key is hashed and forgotten."""
    try:
        limit(scope, f"{get_adapter(request).get_client_ip(request)} {page_key}", rate)
    except TooMany:
        return False
    return True


def vote(request: HttpRequest, page_key: uuid.UUID, language: str, *, useful: bool) -> bool:
    """Count a vote; False where the address has voted too often."""
    if not _allowed(request, "page-vote", page_key, VOTES):
        return False
    row, _created = PageVote.objects.get_or_create(
        page_key=page_key, language=language, day=timezone.localdate()
    )
    name = "yes" if useful else "no"
    PageVote.objects.filter(pk=row.pk).update(**{name: F(name) + 1})
    return True


def comment(
    request: HttpRequest, page_key: uuid.UUID, language: str, theme: str, text: str
) -> bool:
    """Keep a comment to be looked at. Raises ValueError without text or on an unknown theme."""
    if theme not in PageComment.Theme.values or not text.strip():
        raise ValueError("A comment needs a theme and a text.")
    if not _allowed(request, "page-comment", page_key, COMMENTS):
        return False
    PageComment.objects.create(
        page_key=page_key, language=language, theme=theme, text=text.strip()[:MOST_TEXT]
    )
    return True


@transaction.atomic
def handle(comment: PageComment, step: str, by: User) -> PageComment:
    """`accept`, `reject` (its text goes), `answered`, `corrected`, `appeal` (entered as an appeal
    about the portal, once). Raises ValueError on another, and on a text too short for an appeal."""
    row = PageComment.objects.select_for_update().get(pk=comment.pk)
    today = timezone.localdate()
    match step:
        case "accept":
            row.state = PageComment.State.ACCEPTED
        case "reject":
            row.state, row.text = PageComment.State.REJECTED, ""
        case "answered":
            row.answered_on = today
        case "corrected":
            row.corrected_on = today
        case "appeal" if _appeals and not row.appeal_number and row.text:
            row.state = PageComment.State.ACCEPTED
            row.appeal_number = _appeals[0](row)
        case _:
            raise ValueError(f"No such step: {step}")
    row.handled_by = by
    row.save()
    return row


def said(page_key: uuid.UUID) -> dict[str, Any]:
    """What readers said of a page in all languages: votes, comments that are not rejected, themes."""
    votes = PageVote.objects.filter(page_key=page_key).aggregate(yes=Sum("yes"), no=Sum("no"))
    rows = PageComment.objects.filter(page_key=page_key).exclude(state="rejected")
    counted = rows.order_by().values_list("theme").annotate(n=Count("pk"))
    return {
        "yes": votes["yes"] or 0,
        "no": votes["no"] or 0,
        "comments": list(rows[:100]),
        "themes": [(str(PageComment.Theme(theme).label), n) for theme, n in counted],
        "waiting": rows.filter(answered_on=None, corrected_on=None).count(),
    }
