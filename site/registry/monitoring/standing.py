"""Counts of the registry and its plan, which are never purged: computed for any day, not stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from accounts.models import Agency
from registry.models import PlanLine, RegistryLine, RegistryVersion
from registry.monitoring.measures import Counts
from registry.monitoring.periods import Period, begin_of
from service_pages.vocabulary import Phase


def plan(period: Period) -> dict[int, Counts]:
    """Lines of the plan that were due in a period, by agency: `plan_due`, `plan_kept`, `plan_late`
    (started after the day), `plan_missed` (not started)."""
    found: dict[int, Counts] = {}
    today = timezone.localdate()
    lines = PlanLine.objects.filter(
        dropped_by__isnull=True,
        planned_on__gte=period.first,
        planned_on__lte=min(period.last, today),
    )
    for agency, planned, launched in lines.values_list(
        "service__agency_id", "planned_on", "launched_on"
    ):
        counts = found.setdefault(agency, Counter())
        counts["plan_due"] += 1
        known = launched if launched is not None and launched <= period.last else None
        if known is None:
            # A line whose day is today is not late before the day is over.
            counts["plan_missed" if planned < today else "plan_open"] += 1
        else:
            counts["plan_kept" if known <= planned else "plan_late"] += 1
    return found


def version_at(period: Period) -> int:
    """The number of the registry's version at the end of a period; 0 before the first."""
    rows = RegistryVersion.objects.filter(
        published_at__lt=begin_of(period.last + timedelta(days=1))
    )
    return rows.aggregate(newest=Max("number"))["newest"] or 0


def registry(period: Period) -> dict[int, Counts]:
    """Services in the registry at the end of a period, by agency: `registry`, `registry_online`
    and `phase:0` to `phase:5`."""
    keys = dict(Agency.objects.values_list("key", "pk"))
    found: dict[int, Counts] = {}
    lines = RegistryLine.objects.of(version_at(period)).exclude(status="retired")
    for agency, phase in lines.values_list("agency_key", "phase"):
        counts = found.setdefault(keys[agency], Counter())
        counts["registry"] += 1
        counts[f"phase:{phase}"] += 1
        counts["registry_online"] += phase >= Phase.REQUEST
    return found


def phases(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """(name, services) of each phase."""
    return [(str(label), counts.get(f"phase:{phase}", 0)) for phase, label in Phase.choices]


def agencies(received: Mapping[int, Counts]) -> Counts:
    """`agencies` that are active and `agencies_without` anything received, given what each did."""
    active = set(Agency.objects.filter(active=True).values_list("pk", flat=True))
    without = sum(1 for pk in active if pk not in received or not received[pk]["received"])
    return Counter({"agencies": len(active), "agencies_without": without})
