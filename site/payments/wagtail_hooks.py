"""The room's part of the admin: money for accountants, the cash desk, accounts and keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from accounts.selectors import has_role
from payments import by_hand, office
from payments.viewsets import MerchantAccountViewSet

register_snippet(MerchantAccountViewSet)


class PaymentsMenuItem(MenuItem):
    """Shown to whoever sees money."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader keeps or controls money."""
        return has_role(request.user, *office.READERS)


class DeskMenuItem(MenuItem):
    """Shown to whoever takes money at a counter."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader enters or confirms receipts."""
        return has_role(request.user, *by_hand.DESK)


@hooks.register("register_admin_menu_item")
def payments_menu_item() -> MenuItem:
    """Money."""
    return PaymentsMenuItem(
        _("Payments"), reverse("payments_index"), icon_name="list-ul", name="payments", order=60
    )


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    """The cash desk."""
    return DeskMenuItem(
        _("Cash desk"), reverse("payments_desk"), icon_name="list-ul", name="cash-desk", order=61
    )


@hooks.register("register_admin_urls")
def payments_urls() -> list[Any]:
    """`/admin/payments/…`"""
    return [
        path("payments/", office.index, name="payments_index"),
        path("payments/figures/", office.figures, name="payments_figures"),
        path("payments/movements.<slug:ending>", office.export, name="payments_movements"),
        path("payments/statement/", office.import_statement, name="payments_statement"),
        path("payments/compare/", office.compare, name="payments_compare"),
        path("payments/lines/<int:pk>/", office.match_line, name="payments_match"),
        path("payments/differences/<int:pk>/", office.settle, name="payments_settle"),
        path("payments/desk/", office.desk, name="payments_desk"),
        path("payments/desk/enter/", office.enter_cash, name="payments_enter_cash"),
        path("payments/desk/<uuid:uuid>/<slug:verb>/", office.decide_cash, name="payments_cash"),
        path(
            "payments/refunds/<uuid:uuid>/<slug:verb>/",
            office.decide_refund,
            name="payments_refund",
        ),
        path("payments/<uuid:uuid>/refund/", office.ask_refund, name="payments_ask_refund"),
        path("payments/<uuid:uuid>/", office.detail, name="payments_detail"),
    ]
