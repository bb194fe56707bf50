"""One press for a page typed or pasted in Cyrillic: what it becomes in Latin, then a new draft."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page

from core.tidying import convert_page
from languages import uzbek
from languages.tidying import doubtful, latin


def may_turn(user: Any, page: Page) -> bool:
    """Whether a page is an Uzbek one of its own whose text `user` may change just now."""
    rights = page.permissions_for_user(user)
    return bool(
        page.alias_of_id is None
        and page.locale.language_code == settings.LANGUAGE_CODE
        and rights.can_edit()
        and not rights.page_locked()
    )


def marked(text: str, words: list[str]) -> SafeString:
    """Latin text whose doubtful words (named as they stood in Cyrillic) are marked."""
    unsure = {uzbek.to_latin(word) for word in words}
    pieces = []
    for piece in text.split():
        bare = piece.strip('.,;:!?()«»“”"')
        pieces.append(("mark" if bare in unsure else "span", piece))
    return format_html_join(" ", "<{0}>{1}</{0}>", pieces)


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
            words = doubtful(text)
            found.append(
                {"before": strip_tags(text), "after": marked(strip_tags(fresh), words)}
                | {"doubtful": words}
            )
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
