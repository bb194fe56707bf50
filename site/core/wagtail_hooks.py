"""The portal's colours and mark in Wagtail's admin (the mark itself: wagtailadmin/base.html)."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def portal_colours() -> SafeString:
    """Link our few rules after Wagtail's own."""
    return format_html('<link rel="stylesheet" href="{}">', static("core/css/admin.css"))
