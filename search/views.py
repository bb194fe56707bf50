"""The page of results."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from home.selectors import topics_with_counts
from search.api import MOST_QUERY
from search.engine import Query
from search.query import find

PER_PAGE = 20


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Results of a query, services first unless everything is asked for."""
    text = request.GET.get("q", "").strip().replace("\x00", "")
    too_long = len(text) > MOST_QUERY
    text = text[:MOST_QUERY]
    everything = request.GET.get("type") == "all"
    language = get_language() or "uz"
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    found = None
    context: dict[str, object] = {
        "query": text, "everything": everything, "too_long": too_long, "topics": []
    }  # fmt: skip
    if text and not too_long:
        offset = (max(page, 1) - 1) * PER_PAGE
        found = find(Query(text, language, everything, offset=offset, limit=PER_PAGE))
        context |= {
            "found": found,
            "page_obj": Paginator(range(found.total), PER_PAGE).get_page(page),
        }
    if found is None or not found.total:
        context["topics"] = topics_with_counts()
    return render(request, "search/results.html", context, status=400 if too_long else 200)
