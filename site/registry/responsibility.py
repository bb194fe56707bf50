"""What an agency's head and executor answer for personally (requirements.md S-23).

One read for the public page (numbers rounded, those under five not shown) and for staff (exact, with
ways to the requests, the plan and the control card).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Agency
from accounts.selectors import lineage
from casework.graph import CLOSED, RUNNING
from casework.models import ServiceRequest
from core.texts import pick
from registry import columns
from registry.models import AgendaItem, ControlTask, PlanLine, PostHolding
from registry.models.figures import Cut
from registry.monitoring import disclosure, reading
from registry.monitoring.measures import added
from registry.monitoring.periods import Period
from registry.posts import TITLED_BY
from service_pages.models import CatalogueEntry

#: Rows of each list on a page; the counts are of all.
SHOWN = 100


@dataclass(frozen=True)
class Holder:
    """One holder of a post with what came, was answered and was late in their days."""

    row: PostHolding
    title: str
    received: int | None
    decided: int | None
    late: int | None


def services_of(agency: Agency, language: str) -> QuerySet[CatalogueEntry]:
    """Entries of the agency's services in the reader's language, by title."""
    return (
        CatalogueEntry.objects.filter(service__agency=agency, language=language)
        .select_related("service")
        .order_by("title", "pk")
    )


def page_of(
    agency: Agency, language: str, *, exact: bool, today: date | None = None
) -> dict[str, Any]:
    """Everything that a page of responsibility shows of one agency.

    `exact`: for staff; the public sees numbers as disclosure.py lets them be seen, small ones as None.
    """
    day = today or timezone.localdate()
    ids = lineage(agency)
    requests = ServiceRequest.objects.filter(agency__in=ids)
    open_requests = requests.exclude(state__in=CLOSED).exclude(state="approved")
    lines = PlanLine.objects.filter(service__agency=agency).select_related("service")
    services = services_of(agency, language)
    tasks = ControlTask.objects.filter(Q(agency=agency) | Q(service__agency=agency)).select_related(
        "document", "service"
    )
    findings = AgendaItem.objects.filter(
        Q(agency__in=ids) | Q(service__agency=agency), kind=AgendaItem.Kind.FINDING
    ).select_related("session", "service")
    if not exact:
        # What the council has not spoken of yet is not published.
        findings = findings.exclude(outcome=AgendaItem.Outcome.OPEN)

    def shown(number: int) -> int | None:
        return number if exact else disclosure.count(number)

    return {
        "services": services[:SHOWN],
        "service_count": services.count(),
        "open": shown(open_requests.count()),
        "overdue": shown(
            open_requests.filter(state__in=RUNNING, due_at__lt=timezone.now()).count()
        ),
        "late_lines": _named(lines.late(day)[:SHOWN], language),
        "open_lines": _named(
            lines.open().filter(planned_on__gte=day).order_by("planned_on")[:SHOWN], language
        ),
        "tasks": [
            {"row": row, "late": row.due_on < day, "text": pick(row.text, language)}
            for row in tasks.open()[:SHOWN]
        ],
        "findings": [
            {"row": row, "text": pick(row.text, language)}
            for row in findings.order_by("-pk")[:SHOWN]
        ],
        "holders": [
            _holder(row, agency, ids, language, shown, exact=exact)
            for row in PostHolding.objects.filter(agency=agency).order_by("post", "-pk")[:SHOWN]
        ],
        "names": [
            {
                "name": pick(row.name, language),
                "from": row.used_from,
                "to": row.used_to,
                "note": row.note,
            }
            for row in agency.former_names.all()
        ],
    }


def _named(lines: Iterable[PlanLine], language: str) -> list[PlanLine]:
    """Lines of the plan whose services have their names."""
    rows = list(lines)
    columns.called([row.service for row in rows], language)
    return rows


def _holder(
    row: PostHolding, agency: Agency, ids: list[int], language: str, shown: Any, *, exact: bool
) -> Holder:
    """What the figures of the agency say of the holder's days: late is what was decided late, not
    what was handed over after the term."""
    title = pick(getattr(agency, TITLED_BY[PostHolding.Post(row.post)]), language)
    first = row.since or reading.first_day() or timezone.localdate()
    last = min(row.until or timezone.localdate(), timezone.localdate())
    counts = Counter[str]()
    if first <= last:
        of_agency = reading.table(Cut.AGENCY, Period(first, last), ids, with_today=exact)
        counts.update(added(of_agency.values()))
    return Holder(
        row, title, shown(counts["received"]), shown(counts["decided"]), shown(counts["late"])
    )
