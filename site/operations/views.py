"""`/healthz` and `/readyz`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations import readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process lives. Anything else makes the supervisor restart it."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether traffic may come: 503 only without database, migrations or storage.

    Search, mail or queue down is 200 `degraded` with the part named: the portal still answers.
    """
    status, parts = readiness.report()
    return JsonResponse({"status": status, "parts": parts}, status=503 if status == "fail" else 200)
