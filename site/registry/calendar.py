"""The transition plan for readers: what is late, what comes by month, what has started."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.text import capfirst

from languages.dates import format_month
from registry import columns
from registry.models import PlanLine, RegistryLine

#: Lines that have started are shown for so many of the latest.
STARTED = 50


@dataclass
class Month:
    """A month of the plan with its lines, first day first."""

    name: str
    lines: list[dict[str, Any]] = field(default_factory=list)


def plan(language: str, today: date, agency: str = "") -> dict[str, Any]:
    """Late lines, months to come, lines that have started; of one agency where it is named."""
    rows = PlanLine.objects.select_related("service__agency", "decision").prefetch_related(
        "moves__decision"
    )
    if agency:
        rows = rows.filter(service__agency__key=agency)
    open_rows = list(rows.open().order_by("planned_on", "pk"))
    started = list(rows.filter(launched_on__isnull=False).order_by("-launched_on", "-pk")[:STARTED])
    titles = _titles([row.service_id for row in open_rows + started], language)

    def shown(row: PlanLine) -> dict[str, Any]:
        return {
            "row": row,
            "title": titles.get(row.service_id, row.service.key),
            "agency": row.service.agency.label(language),
            "phase": row.get_phase_display(),
            "days_late": (row.launched_on or today) - row.planned_on,
            "moves": list(row.moves.all()),
        }

    coming = [row for row in open_rows if row.planned_on >= today]
    months = [
        Month(capfirst(format_month(date(year, month, 1), language)), [shown(row) for row in group])
        for (year, month), group in groupby(
            coming, key=lambda row: (row.planned_on.year, row.planned_on.month)
        )
    ]
    return {
        "late": [shown(row) for row in open_rows if row.planned_on < today],
        "months": months,
        "started": [shown(row) for row in started],
    }


def _titles(services: list[int], language: str) -> dict[int, str]:
    lines = RegistryLine.objects.current().filter(service_id__in=services)
    return {line.service_id: columns.shown("title", line.content, language) for line in lines}
