"""Addresses that other government sites taught people: `/oz/`, `/qr/`, `/uz-Cyrl/` lead to ours."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware import locale

from core.links import in_language
from languages.registry import resolve_alias


class LanguageAliasMiddleware:
    """Redirect another spelling of a language's code to ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.codes = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Redirect for good, the rest of the path and the query kept."""
        first = request.path_info.split("/", 2)[1]
        if first and first not in self.codes:
            code = resolve_alias(first)
            if code is not None:
                query = request.META.get("QUERY_STRING", "")
                target = in_language(request.path_info, code)
                return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
        return self.get_response(request)


class LocaleMiddleware(locale.LocaleMiddleware):
    """Django's, but what is not found where no language belongs is not found.

    Pages answer to any path in a language, so Django would lead every missing file, request or
    record from `/files/…` to `/uz/files/…`: a redirect in place of a 404.
    """

    without_language = frozenset({"admin", "api", "documents", "files"})

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave a 404 outside the languages as it is."""
        if response.status_code == 404 and request.path_info.split("/")[1] in self.without_language:
            return response
        return super().process_response(request, response)
