"""The page on which accounts without a password show once more that it is them."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import again, codes
from accounts.code_forms import OwnCodeForm
from accounts.oneid import client
from accounts.phones import covered
from accounts.readers import reader_of
from accounts.selectors import confirmed_contacts
from operations.throttle import TooMany

_PURPOSE = "again"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Send a code to a contact of the account and take it; or go by OneID."""
    user, back = reader_of(request), get_next_redirect_url(request) or ""
    if get_reauthentication_flows(user):
        return redirect(again.page(request))
    contact = next(iter(confirmed_contacts(user)), "")
    form, status = OwnCodeForm.of(request.POST), 200
    try:
        if request.POST.get("action") == "send" and contact:
            codes.send(request, _PURPOSE, "email" if "@" in contact else "phone", contact)
        elif form.is_bound and form.is_valid():
            if codes.confirm(request, _PURPOSE, form.cleaned_data["code"]):
                record_authentication(request, user, "code", reauthenticated=True)
                return redirect(back or "profile")
            form.refuse()
    except TooMany as error:
        form = OwnCodeForm({"code": ""})
        form.is_valid()
        form.errors.clear()
        form.add_error(None, str(error))
        status = 429
    context = {
        "form": form,
        "next": back,
        "contact": covered(contact),
        "sent": codes.waiting(request, _PURPOSE) is not None,
        "oneid": client.configured() and SocialAccount.objects.filter(user=user).exists(),
    }
    if form.errors and status == 200:
        status = 400
    return render(request, "accounts/again.html", context, status=status)
