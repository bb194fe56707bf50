"""The portal's colours and mark in Wagtail's admin (the mark itself: wagtailadmin/base.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from core import latin, translations
from languages.tidying import changed_words

#: Changed words that one message names.
SHOWN = 12


@hooks.register("insert_global_admin_css")
def portal_colours() -> SafeString:
    """Link our few rules after Wagtail's own."""
    return format_html('<link rel="stylesheet" href="{}">', static("core/css/admin.css"))


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Addresses of the house in the admin."""
    return [path("latin/<int:page_pk>/", latin.turn_into_latin, name="core_latin")]


@hooks.register("register_page_header_buttons")
def latin_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Above the editor of an Uzbek page: what was typed or pasted in Cyrillic becomes Latin."""
    if view_name == "edit" and latin.may_turn(user, page):
        yield Button(
            _("Cyrillic to Latin"),
            reverse("core_latin", args=[page.pk]),
            icon_name="resubmit",
            priority=30,
        )


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def say_what_was_tidied(request: HttpRequest, page: Any) -> None:
    """Signs and letters that were changed on saving, each word once."""
    pairs = [
        f"{old} → {new}"
        for before, after in getattr(page, "tidied", ())
        for old, new in changed_words(strip_tags(before), strip_tags(after))
    ]
    if pairs:
        shown = ", ".join(list(dict.fromkeys(pairs))[:SHOWN])
        messages.info(
            request, _("Signs were brought to one spelling: %(words)s") % {"words": shown}
        )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """How a page's history names what only the portal does."""

    @actions.register_action(translations.ACTION)
    class ApproveIncomplete(LogFormatter):
        label = _("Approve an incomplete translation")

        def format_message(self, log_entry: Any) -> str:
            """The reason, and what was missing."""
            data = log_entry.data or {}
            return gettext("Approved although incomplete. Reason: %(reason)s") % {
                "reason": data.get("reason", "")
            } + "".join(f" ({text})" for text in data.get("lacks", ()))
