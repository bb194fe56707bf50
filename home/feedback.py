"""The verbs of feedback: readers vote and write, editors of the page accept, answer and correct."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any
from unicodedata import category

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import Count, F, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.personal import masked
from core.typed import seen
from home.models.feedback import PageComment, PageVote
from operations import journal
from operations.throttle import TooMany, limit

MOST_TEXT = 1_000
#: Votes and comments of one address on one page: many people may share one. Votes beyond it are
#: thanked for and not counted; who wrote a comment is told.
VOTES, COMMENTS = "3/h", "20/h"
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


class NotKept(ValueError):
    """A comment that is not kept; the text says why."""


def told(text: str) -> str:
    """What somebody wrote as it is kept: plain text without marks that nobody sees, numbers and
    addresses of people masked, since whoever leaves no name shall not be found by them either."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in lines if sign in "\n\t" or category(sign) not in {"Cc", "Cs"})
    return masked(re.sub(r"\n{3,}", "\n\n", seen(plain)))


def comment(
    request: HttpRequest, page_key: uuid.UUID, language: str, theme: str, text: str
) -> PageComment:
    """Keep a comment to be looked at. Raises NotKept without text, with too much of it, on an unknown
    theme, or when too many came from one address."""
    kept = told(text)
    if theme not in PageComment.Theme.values or not kept:
        raise NotKept(_("Choose a theme and write a few words."))
    if len(kept) > MOST_TEXT:
        raise NotKept(
            _("This is too long. Letters at most: %(most)s; yours: %(length)s.")
            % {"most": MOST_TEXT, "length": len(kept)}
        )
    if not _allowed(request, "page-comment", page_key, COMMENTS):
        raise NotKept(_("Too many comments came from your network. Try again in an hour."))
    return PageComment.objects.create(page_key=page_key, language=language, theme=theme, text=kept)


@transaction.atomic
def handle(comment: PageComment, step: str, by: User) -> PageComment:
    """`accept`, `reject` (its text goes), `answered`, `corrected`, `appeal` (entered as an appeal
    about the portal, once). Raises ValueError on another, on what is rejected, and on a text too
    short for an appeal. The journal says who did it."""
    row = PageComment.objects.select_for_update().get(pk=comment.pk)
    if row.state == PageComment.State.REJECTED:
        raise ValueError("It is rejected, and its text is gone.")
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
    journal.append("feedback", f"comment:{row.pk}", actor=by, data={"step": step})
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
