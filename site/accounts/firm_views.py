"""Pages of a firm for its people."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import firms
from accounts.mandate_forms import RequisitesForm
from accounts.models import Organization
from accounts.readers import reader_of
from operations.throttle import limit


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requisites(request: HttpRequest, stir: str) -> HttpResponse:
    """Address and account of the firm; for whoever does not speak for it there is no such page."""
    user = reader_of(request)
    organization = get_object_or_404(Organization, stir=stir)
    if not firms.speaks_for(user, organization):
        raise Http404
    form = RequisitesForm(request.POST or None, initial=_now(organization))
    if request.method == "POST" and form.is_valid():
        limit("requisites", str(organization.pk), "30/d")
        firms.change_requisites(user, organization, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("mandates")
    context = {"organization": organization, "form": form}
    status = 400 if form.errors else 200
    return render(request, "accounts/firm_requisites.html", context, status=status)


def _now(organization: Organization) -> dict[str, str]:
    return {name: getattr(organization, name) for name in firms.REQUISITES}
