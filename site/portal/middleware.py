"""Addresses that other government sites taught people: `/oz/`, `/qr/`, `/uz-Cyrl/` lead to ours."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware import locale
from django.utils.translation import activate, get_language

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

    The admin speaks only languages that Wagtail is translated into: half Uzbek and half English
    helps nobody, so a reader of another language gets the first of those permitted.
    """

    without_language = frozenset({"admin", "api", "documents", "files", "oneid"})

    def process_request(self, request: HttpRequest) -> None:
        """Django's choice, kept to the permitted languages in the admin."""
        super().process_request(request)
        permitted = [code for code, _name in settings.WAGTAILADMIN_PERMITTED_LANGUAGES]
        path = request.path_info
        # The sign-in is the portal's own page, and speaks every language.
        inside = path.startswith("/admin/") and path not in {"/admin/login/", "/admin/logout/"}
        if inside and get_language() not in permitted:
            activate(permitted[0])
            request.LANGUAGE_CODE = permitted[0]

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave a 404 outside the languages as it is."""
        if response.status_code == 404 and request.path_info.split("/")[1] in self.without_language:
            return response
        return super().process_response(request, response)
