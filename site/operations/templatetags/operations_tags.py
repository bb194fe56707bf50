"""Tags about what is counted and sent."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from core.models import BasePage
from operations import channels
from operations.counting import views_of

register = template.Library()


@register.filter
def channel_label(code: str) -> str:
    """The name of a channel; its code where nobody serves it any more."""
    return next((str(one.label) for one in channels.channels() if one.code == code), code)


@register.inclusion_tag("core/components/page_foot.html", takes_context=True)
def page_foot(context: template.Context, page: BasePage) -> dict[str, Any]:
    """Who answers for the text, when it was checked, how often it was read, how to share it."""
    portal = context.get("portal")
    address = f"{portal['base_url']}{portal['path']}" if portal else ""
    return {
        "owner": page.answering_body,
        "checked_on": page.checked_on,
        "views": views_of([page.view_key])[page.view_key],
        "url": address,
        "path": portal["path"] if portal else "",
        "today": timezone.localdate(),
        "title": page.title,
        "key": page.translation_key,
    }
