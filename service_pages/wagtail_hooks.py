"""What services add to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_localize.wagtail_hooks import page_listing_more_buttons

from accounts.menus import MenuItemFor
from core.models import BasePage
from service_pages.admin_views import send_translation, start_from_similar
from service_pages.models import AgencyPage, Office
from service_pages.permissions import OfficePermissionPolicy
from service_pages.rights import may_send_translation
from service_pages.tenancy import choosers, files, reports  # noqa: F401  their hooks
from service_pages.translation import desk, guard, waiting
from service_pages.translation.urls import urlpatterns as translation_urls
from service_pages.viewsets import CatalogueGroup, passport_listing

# Before the snippet is registered: Wagtail keeps the first policy it meets.
register_permission_policy(Office, OfficePermissionPolicy(Office))
register_snippet(CatalogueGroup)


@hooks.register("register_admin_viewset")
def passports() -> ViewSet:
    """The list of passports."""
    return passport_listing


# Before wagtail-localize's: some of its addresses are ours.
@hooks.register("register_admin_urls", order=-10)
def admin_urls() -> list[URLPattern | URLResolver]:
    """Addresses of the room in the admin."""
    return [
        *guard.urls(),
        *waiting.urls(),
        path("translations/", include(translation_urls)),
        path("services/start/<int:parent_pk>/", start_from_similar, name="service_pages_start"),
        path("translations/approve/<int:page_pk>/", send_translation, name="service_pages_send"),
        path(
            "translations/withdraw/<int:page_pk>/",
            waiting.withdraw,
            name="service_pages_withdraw",
        ),
    ]


@hooks.register("register_admin_menu_item")
def desk_menu() -> MenuItem:
    """Beside the pages."""
    return MenuItemFor(
        gettext_lazy("Translations"),
        reverse("service_pages_translations"),
        name="translations",
        icon_name="globe",
        order=150,
        shown_to=desk.may_use,
    )


def _start_buttons(page: Page) -> Iterator[Button]:
    if page.specific_class is AgencyPage:
        yield Button(
            gettext_lazy("Start from a similar service"),
            reverse("service_pages_start", args=[page.pk]),
            icon_name="copy",
            priority=25,
        )


def _translation_button(page: Page) -> Iterator[Button]:
    """wagtail-localize asks the database for each row whether to offer anything; the desk knows."""
    if page.depth > 1:
        yield Button(
            gettext_lazy("Translations"),
            f"{reverse('service_pages_translations')}?page_of={page.pk}",
            icon_name="globe",
            priority=60,
        )


@hooks.register("register_page_listing_more_buttons")
def listing_button(
    page: Page, user: Any, next_url: str | None = None, **kwargs: Any
) -> Iterator[Button]:
    """Under an agency a new service can start from a similar one; where its translations are."""
    yield from _start_buttons(page)
    yield from _translation_button(page)


@hooks.register("register_page_header_buttons")
def header_button(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """The same on the agency's own page in the editor; a translation is sent for approval."""
    yield from _start_buttons(page)
    yield from _translation_button(page)
    if may_send_translation(user, page):
        yield Button(
            gettext_lazy("Send the translation for approval"),
            reverse("service_pages_send", args=[page.pk]),
            icon_name="check",
            priority=15,
        )


@hooks.register("construct_page_action_menu")
def nobody_publishes_alone(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Staff send a page for approval; only administrators have a button that publishes."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name != "action-publish"]


@hooks.register("before_publish_page", order=-10)
def refuse_publishing_alone(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Keep what an approver wrote as a draft: another person approves it."""
    if request.user.is_superuser:
        return None
    messages.error(request, _("Saved as a draft. Send it for approval: another person publishes."))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_publish_page")
def name_what_is_missing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Keep the draft and list what it lacks, instead of an error page."""
    if not isinstance(page, BasePage):
        return None
    problems = page.publish_problems()
    if not problems:
        return None
    messages.error(
        request,
        _("Saved as a draft. Not published, because something is missing:")
        + " "
        + " ".join(str(problem.message) for problem in problems),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


# Their place is taken by `_translation_button`.
guard.without_hook("register_page_listing_more_buttons", page_listing_more_buttons)
guard.without_hook("register_page_header_buttons", page_listing_more_buttons)
