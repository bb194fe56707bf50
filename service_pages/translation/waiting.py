"""While a translation waits for its approver nobody changes its texts, by no address.

The approver approves what was sent. To go on translating, whoever sent it withdraws it, or the
approver sends it back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page
from wagtail_localize.models import Translation
from wagtail_localize.views import edit_translation as localize

from core import tidying
from core.translations import open_translation
from service_pages.translation import views

WAITS = gettext_lazy("The page waits for approval.")
View = Callable[..., HttpResponse]


def may_withdraw(user: Any, page: Page) -> bool:
    """Whether `user` may take the page back from its approver: who sent it, or an approver."""
    return bool(page.workflow_in_progress and page.current_workflow_state.user_can_cancel(user))


def unless_waiting(view: View, *, for_scripts: bool = False) -> View:
    """Refuse a view of wagtail-localize (first argument after the request: a translation).

    409 with the reason for scripts; else the reason as a message above the editor.
    """

    @wraps(view)
    def checked(request: HttpRequest, translation_id: int, **kwargs: Any) -> HttpResponse:
        page = get_object_or_404(Translation, pk=translation_id).get_target_instance()
        if not isinstance(page, Page) or not page.workflow_in_progress:
            return view(request, translation_id=translation_id, **kwargs)
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        if for_scripts:
            return JsonResponse({"detail": str(WAITS)}, status=409)
        messages.error(request, WAITS)
        return redirect("wagtailadmin_pages:edit", page.pk)

    return checked


def saying_what_was_tidied(view: View) -> View:
    """The note beside one saved text names the words that were brought to one spelling of signs."""

    @wraps(view)
    def told(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with tidying.noting() as pairs:
            response: Any = view(request, **kwargs)
        if pairs and getattr(response, "data", None):
            response.data["comment"] = tidying.told(pairs)
        return cast(HttpResponse, response)

    return told


def urls() -> list[URLPattern]:
    """Addresses that stand before wagtail-localize's own (see `wagtail_hooks.admin_urls`)."""
    translate = "localize/translate/<int:translation_id>"
    string = unless_waiting(
        saying_what_was_tidied(localize.edit_string_translation), for_scripts=True
    )
    override = unless_waiting(localize.edit_override, for_scripts=True)
    return [
        path(f"{translate}/strings/<int:string_segment_id>/edit/", string),
        path(f"{translate}/overrides/<int:overridable_segment_id>/edit/", override),
        path(f"{translate}/pofile/upload/", unless_waiting(views.upload_one)),
        path(f"{translate}/machine_translate/", unless_waiting(localize.machine_translate)),
    ]


@hooks.register("before_edit_page", order=-30)
def show_locked(request: HttpRequest, page: Page) -> HttpResponse | None:
    """wagtail-localize's editor without a field to write into, and without its actions."""
    if not page.workflow_in_progress:
        return None
    translation = open_translation(page)
    if translation is None:
        return None
    if request.method != "GET":
        messages.error(request, WAITS)
        return redirect("wagtailadmin_pages:edit", page.pk)
    shown: Any = page.specific
    # Never saved: what the editor is told.
    shown.locked, shown.may_withdraw = True, may_withdraw(request.user, page)
    response: HttpResponse = localize.edit_translation(request, translation, shown)
    return response


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, page_pk: int) -> HttpResponse:
    """Take a translation back from its approver to go on with it. 403 for others."""
    page = get_object_or_404(Page, pk=page_pk).specific
    if open_translation(page) is None or not may_withdraw(request.user, page):
        raise PermissionDenied
    if request.method == "POST":
        page.current_workflow_state.cancel(user=request.user)
        messages.success(request, _("Withdrawn. You can change the texts again."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return render(
        request,
        "service_pages/admin/withdraw.html",
        {
            "page": page,
            "page_title": _("Withdraw from approval"),
            "page_subtitle": page.locale.get_display_name(),
            "header_icon": "undo",
        },
    )
