"""Appeals from the public site: with the account's name or without one, and a broken term reported."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, User
from casework import access, appeals, complaints, selectors
from casework.models import Kind, ServiceRequest
from casework.transitions import InvalidTransition
from core.http import see_other
from core.texts import pick
from forms.guarding import HONEYPOT, LEAST_TIME
from languages import registry
from operations.throttle import limit, slow_down

#: The appeal that this browser sent last: shown once more on its slip, never by address.
_SENT = "casework:appeal"
_SALT = "casework.appeal"
#: How long a page may lie open before it is sent.
_LONGEST = timedelta(days=1)
PORTAL = "portal"


def _language() -> str:
    return get_language() or registry.SOURCE


class AppealForm(forms.Form):
    """What somebody writes. `name` is asked only of whoever is signed in."""

    about = forms.ChoiceField(label=gettext_lazy("To whom"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in appeals.KINDS]
    )
    text = forms.CharField(
        label=gettext_lazy("What you write"),
        max_length=appeals.MOST_TEXT,
        min_length=appeals.SHORTEST_TEXT,
    )
    signed = forms.ChoiceField(
        label=gettext_lazy("With your name?"), required=False,
        choices=[("yes", gettext_lazy("With my name: I get an answer")),
                 ("no", gettext_lazy("Without a name: it is kept, nobody answers"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {agency.key: agency for agency in appeals.addressees()}
        bodies = sorted(
            ((key, pick(agency.name, _language())) for key, agency in self.agencies.items()),
            key=lambda pair: pair[1],
        )
        about: Any = self.fields["about"]
        about.choices = [("", _("Choose")), (PORTAL, _("About the portal itself")), *bodies]

    def agency(self) -> Agency | None:
        """The body chosen; None for the portal."""
        return self.agencies.get(self.cleaned_data["about"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The page of appeals; 303 to the slip."""
    if request.method != "POST":
        start = {"about": request.GET.get("about", ""), "kind": Kind.COMPLAINT, "signed": "yes"}
        return _page(request, AppealForm(initial=start))
    if request.POST.get(HONEYPOT):
        raise PermissionDenied
    form = AppealForm(request.POST)
    token = _token(request)
    if not token:
        form.add_error(None, _("The page was open too long or too short. Send it once more."))
    if not form.is_valid():
        return _page(request, form, status=400)
    signed = request.user.is_authenticated and form.cleaned_data["signed"] != "no"
    _count(request)
    try:
        row = appeals.send(
            appeals.Appeal(
                kind=Kind(form.cleaned_data["kind"]),
                agency=form.agency(),
                text=form.cleaned_data["text"].replace("\x00", ""),
                language=_language(),
                user=request.user if signed and isinstance(request.user, User) else None,
                token=token,
            )
        )
    except LookupError:
        form.add_error(None, _("Appeals cannot be taken now. Try again later."))
        return _page(request, form, status=503)
    if signed:
        return see_other("casework:receipt", row.uuid)
    request.session[_SENT] = str(row.uuid)
    return see_other("casework:appeal_sent")


def _page(request: HttpRequest, form: AppealForm, status: int = 200) -> HttpResponse:
    errors = [
        {"anchor": name, "label": form.fields[name].label, "message": message}
        if name in form.fields
        else {"anchor": "", "label": "", "message": message}
        for name, messages in form.errors.items()
        for message in messages
    ]
    about = form["about"].value()
    context = {
        "form": form,
        "errors": errors,
        "about_portal": about == PORTAL,
        "token": signing.dumps(secrets.token_urlsafe(12), salt=_SALT),
        "signed_in": request.user.is_authenticated,
        "sign_in": f"{reverse('account_login')}?next={request.get_full_path()}",
        "most_text": appeals.MOST_TEXT,
    }
    return render(request, "casework/appeal.html", context, status=status)


def _token(request: HttpRequest) -> str:
    """The token of a page that a person had time to fill in; "" for any other."""
    given = request.POST.get("opened", "")[:200]
    try:
        nonce = signing.loads(given, salt=_SALT, max_age=_LONGEST)
    except signing.BadSignature:
        return ""
    quick = not request.user.is_authenticated and _is_quick(given)
    return "" if quick else f"appeal-{nonce}"[:40]


def _is_quick(given: str) -> bool:
    try:
        signing.loads(given, salt=_SALT, max_age=LEAST_TIME)
    except signing.SignatureExpired:
        return False
    return True


def _count(request: HttpRequest) -> None:
    """An account or a browser sends so many; an address that sends more is slowed down."""
    if request.user.is_authenticated:
        limit("appeal", str(request.user.pk), "10/d")
        return
    address = str(get_adapter(request).get_client_ip(request))
    # The cookie of the token is there before any session is.
    limit("appeal", f"browser-{request.META.get('CSRF_COOKIE') or address}", "5/h,10/d")
    slow_down("appeal", address, "20/h")


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The slip of an appeal without a name: number and code, for this browser alone."""
    rows = ServiceRequest.objects.select_related("agency").filter(is_anonymous=True)
    row = get_object_or_404(rows, uuid=request.session.get(_SENT, UUID(int=0)))
    context = {
        "row": row,
        "agency": pick(row.agency.name, _language()),
        "heading": _("The appeal was registered"),
    }
    return render(request, "casework/appeal_sent.html", context)


@login_required
@never_cache
@require_POST
def report_delay(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One press on a late request: the body that controls is told. 303 to its receipt."""
    user = request.user
    assert isinstance(user, User)
    row = get_object_or_404(selectors.requests_of(user), uuid=uuid)
    limit("complain", str(user.pk), "10/d")
    try:
        made = complaints.report_delay(row, user, _language())
    except InvalidTransition:
        return see_other("casework:request", row.uuid)
    return see_other("casework:receipt", made.uuid)


@never_cache
@require_POST
def report_by_code(request: HttpRequest) -> HttpResponse:
    """The same for whoever holds number and code; nothing personal is shown."""
    number, code = (request.POST.get(name, "")[:64].strip() for name in ("number", "code"))
    row = access.find(number, code)
    if row is None:
        context: dict[str, Any] = {"number": number}
        context["error"] = _("There is no request with this number and code.")
        return render(request, "casework/status.html", context, status=404)
    limit("complain", f"request-{row.pk}", "5/d")
    context = {"about": row}
    try:
        made = complaints.report_delay(row, None, row.language)
    except InvalidTransition:
        context["none"] = True
        return render(request, "casework/reported.html", context, status=409)
    context |= {"row": made, "agency": pick(made.agency.name, _language())}
    return render(request, "casework/reported.html", context)
