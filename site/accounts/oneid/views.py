"""The way to OneID and back, and the question to a person who is new here."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.oneid import client, identity, pending, services
from accounts.oneid.client import OneIDError
from accounts.oneid.provider import OneIDProvider, callback_url, uid_of
from accounts.rates import FAILURES_OF_AN_ADDRESS, ONEID_RATES
from operations.throttle import limit, slow_down

logger = logging.getLogger(__name__)


def _provider(request: HttpRequest) -> OneIDProvider:
    if not client.configured():
        raise Http404
    provider = get_adapter(request).get_provider(request, OneIDProvider.id)
    assert isinstance(provider, OneIDProvider)
    return provider


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Say what happens, then send the browser to OneID."""
    provider = _provider(request)
    next_url = get_next_redirect_url(request) or ""
    if request.method == "POST":
        if request.session.session_key:
            limit("oneid-start", request.session.session_key, ONEID_RATES)
        process = AuthProcess.CONNECT if request.user.is_authenticated else AuthProcess.LOGIN
        return provider.redirect(request, process, next_url or None)
    return render(request, "oneid/start.html", {"next": next_url})


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from OneID. A way back that this session did not begin opens nothing."""
    provider = _provider(request)
    try:
        state = provider.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied:
        return _failed(request, "state", {})
    language = state.get("language")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
    if state.get("user") != request.user.pk:
        return _failed(request, "state", state)
    limit("oneid-back", request.session.session_key or "", ONEID_RATES)
    code = request.GET.get("code", "")
    if not code or len(code) > 2000:
        return _failed(request, "cancelled", state)
    try:
        person = identity.read(client.fetch_profile(code, callback_url(request)))
    except OneIDError as error:
        address = account_adapter(request).get_client_ip(request)
        slow_down("oneid-failed", address, FAILURES_OF_AN_ADDRESS)
        return _failed(request, error.reason, state)
    login = provider.sociallogin_from_response(request, person)
    login.state = state
    login.identity = person
    return complete_social_login(request, login)


def _failed(request: HttpRequest, reason: str, state: dict[str, Any]) -> HttpResponse:
    """A plain message where the person set out; nothing is left behind."""
    logger.info("oneid sign-in failed: %s", reason)
    messages.error(request, _message(reason))
    if request.user.is_authenticated:
        return redirect("profile")
    query = urlencode({"next": state["next"]}) if state.get("next") else ""
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))


def _message(reason: str) -> str:
    match reason:
        case "state":
            return _("This sign-in was begun elsewhere or too long ago. Please begin again.")
        case "cancelled":
            return _("You came back from OneID without signing in.")
        case "slow" | "down":
            return _(
                "OneID does not answer just now. Try again later, or sign in with your phone or "
                "e-mail."
            )
        case "unverified":
            return _(
                "OneID has not verified who you are yet. Finish that at OneID, or sign in with "
                "your phone or e-mail."
            )
        case "no_pinfl":
            return _(
                "OneID did not pass on your personal number (PINFL), so we cannot know you by it. "
                "Sign in with your phone or e-mail."
            )
    return _("OneID did not confirm the sign-in. Please begin again.")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask a person whose OneID is new here: a new account, or one that they have."""
    waiting = pending.look(request)
    if waiting is None:
        return redirect("profile" if request.user.is_authenticated else "account_login")
    if request.method != "POST":
        return render(request, "oneid/join.html", {"person": waiting.identity})
    pending.forget(request)
    action = request.POST.get("action")
    user = request.user
    if action == "link" and isinstance(user, User):
        return _link(request, user, waiting)
    if action == "new" and not isinstance(user, User):
        return _open(request, waiting)
    return redirect("profile" if isinstance(user, User) else "account_login")


def _link(request: HttpRequest, user: User, waiting: pending.Pending) -> HttpResponse:
    try:
        services.link(user, waiting.identity)
    except services.LinkedElsewhere:
        messages.error(
            request,
            _(
                "This could not be linked: the account has another OneID, or this OneID has "
                "another account. Sign in with OneID to reach that one."
            ),
        )
    else:
        messages.success(request, _("OneID is linked to your account."))
    return redirect(waiting.next_url or "profile")


def _open(request: HttpRequest, waiting: pending.Pending) -> HttpResponse:
    """Make the account; whoever pressed twice is signed in to the first one."""
    try:
        user = services.open_account(waiting.identity, translation.get_language() or "uz")
    except services.LinkedElsewhere:
        found = services.account_of(waiting.identity)
        if found is None:
            raise
        user = found
    record_authentication(
        request, user, "socialaccount", provider=OneIDProvider.id, uid=uid_of(waiting.identity)
    )
    return perform_login(
        request,
        user,
        email_verification="none",
        redirect_url=waiting.next_url or None,
    )
