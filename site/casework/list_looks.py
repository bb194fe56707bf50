"""Lists with names are looks, too: each list shown to staff is one entry of the day's journal.

The entry names the requests that were shown with somebody's name; a row a request and day leads from
a request to who saw it, so that its applicant reads it among *Who looked at your data*. What the
same person saw that day already is not written down again.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from casework.models import ListLook, ServiceRequest, ServiceRequestQuerySet
from operations import journal as house

KIND = "list shown"


def marked(rows: ServiceRequestQuerySet, viewer: User) -> ServiceRequestQuerySet:
    """Rows that know (`was_listed`) whether `viewer` saw them in a list today; no query more."""
    seen = ListLook.objects.filter(
        request=OuterRef("pk"), viewer=viewer, day=timezone.localdate()
    )  # fmt: skip
    return rows.annotate(was_listed=Exists(seen))


def note(viewer: User, rows: Iterable[ServiceRequest]) -> int:
    """Keep that a list of `marked` rows was shown; how many requests are new to the day's journal."""
    new = sorted(
        row.pk
        for row in rows
        if (row.applicant_id or row.organization_id)
        and row.applicant_id != viewer.pk
        and not row.was_listed  # type: ignore[attr-defined]
    )
    if not new:
        return 0
    today = timezone.localdate()
    with transaction.atomic():
        ListLook.objects.bulk_create(
            [ListLook(request_id=pk, viewer=viewer, day=today) for pk in new], ignore_conflicts=True
        )
        house.append(KIND, f"account:{viewer.pk}", actor=viewer, data={"requests": new})
    return len(new)
