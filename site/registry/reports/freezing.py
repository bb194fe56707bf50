"""Figures of a year as they are frozen into a report: plain counts, names and dates, no words.

What is shown of them, in any language, is worked out from this alone: nothing moves when an agency
is renamed, a request is purged or a letter comes late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from accounts.models import Agency
from core.texts import complete
from home.models import LegalDocumentPage
from home.models.feedback import PageComment, PageVote
from languages.registry import CODES
from registry import columns
from registry.models import ControlTask, PlanLine, Proposal, RegistryVersion
from registry.models.figures import Cut
from registry.monitoring import names, reading, standing
from registry.monitoring.measures import GROUND, Counts, added
from registry.monitoring.periods import Period, begin_of, trail
from service_pages.models import PassportVersion, Service
from service_pages.vocabulary import Phase

#: What is frozen of each month.
_MONTHLY = ("received", "decided", "late")


def figures(period: Period, run: int) -> dict[str, Any]:
    """Everything that the report of a period says in numbers, as known after a run."""
    read = reading.tables((*names.CUTS, Cut.AGENCY, Cut.HOUSE), period, run=run)
    agencies = reading.of_agencies({Cut.AGENCY: read[Cut.AGENCY]})
    cuts = {
        str(cut): {value: dict(c) for value, c in reading.by_value(read[cut]).items()}
        for cut in names.CUTS
    }
    known = Agency.objects.in_bulk(agencies)
    plan = added(standing.plan(period).values())
    registry = standing.registry(period)
    total = added(agencies.values())
    return {
        "total": dict(total),
        "house": dict(read[Cut.HOUSE].get((None, ""), Counter())),
        "plan": dict(plan),
        "registry": dict(added(registry.values())),
        "registry_kinds": _by_kind(registry),
        "registry_moves": _moves(period),
        "months": _months(period, run),
        "agencies": [
            {"key": known[pk].key, "kind": known[pk].kind, "name": known[pk].name,
             "head": known[pk].head_name, "counts": dict(counts)}
            for pk, counts in sorted(agencies.items())
        ],
        "cuts": cuts,
        "names": {
            str(cut): {
                language: names.of_values(cut, filter(None, cuts[str(cut)]), language)
                for language in CODES
            }
            for cut in (Cut.SERVICE, Cut.DISTRICT)
        },
        "grounds": _grounds(total),
        "late": _late(period),
        "law": _law(period),
        "feedback": _feedback(period),
        "proposals": _proposals(),
    }  # fmt: skip


def _by_kind(registry: dict[int, Counts]) -> dict[str, dict[str, int]]:
    """Services of the registry by the kind of their agency."""
    kinds = dict(Agency.objects.filter(pk__in=registry).values_list("pk", "kind"))
    found: dict[str, Counts] = {}
    for agency, counts in registry.items():
        found.setdefault(str(kinds[agency]), Counter()).update(counts)
    return {kind: dict(counts) for kind, counts in sorted(found.items())}


def _moves(period: Period) -> dict[str, int]:
    """What versions of the registry that were published in a period added, changed and removed."""
    found = RegistryVersion.objects.filter(
        published_at__gte=begin_of(period.first),
        published_at__lt=begin_of(period.last + timedelta(days=1)),
    ).aggregate(versions=Count("pk"), added=Sum("added"), changed=Sum("changed"),
                removed=Sum("removed"))  # fmt: skip
    return {name: number or 0 for name, number in found.items()}


def _months(period: Period, run: int) -> list[dict[str, Any]]:
    """What came, was answered and was late in each month."""
    months = trail(period.last, period.months)
    return [
        {"month": month.key, **{name: counts[name] for name in _MONTHLY}}
        for month, counts in zip(months, reading.monthly(months, run=run), strict=True)
    ]


def _grounds(total: Counts) -> dict[str, dict[str, str]]:
    """Code of each ground that was used → its text in the languages, as passports have it."""
    wanted = {name[len(GROUND) :] for name in total if name.startswith(GROUND)}
    found: dict[str, dict[str, str]] = {}
    for content in PassportVersion.objects.order_by("pk").values_list("content", flat=True):
        for row in content.get("refusal_grounds") or []:
            if row["code"] in wanted:
                found[row["code"]] = row["text"]
    return dict(sorted(found.items()))


def _law(period: Period) -> list[dict[str, Any]]:
    """Acts that stand in a service's way: those closed in the period, and those still open."""
    end = begin_of(period.last + timedelta(days=1))
    tasks = ControlTask.objects.filter(kind=ControlTask.Kind.BARRIER).exclude(
        closed_at__lt=begin_of(period.first)
    )
    rows = list(tasks.select_related("service", "document").order_by("due_on", "pk"))
    services = _services(task.service for task in rows if task.service)
    titles = _titles([task.document.translation_key for task in rows if task.document])
    return [
        {
            "number": task.service.registry_number if task.service else "",
            "title": services[task.service_id] if task.service_id else {},
            "act": complete(
                titles[task.document.translation_key] if task.document else {"uz": task.act}
            ),
            "clause": task.clause,
            "text": task.text,
            "due": task.due_on.isoformat(),
            # What was closed after the period was open in it.
            "state": task.state
            if task.closed_at is None or task.closed_at < end
            else ControlTask.State.OPEN.value,
        }
        for task in rows
    ]


def _services(services: Iterable[Service]) -> dict[int, dict[str, str]]:
    """Service → its titles, as its newest passport has them."""
    lines = columns.lines({service.pk: service for service in services}.values())
    return {pk: line["title"] for pk, line in lines.items()}


def _titles(keys: list[UUID]) -> dict[UUID, dict[str, str]]:
    """Key of an act of the library → its titles, in the languages that it is there in."""
    found: dict[UUID, dict[str, str]] = {}
    pages = LegalDocumentPage.objects.filter(translation_key__in=keys, alias_of=None)
    for key, code, title in pages.values_list("translation_key", "locale__language_code", "title"):
        found.setdefault(key, {})[code] = title
    return found


def _feedback(period: Period) -> dict[str, Any]:
    """What readers said of the portal's pages: presses, and comments by theme."""
    span = {"day__gte": period.first, "day__lte": period.last}
    votes = PageVote.objects.filter(**span).aggregate(yes=Sum("yes"), no=Sum("no"))
    comments = PageComment.objects.filter(**span).exclude(state=PageComment.State.REJECTED)
    themes = comments.order_by().values_list("theme").annotate(n=Count("pk"))
    return {
        "yes": votes["yes"] or 0,
        "no": votes["no"] or 0,
        "answered": comments.filter(answered_on__isnull=False).count(),
        "corrected": comments.filter(corrected_on__isnull=False).count(),
        "themes": dict(sorted(themes)),
    }


def _late(period: Period) -> list[dict[str, Any]]:
    """Lines of the plan that were not reached in time."""
    lines = PlanLine.objects.filter(
        dropped_by__isnull=True, planned_on__gte=period.first, planned_on__lte=period.last
    ).select_related("service__agency")
    titles = _services(line.service for line in lines)
    return [
        {
            "number": line.service.registry_number,
            "title": titles[line.service_id],
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
    ).select_related("service__agency", "item")
    titles = _services(row.service for row in waiting)
    return [
        {
            "number": row.service.registry_number,
            "title": titles[row.service_id],
            "agency": row.service.agency.name,
            "kind": row.kind,
            "phase": row.change.get("phase"),
            "planned": row.change.get("planned_on", ""),
            # What stands on the agenda may have been put into more languages.
            "reason": (row.item.text if row.item else None) or row.reason,
        }
        for row in waiting.order_by("pk")
    ]


def phase_label(phase: int | None) -> str:
    """The name of a phase in the active language; empty without one."""
    return "" if phase is None else str(Phase(phase).label)
