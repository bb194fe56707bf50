"""One's own account: where messages go, who else's come here, what is kept, closing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import again, closing, codes, kept, notice_phones
from accounts.code_forms import OwnCodeForm
from accounts.form_parts import NO_ANSWER
from accounts.phones import PhoneField, spaced_phone
from accounts.readers import reader_of
from accounts.selectors import profile_of
from operations.throttle import TooMany

_PURPOSE = "notices"


class NoticePhoneForm(forms.Form):
    """Another phone for messages."""

    phone = PhoneField(
        label=gettext_lazy("Phone of a relative"), error_messages={"required": NO_ANSWER}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_phone(request: HttpRequest) -> HttpResponse:
    """Where one's messages go, and whose messages come to one's own phone."""
    user, action = reader_of(request), request.POST.get("action", "")
    phone_form = NoticePhoneForm(request.POST if action == "ask" else None)
    code_form = OwnCodeForm.of(request.POST)
    status = 200
    try:
        if action == "ask" and phone_form.is_valid():
            phone = phone_form.cleaned_data["phone"]
            codes.send(request, _PURPOSE, "phone", phone, str(user))
        elif action == "confirm" and code_form.is_valid():
            found = codes.confirm(request, _PURPOSE, code_form.cleaned_data["code"])
            if found:
                notice_phones.lead(user, found.contact)
                return _saved(request)
            code_form.refuse()
        elif action == "back":
            codes.forget(request, _PURPOSE)
            notice_phones.lead_back(profile_of(user), user)
            return _saved(request)
        elif action == "stop":
            number = request.POST.get("pk", "")
            rows = notice_phones.led_to(user)
            known = number.isascii() and number.isdigit() and len(number) < 19
            notice_phones.lead_back(get_object_or_404(rows, pk=number if known else 0), user)
            return _saved(request)
        elif request.method == "POST" and action not in {"ask", "confirm"}:
            raise Http404
    except TooMany as error:
        messages.error(request, str(error))
        status = 429
    except notice_phones.TooManyPeople:
        messages.error(request, _("Messages of many people come to this phone already."))
        status = 400
    waiting = codes.waiting(request, _PURPOSE)
    if phone_form.errors or code_form.errors:
        status = 400
    context = {
        "profile": profile_of(user),
        "now": spaced_phone(notice_phones.of(user)),
        "form": phone_form if phone_form.errors else code_form,
        "phone_form": phone_form,
        "code_form": code_form,
        "waiting": spaced_phone(waiting.contact) if waiting else "",
        "others": list(notice_phones.led_to(user)),
    }
    return render(request, "accounts/notice_phone.html", context, status=status)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("notice_phone")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the portal keeps of people, why, and for how long: from the settings themselves."""
    return render(request, "accounts/privacy.html", {"parts": kept.parts()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@again.required
def close(request: HttpRequest) -> HttpResponse:
    """Close the account: what goes, what stays, what stands against it."""
    user = reader_of(request)
    reasons = closing.hindrances(user)
    context: dict[str, Any] = {"reasons": reasons, "unsure": False}
    if request.method == "POST" and not reasons:
        if request.POST.get("sure") == "1":
            try:
                closing.close(user)
            except closing.Hindered as hindered:
                context["reasons"] = hindered.reasons
            else:
                logout(request)
                return render(request, "accounts/closed.html")
        else:
            context["unsure"] = True
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/close.html", context, status=status)
