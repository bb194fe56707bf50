"""What every answer carries: an id, compression, security headers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from operations.logs import request_id

Answer = Callable[[HttpRequest], HttpResponse]

_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestIdMiddleware:
    """Give each request an id, taken from the proxy where it sends one, for logs and support."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id in `X-Request-Id`."""
        given = request.headers.get("X-Request-Id", "")
        identity = given if _ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(identity)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = identity
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compress HTML and JSON. Django's own adds random bytes against BREACH (max 100)."""


class SecurityHeadersMiddleware:
    """Headers that Django does not set itself."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers unless a view set its own."""
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), payment=(), geolocation=(self)"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
