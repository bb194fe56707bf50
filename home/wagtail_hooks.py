"""What the front of the house adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.menus import MenuItemFor
from home import feedback_overview, feedback_views
from home.viewsets import FurnitureGroup

register_snippet(FurnitureGroup)


@hooks.register("register_admin_urls")
def feedback_urls() -> list[Any]:
    """What readers say of a page."""
    return [
        path("feedback/", feedback_overview.overview, name="home_feedback"),
        path("feedback/<int:pk>/", feedback_views.desk, name="home_feedback_desk"),
    ]


@hooks.register("register_admin_menu_item")
def feedback_menu_item() -> MenuItem:
    """After the pages."""
    return MenuItemFor(
        _("What readers say"),
        reverse("home_feedback"),
        icon_name="comment",
        name="feedback",
        order=150,
        shown_to=feedback_overview.may_read,
    )


@hooks.register("register_page_header_buttons")
def feedback_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """In the editor of the page, for whoever may edit it."""
    if page.depth > 1 and page.permissions_for_user(user).can_edit():
        yield Button(
            _("What readers say"),
            reverse("home_feedback_desk", args=[page.pk]),
            icon_name="comment",
            priority=70,
        )
