"""One-time codes of our own: six digits to a phone or an e-mail, kept as a digest, guessed seldom.

Sign-in, registration and new contacts have allauth's. These are for the rest: showing once more
that it is you, letting somebody's notices come to a phone, agreeing to a mandate.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.rates import CODE_RATES, GUESS_RATES
from operations.crypto import blind_index
from operations.throttle import limit

#: How long a code may be used.
SECONDS = 10 * 60
_KEY = "own_codes"


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def digest_of(purpose: str, salt: str, code: str) -> str:
    """What is kept of a code. `salt` ties it to one session, row or sending."""
    return blind_index(f"code:{purpose}:{salt}:{code}")


def fits(purpose: str, salt: str, digest: str, typed: str) -> bool:
    """Whether the code that somebody typed is the one; each guess counts. Raises TooMany."""
    limit("guess", f"{purpose}:{digest}", GUESS_RATES)
    code = "".join(sign for sign in typed if sign.isdigit())
    return bool(digest) and constant_time_compare(digest, digest_of(purpose, salt, code))


@dataclass(frozen=True)
class Waiting:
    """A code that this session sent: to which contact, and what was noted beside it."""

    contact: str
    note: str


def send(request: HttpRequest, purpose: str, kind: str, contact: str, note: str = "") -> None:
    """Send a code and remember its digest in the session. `kind` is `phone` or `email`.

    Raises TooMany beyond the codes of a contact; ImmediateHttpResponse where nothing can be sent.
    """
    limit("code", contact, CODE_RATES)
    code, salt = new_code(), secrets.token_hex(8)
    kept = {
        "digest": digest_of(purpose, salt, code),
        "salt": salt,
        "at": time.time(),
        "contact": contact,
        "note": note,
    }
    request.session[_KEY] = {**request.session.get(_KEY, {}), purpose: kept}
    adapter = get_adapter(request)
    if kind == "phone":
        adapter.send_code_sms(purpose, contact, code, note)
    else:
        adapter.send_mail("account/email/own_code", contact, {"code": code})


def pretend(request: HttpRequest, purpose: str, whom: str) -> None:
    """As if a code had been sent: the page looks alike where there is nobody to send it to.

    `whom` stands for the contact that there is none of: its codes are counted like those of one.
    Raises TooMany.
    """
    limit("code", whom, CODE_RATES)
    kept = {
        "digest": digest_of(purpose, secrets.token_hex(8), new_code()),
        "salt": secrets.token_hex(8),
        "at": time.time(),
        "contact": "",
        "note": "",
    }
    request.session[_KEY] = {**request.session.get(_KEY, {}), purpose: kept}


def waiting(request: HttpRequest, purpose: str) -> Waiting | None:
    """The code that waits to be typed in this session; None where none does, or it is too old."""
    kept = request.session.get(_KEY, {}).get(purpose)
    if not kept or time.time() - kept["at"] > SECONDS:
        return None
    return Waiting(kept["contact"], kept["note"])


def confirm(request: HttpRequest, purpose: str, typed: str) -> Waiting | None:
    """What the code was sent for, once, where it fits; None otherwise. Raises TooMany."""
    found = waiting(request, purpose)
    if found is None:
        return None
    kept = request.session[_KEY][purpose]
    if not fits(purpose, kept["salt"], kept["digest"], typed):
        return None
    forget(request, purpose)
    return found


def forget(request: HttpRequest, purpose: str) -> None:
    """The code counts no more."""
    rest = {name: kept for name, kept in request.session.get(_KEY, {}).items() if name != purpose}
    request.session[_KEY] = rest
