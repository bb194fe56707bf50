"""The report on queries in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

from languages import registry
from search import insight, querylog
from search.models import Promotion, Synonyms


def may_see(user: Any) -> bool:
    """Whether somebody may read what is searched: editors of the portal and administrators."""
    return bool(user.has_perm("search.view_querycount"))


@require_admin_access
@require_safe
def queries(request: HttpRequest) -> HttpResponse:
    """What people search; 403 for whoever may not know."""
    if not may_see(request.user):
        raise PermissionDenied
    asked = request.GET.get("days", "")
    period = int(asked) if asked in {str(days) for days in insight.PERIODS} else 30
    language = request.GET.get("language", "")
    language = language if language in registry.CODES else ""
    report = insight.report(period, language)
    width, bars = insight.bars(report.days)
    tables = [
        ("top", _("Asked most"), report.top),
        ("nothing", _("Without a result"), report.without_result),
        ("unopened", _("With results that nobody opens"), report.without_click),
    ]
    return render(
        request,
        "search/admin/queries.html",
        {
            "page_title": _("What people search"),
            "header_icon": "search",
            "report": report,
            "tables": tables,
            "bars": bars,
            "bar_width": width,
            "chart": {
                "width": insight.WIDTH,
                "height": insight.HEIGHT,
                "most": max(day.searches for day in report.days),
                "first": report.days[0].day,
                "last": report.days[-1].day,
            },
            "period": period,
            "language": language,
            "periods": insight.PERIODS,
            "languages": registry.LANGUAGES,
            "least": querylog.LEAST,
            "synonym_url": _add(request, Synonyms, "add_synonyms"),
            "promotion_url": _add(request, Promotion, "add_promotion"),
        },
    )


def _add(request: HttpRequest, model: type[Synonyms] | type[Promotion], permission: str) -> str:
    """Address of the form for a new row, where the person may add one."""
    if not request.user.has_perm(f"search.{permission}"):  # type: ignore[union-attr]
        return ""
    name = model.snippet_viewset.get_url_name("add")  # type: ignore[union-attr]
    return reverse(name) + "?" + urlencode({"query": ""})
