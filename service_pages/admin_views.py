"""Views of the room in Wagtail's admin."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from service_pages import services
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
    return render(request, "service_pages/admin/start.html", {"form": form, "parent": parent})
