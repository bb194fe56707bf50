"""Showing once more that it is you, before something sensitive; and the session that then begins.

allauth asks for a password or a second factor. Most citizens have neither: they sign in with codes
or with OneID, and show it again the same way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.account.signals import authentication_step_completed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

#: Pages of allauth that change how somebody signs in; it asks nothing of accounts without password
#: and second factor.
SENSITIVE = frozenset(
    {
        "account_change_phone",
        "account_email",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
    }
)


#: When this session was signed in to: registering leaves no record of allauth's.
_SIGNED_IN = "signed_in_at"


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person showed who they are in this session within a quarter of an hour."""
    if get_reauthentication_flows(request.user):
        return bool(did_recently_reauthenticate(request))
    records = get_authentication_records(request, request.user)
    latest = max([request.session.get(_SIGNED_IN, 0), *(record["at"] for record in records)])
    return bool(time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT)


def page(request: HttpRequest) -> str:
    """Where it is shown once more, and from there back."""
    name = "account_reauthenticate" if get_reauthentication_flows(request.user) else "account_again"
    back = request.get_full_path() if request.method == "GET" else request.path
    return f"{reverse(name)}?{urlencode({'next': back})}"


def required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask first, where that was not shown lately."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not is_fresh(request):
            return redirect(page(request))
        return view(request, *args, **kwargs)

    return wrapper


def detour(request: HttpRequest, name: str) -> HttpResponse | None:
    """Where somebody is sent before one of allauth's sensitive pages, or None."""
    if name not in SENSITIVE or get_reauthentication_flows(request.user) or is_fresh(request):
        return None
    return redirect(page(request))


def rotate(request: HttpRequest) -> None:
    """Go on in a session with a new key: one that was planted or seen before opens nothing."""
    old = request.session.session_key
    if old is None:
        return
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def _on_step(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """A signed-in person showed more than before; signing in itself begins a new session anyway."""
    if request.user.is_authenticated and request.user.pk == user.pk:
        rotate(request)


def _on_sign_in(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[_SIGNED_IN] = time.time()


def connect() -> None:
    """Follow the signals of signing in; called once, when the room is ready."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="accounts.again")
    authentication_step_completed.connect(_on_step, dispatch_uid="accounts.again")
