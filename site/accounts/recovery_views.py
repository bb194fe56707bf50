"""At the counter: somebody lost the telephone by which they sign in. Two people look at it."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import recovery
from accounts.counter_views import AT_THE_COUNTER, may_confirm
from accounts.form_parts import ContactField, contact_of_field
from accounts.models import Agency, User
from accounts.numbers import is_pinfl
from accounts.phones import PhoneField, covered
from accounts.recovery_models import Recovery
from accounts.selectors import agencies_of
from core.own_language import in_own_language
from operations.throttle import limit


class AskForm(forms.Form):
    """What the person says and shows."""

    login = ContactField()
    full_name = forms.CharField(
        label=gettext_lazy("Full name as on the identity card"), max_length=150
    )
    pinfl = forms.CharField(
        label=gettext_lazy("Personal number on the identity card (PINFL)"), max_length=40
    )
    phone = PhoneField(label=gettext_lazy("New phone number"))
    proof = forms.CharField(
        label=gettext_lazy("What you saw"),
        max_length=300,
        help_text=gettext_lazy(
            "Kind and number of the identity card; the paper of the operator that shows whose the "
            "lost number was."
        ),
    )

    def __init__(self, agencies: list[Agency], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Lost phone, or the e-mail of the account")
        if len(agencies) > 1:
            self.fields["agency"] = forms.ChoiceField(
                label=_("Agency"), choices=[(one.key, str(one)) for one in agencies[:200]]
            )

    def clean_pinfl(self) -> str:
        """14 digits that can be a personal number. Raises ValidationError."""
        number = re.sub(r"\D", "", self.cleaned_data["pinfl"])
        if not is_pinfl(number):
            raise forms.ValidationError(
                _(
                    "There is a mistake in the personal number. "
                    "Copy it again from the back of the ID card."
                )
            )
        return number

    def clean(self) -> dict[str, Any]:
        """`contact` as E.164 or an e-mail in small letters."""
        data = super().clean() or {}
        if data.get("login"):
            data["contact"] = contact_of_field(self, data["login"])[1]
        return data


def _why(reason: str) -> str:
    match reason:
        case "own":
            return _("Another person decides this.")
        case "taken":
            return _("The new phone opens another account.")
        case "under_way":
            return _("This is under way already, or decided.")
    return _("No account fits these data.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
@reauthentication_required(allow_get=True)
def counter(request: HttpRequest) -> HttpResponse:
    """Ask, take the code of the new phone, approve or refuse what a colleague asked."""
    user = request.user
    if not may_confirm(user) or not isinstance(user, User):
        raise PermissionDenied
    agencies = list(agencies_of(user, *AT_THE_COUNTER))
    action = request.POST.get("action", "")
    form = AskForm(agencies, request.POST if action == "ask" else None)
    rows = Recovery.objects.filter(agency__in=agencies, state__in=recovery.UNDER_WAY)
    try:
        if action == "ask" and form.is_valid():
            _ask(request, user, agencies, form.cleaned_data)
            return redirect("accounts_recovery")
        if request.method == "POST" and action != "ask":
            _act(request, user, rows, action)
            return redirect("accounts_recovery")
    except recovery.Refused as refused:
        messages.error(request, _why(refused.reason))
    context = {
        "form": form,
        "rows": [
            {"row": row, "phone": covered(row.phone), "own": row.asked_by_id == user.pk}
            for row in rows.select_related("asked_by", "agency").order_by("pk")[:50]
        ],
    }
    status = 400 if form.errors else 200
    return render(request, "accounts/admin/recovery.html", context, status=status)


def _ask(request: HttpRequest, user: User, agencies: list[Agency], data: dict[str, Any]) -> None:
    limit("recovery-look", str(user.pk), "20/h")
    account = recovery.find(data["contact"], data["full_name"], data["pinfl"])
    agency = next((one for one in agencies if one.key == data.get("agency")), agencies[0])
    _row, code = recovery.ask(user, agency, account, data["phone"], data["proof"])
    get_adapter(request).send_verification_code_sms(None, data["phone"], code)
    messages.success(request, _("A code went to the new phone. The person reads it to you."))


def _act(request: HttpRequest, user: User, rows: Any, action: str) -> None:
    row = get_object_or_404(rows, uuid=_uuid(request.POST.get("uuid", "")))
    if action == "prove":
        if recovery.prove(user, row, request.POST.get("code", "")[:12]):
            messages.success(request, _("The phone is proven. A second person decides."))
        else:
            messages.error(request, _("The code is wrong or too old."))
    elif action == "approve":
        done = recovery.approve(user, row)
        if done.state == Recovery.State.DONE:
            messages.success(request, _("The new phone is in the account."))
        else:
            messages.success(
                request, _("Approved. It takes effect in three days, unless the owner refuses.")
            )
    elif action == "refuse":
        recovery.refuse(user, row)
        messages.success(request, _("Done."))
    else:
        raise Http404


def _uuid(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f-]{36}", text):
        raise Http404
    return text


@require_safe
def lost(request: HttpRequest) -> HttpResponse:
    """For whoever lost the phone: OneID, the e-mail, or the counter."""
    return render(request, "accounts/lost.html")


@login_required
@require_POST
def refuse_own(request: HttpRequest) -> HttpResponse:
    """The owner of an account says that nobody should put another phone into it."""
    for row in Recovery.objects.filter(user=request.user, state__in=recovery.UNDER_WAY):
        recovery.refuse(request.user, row)  # type: ignore[arg-type]
        messages.success(
            request, _("Nobody changes your phone. Tell us if you did not ask for it.")
        )
    return redirect("profile")
