"""The registry's desk in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry import desk


class RegistryMenuItem(MenuItem):
    """Shown to whoever proposes or checks."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader proposes or checks."""
        return desk.may_use(request.user)


@hooks.register("register_admin_menu_item")
def registry_menu_item() -> MenuItem:
    """Beside the requests."""
    return RegistryMenuItem(
        _("Registry"), reverse("registry_desk"), icon_name="table", name="registry", order=60
    )


@hooks.register("register_admin_urls")
def registry_urls() -> list[Any]:
    """`/admin/registry/…`"""
    return [
        path("registry/", desk.index, name="registry_desk"),
        path("registry/proposals/new/", desk.propose, name="registry_propose"),
        path("registry/proposals/<int:pk>/", desk.proposal, name="registry_proposal"),
        path("registry/plan/<int:pk>/launch/", desk.launch, name="registry_launch"),
        path("registry/sessions/new/", desk.new_session, name="registry_new_session"),
        path("registry/sessions/<int:pk>/", desk.session, name="registry_session"),
        path("registry/sessions/<int:pk>/dossier/", desk.session_dossier, name="registry_dossier"),
    ]
