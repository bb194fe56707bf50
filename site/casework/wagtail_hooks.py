"""The officer's inbox in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.selectors import agencies_of
from casework import inbox
from casework.selectors import STAFF


class RequestsMenuItem(MenuItem):
    """Shown to whoever answers or controls requests."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader has an agency to answer for."""
        return agencies_of(request.user, *STAFF).exists()


@hooks.register("register_admin_menu_item")
def requests_menu_item() -> MenuItem:
    """The first entry of the menu: it is what officers come for."""
    return RequestsMenuItem(
        _("Requests"), reverse("casework_inbox"), icon_name="mail", name="requests", order=50
    )


@hooks.register("register_admin_urls")
def inbox_urls() -> list[Any]:
    """`/admin/requests/…`"""
    return [
        path("requests/", inbox.index, name="casework_inbox"),
        path("requests/<uuid:uuid>/", inbox.detail, name="casework_detail"),
    ]
