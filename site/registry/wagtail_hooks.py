"""The registry's desk in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from registry import control_desk, desk, figures_desk, reports_desk


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


class ControlMenuItem(MenuItem):
    """Shown to whoever answers for services or watches over those who do."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader has tasks, agencies or milestones to look at."""
        return control_desk.may_use(request.user)


@hooks.register("register_admin_menu_item")
def control_menu_item() -> MenuItem:
    """After the registry."""
    return ControlMenuItem(
        _("Control card"),
        reverse("registry_control"),
        icon_name="list-ul",
        name="control",
        order=61,
    )


class FiguresMenuItem(MenuItem):
    """Shown to whoever answers for or controls requests."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader sees figures of an agency."""
        return figures_desk.may_see(request.user)


@hooks.register("register_admin_menu_item")
def figures_menu_item() -> MenuItem:
    """Beside the registry."""
    return FiguresMenuItem(
        _("Quality"), reverse("registry_figures"), icon_name="history", name="quality", order=62
    )


class ReportsMenuItem(MenuItem):
    """Shown to whoever writes, checks or signs the yearly report."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader has to do with reports."""
        return reports_desk.may_use(request.user)


@hooks.register("register_admin_menu_item")
def reports_menu_item() -> MenuItem:
    """Beside the figures."""
    return ReportsMenuItem(
        _("Yearly reports"), reverse("registry_reports"), icon_name="doc-full",
        name="yearly-reports", order=63,
    )  # fmt: skip


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
        path("registry/control/", control_desk.card, name="registry_control"),
        path("registry/control/new/", control_desk.new, name="registry_new_control_task"),
        path("registry/control/<int:pk>/", control_desk.task, name="registry_control_task"),
        path("registry/readiness/", control_desk.ready, name="registry_readiness"),
        path("registry/agencies/", control_desk.agencies, name="registry_agencies"),
        path("registry/agencies/<slug:key>/", control_desk.agency, name="registry_agency"),
        path("registry/agencies/<slug:key>/rename/", control_desk.rename, name="registry_rename"),
        path("registry/agencies/<slug:key>/merge/", control_desk.merge, name="registry_merge"),
    ]
