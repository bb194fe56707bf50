"""The second factor that staff must have: proof in the session, and the way to it without."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from accounts.models import User

#: An app on the telephone, or a passkey. Recovery codes only stand in for one of them.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
#: How long a proof of the second factor lasts: a working day.
PROOF_SECONDS = 12 * 60 * 60
LEAVING = ("account_logout", "wagtailadmin_logout")
#: What staff without a second factor reach: the pages that set one up, and the way out.
SETTING_UP = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "account_again",
        *LEAVING,
    }
)
#: What staff reach in a session in which the second factor was not shown: a password that leaked
#: must not be enough to add a factor of the thief's own.
SHOWING = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn", *LEAVING})


def needs_factor(user: Any) -> bool:
    """Whether an account may do nothing without a second factor: staff and administrators."""
    return bool(user.is_staff or user.is_superuser)


def has_factor(user: User) -> bool:
    """Whether an account has an app or a passkey."""
    return bool(is_mfa_enabled(user, types=list(FACTORS)))


def is_proven(request: HttpRequest) -> bool:
    """Whether the second factor was shown in this session, within PROOF_SECONDS.

    The age is looked at when pages are opened, not when forms are sent: nobody loses a long
    answer to the clock.
    """
    if not request.user.is_authenticated:
        return False
    proofs = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa"
    ]
    fresh = bool(proofs) and time.time() - max(proofs) < PROOF_SECONDS
    return fresh or bool(proofs and request.method not in {"GET", "HEAD"})


def detour(request: HttpRequest) -> HttpResponse | None:
    """Where staff are sent instead of the page they asked for, or None where they may go on."""
    user = request.user
    if not isinstance(user, User) or not needs_factor(user) or is_proven(request):
        return None
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return None
    ready = has_factor(user)
    if name in (SHOWING if ready else SETTING_UP):
        return None
    if not ready:
        return redirect("mfa_index")
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    only_keys = not is_mfa_enabled(user, types=[Authenticator.Type.TOTP])
    page = reverse("mfa_reauthenticate_webauthn" if only_keys else "mfa_reauthenticate")
    return redirect(f"{page}?{urlencode(back)}" if back else page)


def is_last_factor(authenticator: Authenticator) -> bool:
    """Whether an account would have no second factor without this one."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


@transaction.atomic
def give_app(user: User, secret: str) -> None:
    """Give an account an authenticator app with a key (base32) and recovery codes; only once."""
    if not is_mfa_enabled(user, types=[Authenticator.Type.TOTP]):
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)


def _on_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting a factor up shows that one has it: the session need not ask for it again."""
    if authenticator.type in FACTORS:
        record_authentication(
            request, user, method="mfa", id=authenticator.pk, type=authenticator.type
        )


def connect() -> None:
    """Follow allauth's signals; called once, when the room is ready."""
    authenticator_added.connect(_on_added, dispatch_uid="accounts.second_factor")
