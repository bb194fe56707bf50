"""The log of every exchange with a provider. Secrets and signatures are masked before writing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from payments.models import CallLog, MerchantAccount

MASK = "***"
#: What is kept of a body: enough to see what was asked.
MOST = 4_000
_HEADERS = ("Content-Type", "User-Agent", "Authorization", "Auth")
_SECRET = re.compile(
    r"""((?:sign_string|secret\w*|password|token|(?<!received_)card\w*|phone\w*)["']?\s*[=:]\s*["']?)[^"'&,}\s]+""",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text without values of fields that are secret or personal, and not too long."""
    return _SECRET.sub(rf"\1{MASK}", storable(text))[:MOST]


def storable(text: str) -> str:
    """The text without what no database keeps: nulls, and halves of characters."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def masked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The few headers that explain a call; what proves who calls is masked."""
    return {
        name: MASK if name in {"Authorization", "Auth"} else headers[name][:200]
        for name in _HEADERS
        if name in headers
    }


def log(
    provider: str,
    account: MerchantAccount | None,
    *,
    method: str,
    headers: Mapping[str, str],
    body: str,
    answer: str,
    code: int | None,
    milliseconds: int,
    incoming: bool = True,
) -> None:
    """Append a call."""
    CallLog.objects.create(
        account=account, provider=provider, incoming=incoming, method=method[:40],
        headers=masked_headers(headers), body=masked(body), answer=masked(answer), code=code,
        milliseconds=milliseconds,
    )  # fmt: skip
