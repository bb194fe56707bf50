"""Uzbek Latin pages in the spelling of 2026 (ö ğ ş ç), where the portal's setting says so."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from home.models import shows_new_latin
from languages import convert_html
from languages.uzbek import to_new_latin

_PATH = re.compile(r"/uz(?:/|$)")
#: Attributes that people read or hear; values of fields, addresses and keys stay.
_SPOKEN = re.compile(r"""(?<=\s)((?:title|alt|placeholder|aria-label)=")([^"]*)(?=")""")
_DESCRIPTION = re.compile(
    r"""(<meta (?:name|property)="(?:og:)?(?:title|description|site_name)" content=")([^"]*)(?=")"""
)


def in_new_latin(html: str) -> str:
    """A whole page with its text, and what stands for text in attributes, in the new letters."""
    html = convert_html(html, to_new_latin)
    for pattern in (_SPOKEN, _DESCRIPTION):
        html = pattern.sub(lambda match: match[1] + to_new_latin(match[2]), html)
    return html


class NewSpellingMiddleware:
    """Convert the page on its way out, so that whatever is kept or cached stays as it is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; an HTML page below `/uz/` in the new letters where the setting is on."""
        response = self.get_response(request)
        if (
            _PATH.match(request.path_info)
            and not response.streaming
            and response.get("Content-Type", "").startswith("text/html")
            and shows_new_latin()
        ):
            response.content = in_new_latin(response.content.decode(response.charset)).encode(
                response.charset
            )
            if "Content-Length" in response:
                response["Content-Length"] = str(len(response.content))
        return response
