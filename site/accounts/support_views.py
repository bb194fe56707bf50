"""The operator's support in the admin: does everything run, and why does somebody not get in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import support
from accounts.form_parts import ContactField, contact_of_field
from accounts.models import Role
from accounts.readers import reader_of
from accounts.selectors import has_role
from core.own_language import in_own_language
from operations import journal, outbox, readiness
from operations.models import ScheduledWork
from operations.throttle import limit


def for_support(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for the operator's support and administrators. Raises PermissionDenied."""

    @never_cache
    @in_own_language
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.user, Role.SUPPORT):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper


class FindForm(forms.Form):
    """Whose call it is, and why."""

    login = ContactField()
    matter = forms.ChoiceField(label=gettext_lazy("Matter"), choices=support.Matter.choices)
    appeal = forms.CharField(
        label=gettext_lazy("Number of the appeal, if there is one"), required=False, max_length=30
    )

    def clean(self) -> dict[str, Any]:
        """`contact` as E.164 or an e-mail in small letters."""
        data = super().clean() or {}
        if data.get("login"):
            data["contact"] = contact_of_field(self, data["login"])[1]
        return data


@require_safe
@for_support
def index(request: HttpRequest) -> HttpResponse:
    """Which parts answer, which messages are stuck, when recurring work last ran."""
    status, parts = readiness.report()
    words = {"ok": _("All parts answer."), "degraded": _("The portal answers; a part does not."),
             "fail": _("The portal cannot answer.")}  # fmt: skip
    context = {
        "status": status,
        "words": words[status],
        "parts": parts,
        "works": ScheduledWork.objects.order_by("name"),
    } | support.troubled()
    return render(request, "accounts/admin/support.html", context)


@require_POST
@for_support
def send_again(request: HttpRequest) -> HttpResponse:
    """Hand a failed or unknown message over once more: it may come twice, so a person decides."""
    number = request.POST.get("message", "")
    known = number.isascii() and number.isdigit() and len(number) < 19
    if known and outbox.send_again(int(number)):
        journal.append("message sent again", f"message:{number}", actor=request.user)
        messages.success(request, _("It is sent again."))
    else:
        messages.error(request, _("This message needs nothing any more."))
    return redirect("accounts_support")


@require_http_methods(["GET", "HEAD", "POST"])
@for_support
@reauthentication_required(allow_get=True)
def find(request: HttpRequest) -> HttpResponse:
    """An account by the contact that its owner names; each look is written down."""
    user = reader_of(request)
    form = FindForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        limit("support-look", str(user.pk), "60/h")
        data = form.cleaned_data
        found = support.find(user, data["contact"], data["matter"], data["appeal"])
        if found is None:
            messages.info(request, _("No account has this contact."))
        elif request.POST.get("do") == "end":
            ended = support.end_sessions(user, found.user)
            messages.success(request, _("Sessions ended: %(count)s") % {"count": ended})
            found = None
    status = 400 if form.errors else 200
    context = {"form": form, "found": found}
    return render(request, "accounts/admin/support_find.html", context, status=status)
