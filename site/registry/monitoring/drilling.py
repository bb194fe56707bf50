"""From a figure to the requests behind it, for those who may read them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework import anonymous, selectors
from casework.graph import DECISIONS, State
from casework.models import RequestEvent, ServiceRequest
from registry.models.figures import Cut
from registry.monitoring.periods import Period, begin_of

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
_EVENTS = {
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
    user: User, what: str, period: Period, *, agency: str = "", cut: str = "", value: str = ""
) -> QuerySet[ServiceRequest]:
    """Requests behind a figure that the reader may read, the newest first.

    `what` is one of WHAT. A request that has been forwarded since is read by those who answer it
    now: a figure of the former agency may count more than its people find here.
    """
    found = selectors.visible_to(user).for_lists()
    if agency:
        found = found.filter(agency__key=agency)
    if what == "open":
        found = found.open()
    elif what == "overdue":
        found = found.overdue(timezone.now())
    else:
        events = RequestEvent.objects.filter(
            _EVENTS[what],
            request=OuterRef("pk"),
            at__gte=begin_of(period.first),
            at__lt=begin_of(period.last + timedelta(days=1)),
        )
        found = found.filter(Exists(events))
    if cut:
        found = found.filter(_of(cut, value))
    return found.order_by("-submitted_at", "-pk")


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
