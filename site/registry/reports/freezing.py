"""Figures of a year as they are frozen into a report: plain counts, names and dates, no words.

What is shown of them, in any language, is worked out from this alone: nothing moves when an agency
is renamed, a request is purged or a letter comes late.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from accounts.models import Agency
from registry.models import PlanLine, Proposal
from registry.models.figures import Cut
from registry.monitoring import names, reading, standing
from registry.monitoring.measures import Counts
from registry.monitoring.periods import Period
from service_pages.vocabulary import Phase

_CUTS = (Cut.SERVICE, Cut.DISTRICT, Cut.CHANNEL, Cut.APPLICANT, Cut.KIND)
_LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")


def figures(period: Period, run: int) -> dict[str, Any]:
    """Everything that the report of a period says in numbers, as known after a run."""
    agencies: dict[int, Counts] = {}
    cuts: dict[str, dict[str, dict[str, int]]] = {}
    for cut in _CUTS:
        table = reading.table(cut, period, run=run)
        cuts[str(cut)] = {value: dict(c) for value, c in reading.by_value(table).items()}
        if cut == Cut.SERVICE:
            for agency, counts in reading.by_agency(table).items():
                if agency is not None:
                    agencies.setdefault(agency, Counter()).update(counts)
    house = reading.table(Cut.HOUSE, period, run=run)
    agencies = reading.by_heir(agencies)
    known = Agency.objects.in_bulk(agencies)
    plan = _sum(standing.plan(period))
    registry = _sum(standing.registry(period))
    return {
        "total": dict(_sum(agencies)),
        "house": dict(house.get((None, ""), Counter())),
        "plan": dict(plan),
        "registry": dict(registry),
        "agencies": [
            {"key": known[pk].key, "kind": known[pk].kind, "name": known[pk].name,
             "head": known[pk].head_name, "counts": dict(counts)}
            for pk, counts in sorted(agencies.items())
        ],
        "cuts": cuts,
        "names": {
            str(cut): {
                language: names.of_values(cut, cuts[str(cut)], language)
                for language in _LANGUAGES
            }
            for cut in (Cut.SERVICE, Cut.DISTRICT)
        },
        "late": _late(period),
        "proposals": _proposals(),
    }  # fmt: skip


def _sum(parts: dict[int, Counts]) -> Counts:
    total: Counts = Counter()
    for counts in parts.values():
        total.update(counts)
    return total


def _late(period: Period) -> list[dict[str, Any]]:
    """Lines of the plan that were not reached in time."""
    lines = PlanLine.objects.filter(
        dropped_by__isnull=True, planned_on__gte=period.first, planned_on__lte=period.last
    ).select_related("service__agency")
    return [
        {
            "number": line.service.registry_number,
            "agency": line.service.agency.name,
            "planned": line.planned_on.isoformat(),
            "started": line.launched_on.isoformat() if line.launched_on else "",
            "reasons": [move.reason for move in line.moves.all()],
        }
        for line in lines.prefetch_related("moves")
        if line.launched_on is None or line.launched_on > line.planned_on
    ]


def _proposals() -> list[dict[str, Any]]:
    """The annex: what agencies propose for the registry and nobody has decided yet."""
    waiting = Proposal.objects.filter(
        state__in=[Proposal.State.SIGNED, Proposal.State.ON_AGENDA]
    ).select_related("service__agency")
    return [
        {
            "number": row.service.registry_number,
            "agency": row.service.agency.name,
            "kind": row.kind,
            "phase": row.change.get("phase"),
            "planned": row.change.get("planned_on", ""),
            "reason": row.reason,
        }
        for row in waiting.order_by("pk")
    ]


def phase_label(phase: int | None) -> str:
    """The name of a phase in the active language; empty without one."""
    return "" if phase is None else str(Phase(phase).label)
