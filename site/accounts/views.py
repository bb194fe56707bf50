"""The applicant's profile."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.phones import spaced_phone
from accounts.profile_forms import ProfileForm
from accounts.readers import reader_of
from accounts.recovery import UNDER_WAY
from accounts.recovery_models import Recovery
from accounts.selectors import invitations_for, mandates_of, profile_of


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """`accounts/` itself: the profile."""
    return redirect("profile")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the profile; contacts and the password have pages of their own."""
    user = reader_of(request)
    own = profile_of(user)
    form = ProfileForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    context = {
        "form": form,
        "phone": spaced_phone(user.phone or ""),
        "waiting_email": EmailAddress.objects.filter(user=user, verified=False).first(),
        "recovery": Recovery.objects.filter(user=user, state__in=UNDER_WAY).exists(),
        "notices": spaced_phone(own.notice_phone),
        "pinfl_end": own.pinfl[-4:],
        "mandates": mandates_of(user),
        "invitations": invitations_for(user),
    }
    return render(request, "account/profile.html", context)


class RemovePasskey(RemoveWebAuthnView):
    """Take a passkey away; staff keep one factor at least (allauth asks only about apps)."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why it stays."""
        adapter = get_mfa_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)
