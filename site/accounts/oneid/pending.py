"""A person whom OneID has verified and who has not yet said what to do: kept in the session.

Encrypted, since sessions lie in the database; gone after ten minutes and with each answer.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from accounts.oneid.identity import Identity
from core.fields import key_ring

SECONDS = 10 * 60
_KEY = "oneid_pending"


@dataclass(frozen=True)
class Pending:
    """The person, and where they were going."""

    identity: Identity
    next_url: str


def keep(request: HttpRequest, identity: Identity, next_url: str) -> None:
    """Remember who came back from OneID."""
    text = json.dumps({"identity": identity.as_dict(), "next": next_url, "at": time.time()})
    request.session[_KEY] = key_ring().encrypt(text.encode()).decode()


def look(request: HttpRequest) -> Pending | None:
    """Who came back from OneID in this session, not longer ago than ten minutes."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, str):
        return None
    try:
        data = json.loads(key_ring().decrypt(kept.encode()))
    except InvalidToken:
        return None
    if time.time() - data["at"] > SECONDS:
        forget(request)
        return None
    return Pending(Identity.from_dict(data["identity"]), data["next"])


def forget(request: HttpRequest) -> None:
    """The question is answered."""
    request.session.pop(_KEY, None)
