"""What waits for an officer, a head, a controller: the piles of the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.membership import SIGNING
from accounts.models import User
from accounts.selectors import has_role
from casework import selectors
from core.waiting import Waiting


def piles(user: User) -> Iterator[Waiting]:
    """Late, to be signed, one's own, nobody's yet, asked by other agencies; in two queries."""
    agencies = list(selectors.seen_agencies(user))
    if not agencies:
        return
    counts = selectors.inbox_counts(user, agencies)
    wanted = [
        ("overdue", _("Late requests"), True),
        ("to_sign", _("Answers to sign"), False),
        ("mine", _("Requests that I answer"), False),
        ("unassigned", _("Requests that nobody has yet"), False),
    ]
    for show, label, late in wanted:
        if show == "to_sign" and not has_role(user, *SIGNING):
            continue
        url = f"{reverse('casework_inbox')}?{urlencode({'show': show})}"
        yield Waiting(label, counts[show], url, late, selectors.MOST_COUNTED)
    yield Waiting(
        _("Tasks from other agencies"), counts["tasks"], reverse("casework_tasks"),
        most=selectors.MOST_COUNTED,
    )  # fmt: skip
