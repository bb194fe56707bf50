"""The public registry: the table, a line, versions with what each changed, downloads."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Agency, AgencySuccession
from core.texts import pick
from registry import browsing, calendar, columns, downloads, publishing, responsibility
from registry.crumbs import crumbs
from registry.models import RegistryLine, RegistryVersion
from registry.monitoring.disclosure import SMALLEST
from service_pages.models import CatalogueEntry


def _language() -> str:
    return get_language() or "uz"


def _below(*more: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Registry"), "registry:lines"), *more)


def _filters(request: HttpRequest, agency: str = "") -> tuple[browsing.Filters, RegistryVersion]:
    newest = publishing.newest()
    if newest is None:
        raise Http404
    filters = browsing.Filters.read(newest.number, request.GET.dict(), agency)
    version = newest
    if filters.version != newest.number:
        version = get_object_or_404(RegistryVersion, number=filters.version)
    return filters, version


@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """The table, one page of it, with filters that are links. Before the first version: 404."""
    language = _language()
    filters, version = _filters(request)
    page = Paginator(filters.lines(), browsing.PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page_obj": page,
        "rows": [browsing.cells(line, language) | {"line": line} for line in page],
        "total": page.paginator.count,
        "version": version,
        "is_newest": version.number == filters.newest,
        "menus": browsing.menus(filters, language),
        "query": filters.query()[1:],
        "formats": list(downloads.FORMATS),
        "columns": [(name, columns.COLUMNS[name]) for name in browsing.TABLE],
        "crumbs": crumbs(),
    }
    if filters.agency:
        context["agency"] = Agency.objects.filter(key=filters.agency).first()
    return render(request, "registry/lines.html", context)


@require_safe
def line(request: HttpRequest, number: str) -> HttpResponse:
    """One service in the registry, with its former lines."""
    language = _language()
    history = list(RegistryLine.objects.filter(registry_number=number).order_by("-since"))
    if not history:
        raise Http404
    newest = history[0]
    versions = RegistryVersion.objects.in_bulk([row.since for row in history], field_name="number")
    steps = [
        {
            "version": versions[row.since],
            "changes": _changes(publishing.Change(before, row), language),
        }
        for row, before in zip(history, [*history[1:], None], strict=True)
        if before is not None
    ]
    entry = CatalogueEntry.objects.filter(service_id=newest.service_id, language=language).first()
    return render(
        request,
        "registry/line.html",
        {
            "row": newest,
            "title": columns.shown("title", newest.content, language),
            "facts": browsing.facts(newest, language),
            "entry": entry,
            "steps": steps,
            "first": versions[history[-1].since],
            "crumbs": _below(),
        },
    )


def _changes(change: publishing.Change, language: str) -> list[dict[str, Any]]:
    before = change.before.content if change.before else {}
    after = change.after.content if change.after else {}
    return [
        {
            "label": columns.COLUMNS[name],
            "before": columns.shown(name, before, language),
            "after": columns.shown(name, after, language),
        }
        for name in change.names
    ]


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """All versions, the newest first, with how much each changed."""
    rows = RegistryVersion.objects.select_related("decision")
    page = Paginator(rows, browsing.PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/versions.html",
        {"page_obj": page, "crumbs": _below()},
    )


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """What one version changed, line by line."""
    language = _language()
    row = get_object_or_404(RegistryVersion.objects.select_related("decision"), number=number)
    changes = publishing.difference(number)
    page = Paginator(changes, browsing.PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registry/version.html",
        {
            "version": row,
            "page_obj": page,
            "changes": [
                {
                    "line": change.line,
                    "title": columns.shown("title", change.line.content, language),
                    "kind": "changed"
                    if change.before and change.after
                    else "added"
                    if change.after
                    else "removed",
                    "rows": _changes(change, language) if change.before and change.after else [],
                }
                for change in page
            ],
            "crumbs": _below((_("Versions"), "registry:versions")),
        },
    )


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The transition plan: late lines, months to come, what has started."""
    key = request.GET.get("agency", "").replace("\x00", "")[:100]
    agency = get_object_or_404(Agency, key=key) if key else None
    return render(
        request,
        "registry/plan.html",
        {
            "plan": calendar.plan(_language(), timezone.localdate(), key),
            "agency": agency,
            "crumbs": _below(),
        },
    )


@require_safe
def responsibility_of(request: HttpRequest, key: str) -> HttpResponse:
    """What an agency's head and executor answer for: services, plan, tasks, numbers of requests.

    An agency that another took over leads on to it.
    """
    agency = get_object_or_404(Agency, key=key)
    after = AgencySuccession.objects.filter(former=agency).select_related("successor").first()
    if after is not None:
        return redirect("registry:agency", after.successor.key, permanent=True)
    language = _language()
    name = pick(agency.name, language)
    return render(
        request,
        "registry/agency.html",
        {
            "agency": agency,
            "name": name,
            "page": responsibility.page_of(agency, language, exact=False),
            "smallest": SMALLEST,
            "crumbs": _below(),
        },
    )


@require_safe
def download(request: HttpRequest, ending: str) -> HttpResponse:
    """The lines that the filters leave, as a file. 404 on an unknown ending."""
    if ending not in downloads.FORMATS:
        raise Http404
    filters, shown = _filters(request)
    content_type, write = downloads.FORMATS[ending]
    answer = HttpResponse(write(filters, shown, _language()), content_type=content_type)
    name = f"registry-{shown.number}-{_language()}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
