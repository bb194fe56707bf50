"""What search adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.search import SearchView
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.menus import MenuItemFor
from search import admin_views
from search.viewsets import PromotionViewSet, SynonymsViewSet

# The head of Wagtail's list of found pages says what is counted, and without these "None".
SearchView.verbose_name = Page._meta.verbose_name
SearchView.verbose_name_plural = Page._meta.verbose_name_plural

register_snippet(SynonymsViewSet)
register_snippet(PromotionViewSet)


@hooks.register("register_reports_menu_item")
def queries_menu_item() -> MenuItem:
    """The report among Wagtail's own."""
    return MenuItemFor(
        _("What people search"),
        reverse("search_queries"),
        icon_name="search",
        order=900,
        shown_to=admin_views.may_see,
    )


@hooks.register("register_admin_urls")
def report_urls() -> list[URLPattern | Any]:
    """`/admin/search-queries/`"""
    return [path("search-queries/", admin_views.queries, name="search_queries")]
