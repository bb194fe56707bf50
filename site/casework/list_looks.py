"""Lists with names are looks, too: who was shown which request in a list, once a day.

A list costs one insert of the rows that are new to the day; the rows say when, to whom, and whose
request. Each person's day is a stream that the daily anchor covers, so that a changed or missing row
is found by `verify_journal`; the site's own role cannot change one. The applicant reads it among *Who
looked at your data*.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from casework.models import ListLook, ServiceRequest, ServiceRequestQuerySet
from operations import journal as house

STREAM = "list"
_INSERT = "INSERT INTO casework_listlook (request_id, viewer_id, day, at) VALUES "


def marked(rows: ServiceRequestQuerySet, viewer: User) -> ServiceRequestQuerySet:
    """Rows that know (`was_listed`) whether `viewer` saw them in a list today; no query more."""
    seen = ListLook.objects.filter(request=OuterRef("pk"), viewer=viewer, day=timezone.localdate())
    return rows.annotate(was_listed=Exists(seen))


def note(viewer: User, rows: Iterable[ServiceRequest]) -> int:
    """Keep that a list of `marked` rows was shown; how many requests are new to the day."""
    new = sorted(
        row.pk
        for row in rows
        if (row.applicant_id or row.organization_id)
        and row.applicant_id != viewer.pk
        and not row.was_listed  # type: ignore[attr-defined]
    )
    if new:
        # One statement, which is a transaction of its own: two tabs may be quicker than each other.
        moment, today = ListLook._meta.get_field("at"), timezone.localdate()
        at = moment.get_db_prep_save(timezone.now(), connection)
        row = [viewer.pk, connection.ops.adapt_datefield_value(today), at]
        with connection.cursor() as cursor:
            cursor.execute(
                _INSERT + ", ".join(["(%s, %s, %s, %s)"] * len(new)) + " ON CONFLICT DO NOTHING",
                [value for pk in new for value in (pk, *row)],
            )
    return len(new)


def _ends(days: Iterable[date], viewers: Iterable[int]) -> list[house.Head]:
    """The ends of some people's days: how many rows, and what they add up to."""
    found: dict[tuple[date, int], list[list[object]]] = {}
    rows = ListLook.objects.filter(day__in=set(days), viewer__in=set(viewers))
    for day, viewer, request, at in rows.order_by("request_id").values_list(
        "day", "viewer_id", "request_id", "at"
    ):
        found.setdefault((day, viewer), []).append([request, house.utc(at)])
    return [
        (f"{STREAM}:{day.isoformat()}:{viewer}", len(parts), house.digest(parts))
        for (day, viewer), parts in found.items()
    ]


def _heads(mark: int) -> tuple[list[house.Head], int]:
    """Ends of the days that are over since a mark; today's may still grow."""
    over = ListLook.objects.filter(pk__gt=mark, day__lt=timezone.localdate())
    grown = set(over.order_by().values_list("day", "viewer_id").distinct())
    newest = over.order_by("-pk").values_list("pk", flat=True).first() or mark
    ends = _ends((day for day, _viewer in grown), (viewer for _day, viewer in grown))
    wanted = {f"{STREAM}:{day.isoformat()}:{viewer}" for day, viewer in grown}
    return [end for end in ends if end[0] in wanted], newest


def _lookup(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    parts = [stream.split(":") for stream, _count in places]
    ends = _ends(
        (date.fromisoformat(day) for _name, day, _viewer in parts),
        (int(viewer) for _name, _day, viewer in parts),
    )
    return {(stream, count): digest for stream, count, digest in ends}


#: Have each person's days anchored.
CHAINS = house.Chains(_heads, _lookup)
