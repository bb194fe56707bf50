"""What an agency's head and executor answer for personally (requirements.md S-23).

One read for the public page (numbers rounded, those under five not shown) and for staff (exact, with
ways to the requests, the plan and the control card).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Agency
from accounts.selectors import lineage
from casework.graph import CLOSED, RUNNING
from casework.models import ServiceRequest
from core.texts import pick
from registry.models import AgendaItem, ControlTask, PlanLine, PostHolding
from registry.monitoring import disclosure
from registry.monitoring.periods import begin_of
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
        "late_lines": lines.late(day)[:SHOWN],
        "open_lines": lines.open().filter(planned_on__gte=day).order_by("planned_on")[:SHOWN],
        "tasks": [
            {"row": row, "late": row.due_on < day, "text": pick(row.text, language)}
            for row in tasks.open()[:SHOWN]
        ],
        "findings": [
            {"row": row, "text": pick(row.text, language)}
            for row in findings.order_by("-pk")[:SHOWN]
        ],
        "holders": [
            _holder(row, agency, ids, language, shown)
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


def _holder(row: PostHolding, agency: Agency, ids: list[int], language: str, shown: Any) -> Holder:
    title = pick(getattr(agency, TITLED_BY[PostHolding.Post(row.post)]), language)
    requests = ServiceRequest.objects.filter(agency__in=ids)
    came, went = requests, requests.filter(closed_at__isnull=False)
    if row.since:
        came = came.filter(submitted_at__gte=begin_of(row.since))
        went = went.filter(closed_at__gte=begin_of(row.since))
    if row.until:
        end = begin_of(row.until + timedelta(days=1))
        came, went = came.filter(submitted_at__lt=end), went.filter(closed_at__lt=end)
    return Holder(
        row, title, shown(came.count()), shown(went.count()),
        shown(went.filter(due_at__lt=F("closed_at")).count()),
    )  # fmt: skip
