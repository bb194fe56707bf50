"""One press for what was typed or pasted in Cyrillic: in the open form, or in a saved draft.

In the open form the admin's script (`core/js/latin.js`) asks `turn_texts` for the Latin of its
texts and writes it into the fields; without scripts the saved draft of a page is turned.
"""

from __future__ import annotations

import json
from typing import Any, TypedDict

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page

from core.tidying import convert_page
from languages import uzbek
from languages.signs import WORD
from languages.tidying import doubtful, latin

#: Texts of one form, and their letters together.
MOST_TEXTS, LONGEST = 10_000, 1_000_000


def may_turn(user: Any, page: Page) -> bool:
    """Whether a page is an Uzbek one of its own whose text `user` may change just now."""
    rights = page.permissions_for_user(user)
    return bool(
        page.alias_of_id is None
        and page.locale.language_code == settings.LANGUAGE_CODE
        and rights.can_edit()
        and not rights.page_locked()
    )


class Part(TypedDict, total=False):
    """A stretch of Latin text; a doubtful word with what it `was` in Cyrillic."""

    text: str
    was: str


def parts(text: str) -> list[Part]:
    """The Latin of an Uzbek text (plain), its doubtful words apart."""
    unsure = {uzbek.to_latin(word): word for word in doubtful(text)}
    found: list[Part] = []
    fresh, position = latin(text), 0
    for match in WORD.finditer(fresh):
        if (was := unsure.get(match.group())) is not None:
            found.append({"text": fresh[position : match.start()]})
            found.append({"text": match.group(), "was": was})
            position = match.end()
    return [part for part in [*found, Part(text=fresh[position:])] if part["text"]]


def marked(text: str) -> SafeString:
    """The Latin of an Uzbek text (plain) whose doubtful words are marked."""
    return format_html_join(
        "", "<{0}>{1}</{0}>", (("mark" if "was" in p else "span", p["text"]) for p in parts(text))
    )


@require_admin_access
@require_POST
def turn_texts(request: HttpRequest) -> HttpResponse:
    """The Latin of the texts of an open form: `{"texts": [str]}` → `{"texts": [{latin, parts}]}`.

    Nothing is read and nothing kept. 400 where the body is no such list, or too long.
    """
    try:
        texts = json.loads(request.body)["texts"]
    except (ValueError, KeyError, TypeError):
        return HttpResponseBadRequest()
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return HttpResponseBadRequest()
    if len(texts) > MOST_TEXTS or sum(map(len, texts)) > LONGEST:
        return HttpResponseBadRequest()
    return JsonResponse({"texts": [{"latin": latin(t), "parts": parts(t)} for t in texts]})


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def turn_into_latin(request: HttpRequest, page_pk: int) -> HttpResponse:
    """GET: every Cyrillic text of the page's draft with its Latin one. POST: keep it as a draft."""
    row = get_object_or_404(Page, pk=page_pk)
    if not may_turn(request.user, row):
        raise PermissionDenied
    page = row.specific.get_latest_revision_as_object()
    found: list[dict[str, Any]] = []

    def convert(text: str) -> str:
        fresh = latin(text)
        if fresh != text:
            found.append({"before": strip_tags(text), "after": marked(strip_tags(text))})
        return fresh

    changed = convert_page(page, convert)
    if request.method == "POST":
        if changed:
            page.save_revision(user=request.user, log_action=True, clean=False)
            messages.success(request, _("The Cyrillic texts are in Latin now, as a draft."))
        return redirect("wagtailadmin_pages:edit", row.pk)
    return render(
        request,
        "core/admin/latin.html",
        {
            "page": row,
            "items": found,
            "page_title": _("Cyrillic to Latin"),
            "page_subtitle": row.get_admin_display_title(),
            "header_icon": "resubmit",
        },
    )
