"""The portal's own pages for what goes wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist, loader
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token

from core.publishing import PublishBlocked
from operations.throttle import TooMany


def _page(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    response = render(request, f"{name or status}.html", status=status)
    response["Cache-Control"] = "no-store"
    return response


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return _page(request, 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: not for this reader."""
    return _page(request, 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page; offers the search."""
    return _page(request, 404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token is missing or old. Says how to go on, not why it was refused."""
    return _page(request, 403, "403_csrf")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500: static, in all languages, without context: whatever failed may fail again."""
    try:
        content = loader.get_template("500.html").render()
    except TemplateDoesNotExist:
        content = "<h1>500</h1>"
    return HttpResponse(content, status=500)


def too_large(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """413: more was sent than the portal takes."""
    return _page(request, 413)


def too_many(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """429: too many attempts."""
    return _page(request, 429)


class ErrorPagesMiddleware:
    """Turn a used-up limit and an oversized body into pages instead of server errors."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse a body beyond the limit before reading it."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.MAX_REQUEST_BYTES:
            return too_large(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for what other rooms raise on purpose."""
        if isinstance(exception, TooMany):
            response = too_many(request)
            response["Retry-After"] = str(exception.wait)
            return response
        if isinstance(exception, RequestDataTooBig):
            return too_large(request)
        if isinstance(exception, PublishBlocked) and request.path.startswith("/admin/"):
            return _not_published(request, exception)
        return None


def _not_published(request: HttpRequest, error: PublishBlocked) -> HttpResponse:
    """Back to where the editor or approver was, with what the page lacks."""
    messages.error(request, " ".join(str(problem.message) for problem in error.problems))
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("wagtailadmin_home")
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        # Wagtail's dialogue of the workflow asks for this.
        return JsonResponse({"step": "success", "redirect": back})
    return redirect(back)
