"""The room's part of the admin: money for accountants, the cash desk, accounts and keys."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from accounts.menus import MenuItemFor, holders_of
from accounts.models import Role
from payments import by_hand
from payments.office import access, comparing, figures, hand, invoices, returning
from payments.viewsets import MerchantAccountViewSet

register_snippet(MerchantAccountViewSet)


@hooks.register("register_admin_menu_item")
def payments_menu_item() -> MenuItem:
    """Money."""
    return MenuItemFor(
        _("Payments"),
        reverse("payments_index"),
        icon_name="clipboard-list",
        name="payments",
        order=60,
        shown_to=holders_of(*access.READERS),
    )


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    """The cash desk."""
    return MenuItemFor(
        _("Cash desk"),
        reverse("payments_desk"),
        icon_name="pick",
        name="cash-desk",
        order=61,
        shown_to=holders_of(*by_hand.DESK),
    )


@hooks.register("register_admin_menu_item")
def calls_menu_item() -> MenuItem:
    """What was exchanged with payment systems, for support, who sees no money."""
    return MenuItemFor(
        _("Log of payment calls"),
        reverse("payments_calls"),
        icon_name="history",
        name="payment-calls",
        order=62,
        shown_to=holders_of(Role.SUPPORT, but_not=access.READERS),
    )


@hooks.register("insert_global_admin_css")
def office_css() -> str:
    """Styles of the room's pages."""
    return format_html('<link rel="stylesheet" href="{}">', static("payments/css/office.css"))


@hooks.register("register_admin_urls")
def payments_urls() -> list[Any]:
    """`/admin/payments/…`"""
    return [
        path("payments/", invoices.index, name="payments_index"),
        path("payments/new/", invoices.issue, name="payments_issue"),
        path("payments/refunds/", returning.index, name="payments_refunds"),
        path("payments/refunds/<uuid:uuid>/<slug:verb>/", returning.decide, name="payments_refund"),
        path("payments/transfers/", hand.transfers, name="payments_transfers"),
        path("payments/transfers/statement/", hand.import_statement, name="payments_statement"),
        path("payments/transfers/<int:pk>/", hand.match_line, name="payments_match"),
        path("payments/desk/", hand.desk, name="payments_desk"),
        path("payments/desk/enter/", hand.enter_cash, name="payments_enter_cash"),
        path("payments/desk/<uuid:uuid>/<slug:verb>/", hand.decide_cash, name="payments_cash"),
        path("payments/differences/", comparing.differences, name="payments_differences"),
        path("payments/differences/compare/", comparing.compare, name="payments_compare"),
        path(
            "payments/differences/<int:pk>/<slug:verb>/",
            comparing.decide,
            name="payments_difference",
        ),
        path("payments/calls/", comparing.calls, name="payments_calls"),
        path("payments/calls/<int:pk>/", comparing.call, name="payments_call"),
        path("payments/figures/", figures.figures, name="payments_figures"),
        path("payments/movements.<slug:ending>", figures.export, name="payments_movements"),
        path("payments/totals.<slug:ending>", figures.export_totals, name="payments_totals"),
        path("payments/<uuid:uuid>/", invoices.detail, name="payments_detail"),
        path("payments/<uuid:uuid>/refund/", returning.ask, name="payments_ask_refund"),
        path("payments/<uuid:uuid>/<slug:kind>.pdf", invoices.pdf, name="payments_pdf"),
    ]
