"""Accounts of the sandbox: the provider's side is played by the portal, over real HTTP."""

from __future__ import annotations

import json
import logging
import time

from django.conf import settings
from django.core.signing import dumps
from django.urls import reverse

from core.money import Tiyin
from operations.calls import NotSent, Uncertain, post
from payments import calls
from payments.models import Attempt
from payments.providers.base import RefundResult, Status

log = logging.getLogger(__name__)
#: Seconds to wait for an answer.
PATIENCE = 8.0
SALT = "payments.sandbox"


def _ask(attempt: Attempt, what: str, **values: object) -> dict[str, object]:
    """Ask the sandbox; empty where it is silent. The call is logged like any other."""
    url = settings.BASE_URL + reverse("payments_sandbox:api")
    body = dumps({"what": what, "id": attempt.external_id, **values}, salt=SALT)
    began, answer, code = time.monotonic_ns(), "", -1
    try:
        headers = {"Content-Type": "text/plain"}
        found: dict[str, object] = post(url, body.encode(), headers, seconds=PATIENCE).json()
        answer, code = json.dumps(found), 0
    except (NotSent, Uncertain):
        log.warning("the sandbox is silent", extra={"what": what})
        found = {}
    calls.log(
        attempt.provider, attempt.account, method=what, headers={}, body=attempt.external_id,
        answer=answer, code=code, milliseconds=(time.monotonic_ns() - began) // 1_000_000,
        incoming=False,
    )  # fmt: skip
    return found


def status(attempt: Attempt) -> Status:
    """How the sandbox says a transaction stands."""
    found = _ask(attempt, "status").get("status")
    return Status(str(found)) if found in list(Status) else Status.UNKNOWN


def refund(attempt: Attempt, amount: Tiyin) -> RefundResult:
    """Let the sandbox return a sum."""
    found = _ask(attempt, "refund", amount=int(amount))
    return RefundResult(done=bool(found.get("done")), external_id=str(found.get("refund") or ""))
