"""`/api/search/` and `/api/suggest/`: no sign-in, JSON in UTF-8."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search.engine import Query
from search.query import find

MOST_QUERY, MOST_RESULTS, DEFAULT_RESULTS = 200, 50, 10


class BadParameter(Exception):
    """A parameter that cannot be taken."""

    def __init__(self, field: str, code: str, message: str) -> None:
        self.field, self.code, self.message = field, code, message
        super().__init__(message)


def _parameters(request: HttpRequest) -> tuple[str, str, int, bool]:
    text = request.GET.get("q", "").strip()
    if not text:
        raise BadParameter("q", "required", _("Write what you are looking for."))
    if len(text) > MOST_QUERY:
        raise BadParameter("q", "too_long", _("The query is too long."))
    language = request.GET.get("lang", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise BadParameter("lang", "unknown", _("There is no such language."))
    limit = request.GET.get("limit", str(DEFAULT_RESULTS))
    if (
        not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:4]) <= MOST_RESULTS)
        or len(limit) > 4
    ):
        raise BadParameter("limit", "out_of_range", _("The limit is a number from 1 to 50."))
    kind = request.GET.get("type", "service")
    if kind not in {"service", "all"}:
        raise BadParameter("type", "unknown", _("The type is service or all."))
    return text, language, int(limit), kind == "all"


def _json(data: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/json; charset=utf-8"
    return response


def _answer(request: HttpRequest, *, suggesting: bool) -> JsonResponse:
    try:
        text, language, limit, everything = _parameters(request)
    except BadParameter as error:
        problem = {"field": error.field, "code": error.code, "message": error.message}
        return _json({"error": problem}, status=400)
    found = find(Query(text, language, everything, limit=limit, typing=suggesting))
    return _json(
        {
            "query": text,
            "lang": language,
            "total": found.total,
            "results": [
                {
                    "slug": result.slug,
                    "title": result.title,
                    "lang": result.lang,
                    "url": result.url,
                    "agency": result.agency,
                }
                for result in found.hits
            ],
        }
    )


@require_safe
def search(request: HttpRequest) -> JsonResponse:
    """Results, best first; 400 with the field named where a parameter cannot be taken."""
    return _answer(request, suggesting=False)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Suggestions while typing."""
    return _answer(request, suggesting=True)
