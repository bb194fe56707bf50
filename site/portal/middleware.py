"""The language of an address: taught by other sites (`/oz/`, `/qr/`), chosen by the reader, refused."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.middleware import locale
from django.utils.http import escape_leading_slashes
from django.utils.translation import activate, get_language

from core.links import in_language
from languages.registry import resolve_alias

#: Marks a link of the switch of languages.
CHOICE = "til"


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


class ChosenLanguageMiddleware:
    """Remember the language and script that a reader chose in the switch of languages.

    Its links are those of the same page with `?til=1` (`CHOICE`): the answer sets the cookie that
    `/` follows and leads to the address without it. No other link sets a cookie, and no address
    with a language is ever led to another language, whatever the cookie says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.codes = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the address without the mark, or go on."""
        code = request.path_info.split("/", 2)[1]
        if CHOICE not in request.GET or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        if code not in self.codes:
            return self.get_response(request)
        rest = request.GET.copy()
        del rest[CHOICE]
        path = escape_leading_slashes(request.path)
        response = HttpResponseRedirect(f"{path}?{rest.urlencode()}" if rest else path)
        response["Cache-Control"] = "no-store"
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response


class LocaleMiddleware(locale.LocaleMiddleware):
    """Django's, but what is not found where no language belongs is not found.

    Pages answer to any path in a language, so Django would lead every missing file, request or
    record from `/files/…` to `/uz/files/…`: a redirect in place of a 404.

    The admin speaks only languages that all of it is translated into; a reader of another gets the
    first of those permitted.
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
