"""The officer's inbox in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.menus import MenuItemFor, holders_of
from accounts.models import Role
from casework import (
    audit_views,
    bulk,
    conduct_views,
    counter,
    desk_views,
    file_desk,
    inbox,
    request_desk,
    setup_views,
    task_desk,
)
from casework.selectors import STAFF


@hooks.register("register_admin_menu_item")
def requests_menu_item() -> MenuItem:
    """The first entry of the menu: it is what officers come for."""
    return MenuItemFor(
        _("Requests"),
        reverse("casework_inbox"),
        icon_name="mail",
        name="requests",
        order=50,
        shown_to=holders_of(*STAFF, Role.CLERK),
    )


@hooks.register("register_admin_menu_item")
def audit_menu_item() -> MenuItem:
    """Below the requests."""
    return MenuItemFor(
        _("Audit of requests"),
        reverse("casework_audit"),
        icon_name="view",
        name="audit",
        order=55,
        shown_to=holders_of(Role.AUDITOR),
    )


@hooks.register("register_admin_menu_item")
def looks_menu_item() -> MenuItem:
    """In the same place."""
    return MenuItemFor(
        _("What auditors looked at"),
        reverse("casework_audit_looks"),
        icon_name="view",
        name="audit-looks",
        order=55,
        shown_to=holders_of(Role.HEAD, but_not=(Role.AUDITOR,)),
    )


@hooks.register("register_admin_urls")
def inbox_urls() -> list[Any]:
    """`/admin/requests/…`"""
    return [
        path("requests/", inbox.index, name="casework_inbox"),
        path("requests/new/", counter.enter, name="casework_enter"),
        path("requests/bulk/", bulk.bulk, name="casework_bulk"),
        path("requests/filters/", inbox.keep_filter, name="casework_filters"),
        path("requests/texts/", desk_views.texts, name="casework_texts"),
        path("requests/texts/<int:pk>/", desk_views.text, name="casework_text"),
        path("requests/absences/", desk_views.absences, name="casework_absences"),
        path("requests/people/", conduct_views.people, name="casework_people"),
        path("requests/people/<int:pk>/", conduct_views.person, name="casework_person"),
        path("requests/units/", setup_views.units, name="casework_units"),
        path("requests/units/<int:pk>/", setup_views.unit, name="casework_unit"),
        path("requests/rules/", setup_views.rules, name="casework_rules"),
        path("requests/rules/<slug:key>/", setup_views.rule, name="casework_rule"),
        path("requests/files/<uuid:uuid>/", file_desk.viewer, name="casework_file"),
        path(
            "requests/files/<uuid:uuid>/content/", file_desk.content, name="casework_file_content"
        ),
        path("requests/audit/", audit_views.index, name="casework_audit"),
        path("requests/audit/looks/", audit_views.looks, name="casework_audit_looks"),
        path("requests/audit/<uuid:uuid>/", audit_views.detail, name="casework_audit_request"),
        path("requests/tasks/", task_desk.index, name="casework_tasks"),
        path("requests/tasks/<int:pk>/", task_desk.detail, name="casework_task"),
        path("requests/<uuid:uuid>/slip/", counter.slip, name="casework_slip"),
        path("requests/<uuid:uuid>/", request_desk.detail, name="casework_detail"),
    ]
