"""What the admin says after a form was saved."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.tidying import noting, told


class TidiedMiddleware:
    """Above the next page of the admin: which words a saved form had in another spelling of signs.

    Pages, snippets and plain rows alike. A form that was refused says nothing: it was not saved.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note what is tidied during one request that changes something."""
        if request.method != "POST" or not request.path.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        with noting() as pairs:
            response = self.get_response(request)
        if pairs and 300 <= response.status_code < 400 and (text := told(pairs)):
            messages.info(request, text)
        return response
