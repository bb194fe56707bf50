"""Views of the room in Wagtail's admin."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page

from core.translations import Unfit
from service_pages import rights, services
from service_pages.forms import StartForm
from service_pages.models import AgencyPage


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def start_from_similar(request: HttpRequest, parent_pk: int) -> HttpResponse:
    """A draft of a new service under an agency, filled in from a similar one.

    403 where the editor may not add pages under the agency or see the source.
    """
    parent = get_object_or_404(AgencyPage, pk=parent_pk)
    if not parent.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = form.cleaned_data["source"]
        page = services.start_from(
            source,
            parent,
            key=form.cleaned_data["key"],
            title=form.cleaned_data["title"],
            user=request.user,
        )
        messages.success(request, _("The draft is made. Check every line before you publish it."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return render(
        request,
        "service_pages/admin/start.html",
        {
            "form": form,
            "parent": parent,
            "page_title": _("Start from a similar service"),
            "page_subtitle": parent.title,
            "header_icon": "copy",
        },
    )


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def send_translation(request: HttpRequest, page_pk: int) -> HttpResponse:
    """Send the translation on a page for approval.

    403 where the user may not edit the page, where nothing is translated or it waits already.
    """
    page = get_object_or_404(Page, pk=page_pk).specific
    if not rights.may_send_translation(request.user, page):
        raise PermissionDenied
    if request.method != "POST":
        return render(
            request,
            "service_pages/admin/send.html",
            {
                "page": page,
                "page_title": _("Send the translation for approval"),
                "page_subtitle": page.locale.get_display_name(),
                "header_icon": "check",
            },
        )
    try:
        rights.send_for_approval(page, request.user)
    except Unfit as error:
        error.mark()
        messages.error(request, _("A translated text does not fit its field. Please check it."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    messages.success(request, _("Sent for approval."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)
