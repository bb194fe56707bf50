"""The portal's colours and mark in Wagtail's admin (the mark itself: wagtailadmin/base.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from core import latin, translations
from core.waiting import WaitingPanel


@hooks.register("insert_global_admin_css")
def portal_colours() -> SafeString:
    """Link our few rules after Wagtail's own."""
    return format_html('<link rel="stylesheet" href="{}">', static("core/css/admin.css"))


@hooks.register("construct_homepage_panels")
def what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """Above everything else on the first page."""
    panels.insert(0, WaitingPanel(request.user))


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLPattern]:
    """Addresses of the house in the admin."""
    return [
        path("latin/", latin.turn_texts, name="core_latin_texts"),
        path("latin/<int:page_pk>/", latin.turn_into_latin, name="core_latin"),
    ]


@hooks.register("insert_global_admin_js")
def latin_in_the_open_form() -> SafeString:
    """The script that offers Latin for what is typed in Cyrillic, with what it says."""
    return format_html(
        '<script src="{}" {}></script>',
        static("core/js/latin.js"),
        format_html_join(
            " ",
            'data-{}="{}"',
            {
                "url": reverse("core_latin_texts"),
                "cyrillic": gettext("This text is in Cyrillic."),
                "press": gettext("Cyrillic to Latin"),
                "turned": gettext("In Latin now; it is kept when you save:"),
                "look": gettext("Look at these words:"),
                "undo": gettext("Put back"),
                "undone": gettext("The text is as it was."),
                "none": gettext("The form has no Cyrillic text."),
                "failed": gettext("The text could not be turned. Try again."),
                "done": gettext("Texts turned into Latin"),
                "doubtful": gettext("Words to look at"),
            }.items(),
        ),
    )


@hooks.register("register_page_header_buttons")
def latin_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Above the editor of an Uzbek page: what was typed or pasted in Cyrillic becomes Latin."""
    if view_name == "edit" and latin.may_turn(user, page):
        yield Button(
            _("Cyrillic to Latin"),
            reverse("core_latin", args=[page.pk]),
            attrs={"data-latin-press": ""},
            icon_name="resubmit",
            priority=30,
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
