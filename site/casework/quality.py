"""How agencies answer, in aggregates that name nobody: the public page and the light of each agency.

Counted from events, not from columns that could disagree with them. A number under SMALLEST is not
shown, so that nobody is found in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.utils import timezone

from accounts.models import Agency
from casework.graph import CLOSED, RUNNING, State
from casework.models import Rating, RequestEvent, RequestTask, ServiceRequest

#: Days that the figures look back on.
DAYS = 90
#: Cells of fewer cases are suppressed (requirements.md §6).
SMALLEST = 5
#: Published thresholds: share of decisions within the term, in per cent.
GREEN, YELLOW = 95, 80
LIFETIME = 3600
_DECISIONS = (State.APPROVED, State.REFUSED)


@dataclass(frozen=True)
class Figures:
    """One agency in DAYS days; None where a number is suppressed or there is none."""

    agency_id: int
    received: int
    decided: int
    open: int
    overdue: int
    #: Per cent of the decisions that came within their term.
    on_time: int | None
    #: Median of days from registration to decision.
    days: float | None
    #: Mean of the ratings, one decimal, with how many there are.
    rating: float | None
    rated: int

    @property
    def light(self) -> str:
        """`green`, `yellow`, `red`, or empty where too little is known."""
        if self.on_time is None:
            return ""
        if self.on_time >= GREEN:
            return "green"
        return "yellow" if self.on_time >= YELLOW else "red"


def agencies(now: datetime | None = None) -> list[Figures]:
    """Figures of every agency that had a request, those with most first; kept for an hour."""
    found: list[Figures] | None = cache.get("casework:quality") if now is None else None
    if found is None:
        found = computed(now or timezone.now())
        if now is None:
            cache.set("casework:quality", found, LIFETIME)
    return found


def computed(now: datetime) -> list[Figures]:
    """The figures at a moment, in five queries."""
    since = now - timedelta(days=DAYS)
    counts = ServiceRequest.objects.order_by().values("agency_id").annotate(
        received=Count("pk", filter=Q(submitted_at__gte=since, submitted_at__lte=now)),
        open=Count("pk", filter=~Q(state__in=CLOSED | {State.APPROVED})),
        overdue=Count("pk", filter=Q(state__in=RUNNING, due_at__lt=now)),
    )  # fmt: skip
    # An asked agency answers for its own delay, not the one that asks.
    late = RequestTask.objects.overdue(now).order_by().values("agency_id").annotate(n=Count("pk"))
    tasks = {row["agency_id"]: row["n"] for row in late}
    none = {"received": 0, "open": 0, "overdue": 0}
    found = {row["agency_id"]: row for row in counts}
    decisions = _decisions(since, now)
    ratings = {
        row["request__agency_id"]: row
        for row in Rating.objects.filter(rated_at__gte=since, rated_at__lte=now)
        .order_by()
        .values("request__agency_id")
        .annotate(n=Count("pk"), total=Sum("score"))
    }
    figures = [
        _figures(
            row | {"overdue": row["overdue"] + tasks.get(agency, 0)},
            decisions.get(agency, []),
            ratings.get(agency),
        )
        for agency in found.keys() | tasks.keys()
        for row in [found.get(agency, none | {"agency_id": agency})]
    ]
    return sorted(figures, key=lambda one: (-one.received, one.agency_id))


def _decisions(since: datetime, now: datetime) -> dict[int, list[tuple[bool, float]]]:
    """agency → (late, days it took) of each last decision in a span."""
    events = (
        RequestEvent.objects.filter(kind__in=_DECISIONS, at__gte=since, at__lte=now)
        .order_by("at")
        .values_list("request_id", "request__agency_id", "request__registered_at", "at", "data")
    )
    last: dict[int, tuple[int, bool, float]] = {}
    for request, agency, registered, at, data in events.iterator(2000):
        took = (at - registered).total_seconds() / 86_400 if registered else 0.0
        # Decided again after it was reopened: the later decision counts.
        last[request] = agency, bool(data.get("late")), max(took, 0.0)
    found: dict[int, list[tuple[bool, float]]] = defaultdict(list)
    for agency, late, took in last.values():
        found[agency].append((late, took))
    return found


def _figures(
    row: Mapping[str, Any],
    decisions: list[tuple[bool, float]],
    rating: Mapping[str, Any] | None,
) -> Figures:
    enough = len(decisions) >= SMALLEST
    in_time = sum(1 for late, _took in decisions if not late)
    rated = rating["n"] if rating else 0
    return Figures(
        agency_id=row["agency_id"],
        received=row["received"],
        decided=len(decisions),
        open=row["open"],
        overdue=row["overdue"],
        on_time=round(100 * in_time / len(decisions)) if enough else None,
        days=round(median(took for _late, took in decisions), 1) if enough else None,
        rating=round(rating["total"] / rated, 1) if rating and rated >= SMALLEST else None,
        rated=rated,
    )


def shown(language: str, figures: Iterable[Figures] | None = None) -> list[dict[str, Any]]:
    """Rows of the public table: counts under SMALLEST are None, as is what would give them away."""
    rows = list(figures if figures is not None else agencies())
    known = Agency.objects.in_bulk([row.agency_id for row in rows])

    def plain(number: int) -> int | None:
        return number if number == 0 or number >= SMALLEST else None

    return [
        {
            "agency": known[row.agency_id].label(language),
            "received": plain(row.received),
            "decided": plain(row.decided),
            "open": plain(row.open),
            "overdue": plain(row.overdue),
            "on_time": row.on_time,
            "days": row.days,
            "rating": row.rating,
            "rated": plain(row.rated),
            "light": row.light,
        }
        for row in rows
        if row.agency_id in known
    ]
