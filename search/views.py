"""The page of results."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from home.selectors import topics_with_counts
from search import presenting, querylog
from search.addresses import Address
from search.api import MOST_QUERY


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Results of a query: services, or what else is asked for. 400 where the query is too long."""
    language = get_language() or "uz"
    address = Address.read(request.GET)
    too_long = len(address.text) > MOST_QUERY
    context: dict[str, Any] = {
        "text": address.text[:MOST_QUERY], "kind_asked": address.kind, "too_long": too_long,
    }  # fmt: skip
    total = 0
    if address.text and not too_long:
        number = _number(request)
        context |= presenting.results_page(address, language, number)
        total = context["answer"].total
        if number == 1 and not address.chosen and not address.kind:
            querylog.note_search(address.text, language, total)
    if not total:
        context["near"] = presenting.closest_topics(context["text"], language)
        context["topics"] = topics_with_counts()
    return render(request, "search/results.html", context, status=400 if too_long else 200)


def _number(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1


@csrf_exempt
@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """Count that a result was opened: `q` and `rank`, sent by the page's script.

    Nothing of the reader is read or changed, so no token is needed; what makes no sense counts
    nothing.
    """
    text, rank = request.POST.get("q", ""), request.POST.get("rank", "")
    if len(text) <= MOST_QUERY and rank.isascii() and rank.isdigit() and len(rank) < 5:
        querylog.note_choice(text, get_language() or "uz", int(rank))
    return HttpResponse(status=204)
