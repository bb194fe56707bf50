"""The room's part of the editors' side."""

from __future__ import annotations

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from accounts import (
    counter_views,
    message_views,
    outbox_views,
    recovery_views,
    staff_views,
    support_views,
)
from accounts.menus import MenuItemFor, holders_of
from accounts.models import Role
from accounts.viewsets import PeopleGroup

register_snippet(PeopleGroup)


@hooks.register("register_admin_urls")
def staff_urls() -> list[URLPattern]:
    """`/admin/staff/…`"""
    return [
        path("mandates/", counter_views.confirm, name="mandate_counter"),
        path("recovery/", recovery_views.counter, name="accounts_recovery"),
        path("support/", support_views.index, name="accounts_support"),
        path("support/find/", support_views.find, name="accounts_support_find"),
        path("support/again/", support_views.send_again, name="accounts_support_again"),
        path("messages/", message_views.index, name="messages_kinds"),
        path("messages/outbox/", outbox_views.index, name="messages_outbox"),
        path("messages/outbox/find/", outbox_views.find, name="messages_find"),
        path("messages/outbox/<int:pk>/", outbox_views.send_again, name="messages_send_again"),
        path("messages/words/<path:key>/", message_views.edit, name="messages_edit"),
        path("staff/", staff_views.index, name="accounts_staff"),
        path("staff/everywhere/", staff_views.everywhere, name="accounts_staff_everywhere"),
        path("staff/<slug:key>/", staff_views.index, name="accounts_staff_of"),
        path("staff/<slug:key>/<uuid:uuid>/", staff_views.person, name="accounts_staff_person"),
    ]


@hooks.register("register_admin_menu_item")
def staff_menu() -> MenuItem:
    """Below the daily work."""
    return MenuItemFor(
        _("People of the agency"),
        reverse("accounts_staff"),
        icon_name="group",
        name="staff",
        order=380,
        shown_to=holders_of(Role.HEAD),
    )


@hooks.register("register_admin_menu_item")
def mandate_menu() -> MenuItem:
    """Beside the people of the agency."""
    return MenuItemFor(
        _("Acting for a person"),
        reverse("mandate_counter"),
        icon_name="group",
        name="mandates",
        order=385,
        shown_to=counter_views.may_confirm,
    )


@hooks.register("register_admin_menu_item")
def support_menu() -> MenuItem:
    """Below the people."""
    return MenuItemFor(
        _("Support"),
        reverse("accounts_support"),
        icon_name="help",
        name="support",
        order=390,
        shown_to=holders_of(Role.SUPPORT),
    )


@hooks.register("register_admin_menu_item")
def recovery_menu() -> MenuItem:
    """Beside the mandates."""
    return MenuItemFor(
        _("Lost phone"),
        reverse("accounts_recovery"),
        icon_name="mobile-alt",
        name="recovery",
        order=386,
        shown_to=counter_views.may_confirm,
    )


@hooks.register("register_settings_menu_item")
def outbox_menu() -> MenuItem:
    """Among the settings: nobody's daily work."""
    return MenuItemFor(
        _("Sent messages"),
        reverse("messages_outbox"),
        icon_name="mail",
        name="outbox",
        order=900,
        shown_to=outbox_views.may_operate,
    )


@hooks.register("register_settings_menu_item")
def words_menu() -> MenuItem:
    """Beside what became of them."""
    return MenuItemFor(
        _("Words of messages"),
        reverse("messages_kinds"),
        icon_name="edit",
        name="words",
        order=901,
        shown_to=message_views.may_write,
    )
