"""The calls from server to server: a code for a token, a token for a person, the end of a session.

The facts come from client programs of others, not from an official document: whatever is not as
expected is a failure. Neither the personal number nor a token is ever logged.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings

logger = logging.getLogger(__name__)

#: An answer of a person with many firms is a few thousand bytes.
_MOST_BYTES = 200_000


class OneIDError(Exception):
    """No person came back from OneID; `reason` is a word for the log and for the message."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def configured() -> bool:
    """Whether this house may ask OneID."""
    return bool(settings.ONEID_URL and settings.ONEID_CLIENT_ID and settings.ONEID_CLIENT_SECRET)


def authorize_url(redirect_uri: str, state: str) -> str:
    """Where the browser goes to sign in at OneID."""
    query = {
        "response_type": "one_code",
        "client_id": settings.ONEID_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": settings.ONEID_SCOPE,
        "state": state,
    }
    return f"{settings.ONEID_URL}?{urlencode(query)}"


def fetch_profile(code: str, redirect_uri: str) -> Mapping[str, Any]:
    """What OneID says of the person who holds `code`. Raises OneIDError.

    A code works once: neither call is repeated. The session at OneID is closed afterwards, so
    that the next person at the same device does not sign in as this one.
    """
    token = _call(
        "one_authorization_code", code=code, redirect_uri=redirect_uri, needed="access_token"
    )["access_token"]
    if not isinstance(token, str):
        raise OneIDError("shape")
    try:
        answer = _call(
            "one_access_token_identify", access_token=token, scope=settings.ONEID_SCOPE,
            needed="ret_cd",
        )  # fmt: skip
    finally:
        _log_out(token)
    if str(answer["ret_cd"]) != "0":
        raise OneIDError("refused")
    return answer


def _log_out(token: str) -> None:
    try:
        _call("one_log_out", access_token=token, scope=settings.ONEID_SCOPE, needed="ret_cd")
    except OneIDError as error:
        logger.info("oneid log-out: %s", error.reason)


def _call(grant_type: str, *, needed: str, **fields: str) -> dict[str, Any]:
    """One POST; the answer has the field `needed`. Raises OneIDError."""
    try:
        with requests.post(
            settings.ONEID_URL,
            data={
                "grant_type": grant_type,
                "client_id": settings.ONEID_CLIENT_ID,
                "client_secret": settings.ONEID_CLIENT_SECRET,
                **fields,
            },
            timeout=settings.ONEID_TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = response.raw.read(_MOST_BYTES + 1, decode_content=True)
            if response.status_code >= 500:
                raise OneIDError("down")
            if response.status_code != 200:
                raise OneIDError("refused")
        if len(body) > _MOST_BYTES:
            raise OneIDError("shape")
        answer = requests.compat.json.loads(body)
    except requests.Timeout as error:
        raise OneIDError("slow") from error
    except ValueError as error:
        raise OneIDError("shape") from error
    except (requests.RequestException, OSError) as error:
        raise OneIDError("down") from error
    if not isinstance(answer, dict):
        raise OneIDError("shape")
    if needed not in answer:
        raise OneIDError("refused")
    return answer
