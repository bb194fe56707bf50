"""`/healthz`, `/readyz`, and what SMS gateways report."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from operations import outbox, readiness

MOST_REPORT = 16 * 1024


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


@csrf_exempt
@never_cache
@require_POST
def sms_callback(request: HttpRequest, secret: str) -> HttpResponse:
    """Whether a message reached the telephone. The secret in the address is all that a gateway
    can show; without one in the settings nobody may."""
    ours = settings.SMS_CALLBACK_SECRET
    if not ours or not constant_time_compare(secret, ours):
        return HttpResponse(status=403)
    try:
        too_long = int(request.META.get("CONTENT_LENGTH") or 0) > MOST_REPORT
        fields = (
            json.loads(request.body) if "json" in (request.content_type or "") else request.POST
        )
    except ValueError:
        return HttpResponse(status=400)
    if too_long or not hasattr(fields, "get"):
        return HttpResponse(status=400)
    reference = fields.get("message_id") or fields.get("request_id") or fields.get("id") or ""
    outbox.record_delivery(str(reference)[:80], str(fields.get("status") or "")[:20])
    return HttpResponse("ok", content_type="text/plain")
