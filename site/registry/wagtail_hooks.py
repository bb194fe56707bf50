"""The registry's desk in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.menus import MenuItemFor
from registry import agenda_desk, control_desk, desk, figures_desk, reports_desk


@hooks.register("register_admin_menu_item")
def registry_menu_item() -> MenuItem:
    """Beside the requests."""
    return MenuItemFor(
        _("Registry"),
        reverse("registry_desk"),
        icon_name="table",
        name="registry",
        order=60,
        shown_to=desk.may_use,
    )


@hooks.register("register_admin_menu_item")
def control_menu_item() -> MenuItem:
    """After the registry."""
    return MenuItemFor(
        _("Control card"),
        reverse("registry_control"),
        icon_name="list-ul",
        name="control",
        order=61,
        shown_to=control_desk.may_use,
    )


@hooks.register("register_admin_menu_item")
def figures_menu_item() -> MenuItem:
    """Beside the registry."""
    return MenuItemFor(
        _("Quality"),
        reverse("registry_figures"),
        icon_name="history",
        name="quality",
        order=62,
        shown_to=figures_desk.may_see,
    )


@hooks.register("register_admin_menu_item")
def reports_menu_item() -> MenuItem:
    """Beside the figures."""
    return MenuItemFor(
        _("Yearly reports"),
        reverse("registry_reports"),
        icon_name="doc-full",
        name="yearly-reports",
        order=63,
        shown_to=reports_desk.may_use,
    )


@hooks.register("register_admin_urls")
def registry_urls() -> list[Any]:
    """`/admin/registry/…`"""
    return [
        path("registry/", desk.index, name="registry_desk"),
        path("registry/reports/", reports_desk.index, name="registry_reports"),
        path("registry/reports/<int:pk>/", reports_desk.report, name="registry_report"),
        path(
            "registry/reports/<int:pk>/report.<slug:ending>",
            reports_desk.download,
            name="registry_report_file",
        ),
        path("registry/figures/", figures_desk.overview, name="registry_figures"),
        path("registry/figures/requests/", figures_desk.requests, name="registry_figures_requests"),
        path("registry/proposals/new/", desk.propose, name="registry_propose"),
        path("registry/proposals/<int:pk>/", desk.proposal, name="registry_proposal"),
        path("registry/plan/<int:pk>/launch/", desk.launch, name="registry_launch"),
        path("registry/sessions/new/", desk.new_session, name="registry_new_session"),
        path("registry/sessions/<int:pk>/", desk.session, name="registry_session"),
        path("registry/sessions/<int:pk>/dossier/", desk.session_dossier, name="registry_dossier"),
        path("registry/agenda/<int:pk>/", agenda_desk.words, name="registry_agenda_item"),
        path("registry/control/", control_desk.card, name="registry_control"),
        path("registry/control/new/", control_desk.new, name="registry_new_control_task"),
        path("registry/control/<int:pk>/", control_desk.task, name="registry_control_task"),
        path("registry/readiness/", control_desk.ready, name="registry_readiness"),
        path("registry/agencies/", control_desk.agencies, name="registry_agencies"),
        path("registry/agencies/<slug:key>/", control_desk.agency, name="registry_agency"),
        path("registry/agencies/<slug:key>/rename/", control_desk.rename, name="registry_rename"),
        path("registry/agencies/<slug:key>/merge/", control_desk.merge, name="registry_merge"),
    ]
