"""From a figure to the requests behind it, for those who may read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework import anonymous, selectors
from casework.graph import DECISIONS, State
from casework.models import RequestEvent, ServiceRequest
from registry.models.figures import Cut
from registry.monitoring.periods import Period, begin_of, trail

#: What can be looked into, with its name; those in NOW stand as of now, not of the period.
WHAT = {
    "received": _("Received"),
    "repeats": _("Repeated"),
    "decided": _("Answered"),
    "approved": _("Satisfied"),
    "refused": _("Refused"),
    "late": _("Late"),
    "asked": _("Sent back for what was missing"),
    "forwarded": _("Forwarded"),
    "complaints": _("Complaints"),
    "reopened": _("Reopened"),
    "open": _("Open now"),
    "overdue": _("Overdue now"),
}
NOW = frozenset({"open", "overdue"})
#: Answers; what is only kept as information answers nobody.
_ANSWERED = Q(kind__in=DECISIONS) & ~Q(ground_code=anonymous.GROUND)
#: What an event must be to be counted so.
EVENTS = {
    "received": Q(kind="submitted"),
    "repeats": Q(kind="submitted", data__repeats__isnull=False) & ~Q(data__repeats=None),
    "decided": _ANSWERED,
    "approved": Q(kind=State.APPROVED),
    "refused": _ANSWERED & Q(kind=State.REFUSED),
    "late": _ANSWERED & Q(data__late=True),
    "asked": Q(kind=State.INFO_REQUESTED),
    "forwarded": Q(kind=State.FORWARDED),
    "complaints": Q(kind="complained"),
    "reopened": Q(kind=State.REOPENED),
}


def requests(
    user: User, what: str, period: Period, *, agency: str = "", cut: str = "", value: str = "",
    start: int = 0, count: int = 50,
) -> list[ServiceRequest]:  # fmt: skip
    """`count` requests behind a figure that the reader may read, from the `start`-th on: those whose
    event was last come first; of what stands as of now, those that were sent last.

    `what` is one of WHAT. A request that has been forwarded since is read by those who answer it
    now: a figure of the former agency may count more than its people find here.
    """
    found = selectors.visible_to(user)
    if agency:
        found = found.filter(agency__key=agency)
    if cut:
        found = found.filter(_of(cut, value))
    if what in NOW:
        found = found.open() if what == "open" else found.overdue(timezone.now())
        return list(found.for_lists().order_by("-submitted_at", "-pk")[start : start + count])
    keys = list(islice(_having(found, EVENTS[what], period, start + count), start, None))
    rows = ServiceRequest.objects.for_lists().in_bulk(keys)
    return [rows[key] for key in keys]


def _having(rows: QuerySet[ServiceRequest], event: Q, period: Period, most: int) -> Iterator[int]:
    """Keys of requests with such an event in a period, at most so many, each once, the newest first.

    Month by month: what a page costs does not grow with the years.
    """
    seen: set[int] = set()
    for span in reversed(trail(period.last, period.months)):
        first, last = max(span.first, period.first), min(span.last, period.last)
        events = RequestEvent.objects.filter(
            event, at__gte=begin_of(first), at__lt=begin_of(last + timedelta(days=1)),
            request__in=rows,
        )  # fmt: skip
        newest = events.values_list("request_id").annotate(newest=Max("at"))
        # As many as could be there already, and those that are still wanted.
        for key, _at in newest.order_by("-newest", "-request_id")[:most]:
            if key not in seen:
                seen.add(key)
                yield key
                if len(seen) == most:
                    return


def _of(cut: str, value: str) -> Q:
    match cut:
        case Cut.SERVICE:
            return Q(service__key=value)
        case Cut.CHANNEL:
            return Q(source=value)
        case Cut.KIND:
            return Q(kind=value)
    fact = {"data__district": value} if cut == Cut.DISTRICT else {"data__applicant": value}
    first = RequestEvent.objects.filter(request=OuterRef("pk"), sequence=1, **fact)
    return Q(Exists(first))
