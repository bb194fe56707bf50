"""Auditors look at requests of their agencies: for a stated reason, each time, and change nothing.

What the applicant wrote is closed unless the reason needs it. Each look is an event of the request,
so that its applicant sees that an auditor looked, and an entry of the day's journal, so that the
agency sees what its auditors look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of
from casework import journal
from casework.models import RequestEvent, ServiceRequest, ServiceRequestQuerySet
from casework.transitions import Missing, NotAllowed
from operations import journal as house

AUDITED = "audited"
#: Signs of a reason; fewer say nothing.
SHORTEST, LONGEST = 10, 500
#: Who sees what auditors look at.
WATCHING = (Role.AUDITOR, Role.HEAD)


def open_to(user: User) -> ServiceRequestQuerySet:
    """Requests that `user` audits: of their agencies, never their own."""
    rows = ServiceRequest.objects.of_agencies(agencies_of(user, Role.AUDITOR))
    return rows.exclude(applicant=user)


@transaction.atomic
def look(user: User, row: ServiceRequest, reason: str, *, answers: bool = False) -> RequestEvent:
    """Keep that an auditor looks at a request and why, before they see it.

    `answers`: also at what the applicant wrote. Raises NotAllowed for whoever does not audit it,
    Missing("reason") without a reason.
    """
    locked = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not open_to(user).filter(pk=locked.pk).exists():
        raise NotAllowed(AUDITED)
    reason = " ".join(reason.split())[:LONGEST]
    if len(reason) < SHORTEST:
        raise Missing("reason")
    facts = {"answers": answers}
    house.append(
        "request audited",
        f"agency:{locked.agency.key}",
        actor=user,
        data=facts | {"request": locked.pk},
    )
    return journal.record(locked, AUDITED, actor=user, private=reason, data=facts)


def looks(agencies: Iterable[Agency], most: int = 100) -> list[dict[str, Any]]:
    """What auditors looked at in some agencies, newest first: `event`, its `reason`, `answers`."""
    rows = (
        RequestEvent.objects.filter(kind=AUDITED, request__agency__in=agencies)
        .select_related("text", "actor", "request")
        .order_by("-at", "-pk")[:most]
    )
    return [
        {
            "event": row,
            "reason": row.text.content.get("private", "") if hasattr(row, "text") else "",
            "answers": row.data.get("answers"),
        }
        for row in rows
    ]
