"""The portal's colours and mark in Wagtail's admin (the mark itself: wagtailadmin/base.html)."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from core import translations


@hooks.register("insert_global_admin_css")
def portal_colours() -> SafeString:
    """Link our few rules after Wagtail's own."""
    return format_html('<link rel="stylesheet" href="{}">', static("core/css/admin.css"))


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
