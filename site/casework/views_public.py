"""Is a document valid? Nothing personal is shown. And: all that is kept of oneself, as a file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import again
from casework import results, rights, selectors
from casework.models import ResultDocument
from core.texts import pick
from operations.throttle import limit


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Number and code typed from the paper."""
    if request.method != "POST":
        return render(request, "casework/verify.html")
    number, code = (request.POST.get(name, "")[:64].strip() for name in ("number", "code"))
    return _answer(request, results.find(number, code), number)


@never_cache
@require_safe
def verified(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The address in the QR code."""
    return _answer(request, results.find(number[:64], code[:64]), number[:64])


def _answer(request: HttpRequest, found: ResultDocument | None, number: str) -> HttpResponse:
    if found is None:
        context: dict[str, Any] = {
            "number": number,
            "error": _("There is no document with this number and code."),
        }
        return render(request, "casework/verify.html", context, status=404)
    language = get_language() or "uz"
    context = {
        "document": found,
        "title": selectors.title_of(found.request, language),
        "agency": pick(found.request.agency.name, language),
    }
    return render(request, "casework/verify.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@again.required
def my_data(request: HttpRequest) -> HttpResponse:
    """What the portal keeps of the reader; by POST as JSON, at most ten times a day."""
    if request.method != "POST":
        return render(request, "casework/my_data.html")
    limit("my_data", str(request.user.pk), "10/d")
    response = JsonResponse(
        rights.export(request.user),  # type: ignore[arg-type]
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response
