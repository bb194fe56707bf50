"""Payme's accounts of the sandbox: what a merchant cannot ask Payme, the portal that plays it can
be asked, over real HTTP. (Click has an API of its own for that: `click_merchant`.)"""

from __future__ import annotations

import json
import logging
import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core.signing import dumps
from django.urls import reverse

from core.money import Tiyin
from operations.calls import NotSent, Uncertain, call
from payments import calls
from payments.models import Attempt, MerchantAccount
from payments.providers.base import Line, RefundResult, Silent, Status

log = logging.getLogger(__name__)
#: Seconds to wait for an answer; a statement makes calls of its own before it answers.
PATIENCE, LONG_PATIENCE = 8.0, 30.0
#: A statement of a day is at most this long.
MOST_BYTES = 8 * 1024 * 1024
SALT = "payments.sandbox"


def _ask(
    account: MerchantAccount, what: str, seconds: float = PATIENCE, **values: Any
) -> dict[str, Any]:
    """Ask the sandbox. The call is logged like any other. Raises Silent."""
    url = settings.BASE_URL + reverse("payments_sandbox:api")
    body = dumps({"what": what, **values}, salt=SALT)
    began, said, code = time.monotonic_ns(), "", -1
    try:
        headers = {"Content-Type": "text/plain"}
        answer = call("POST", url, headers, body.encode(), seconds=seconds, most=MOST_BYTES)
        said, code = answer.body.decode(errors="replace"), answer.status
        return answer.json()
    except (NotSent, Uncertain) as error:
        log.warning("the sandbox is silent", extra={"what": what})
        raise Silent(what) from error
    finally:
        calls.log(
            account.provider, account, method=what, headers={}, body=json.dumps(values),
            answer=said, code=code, milliseconds=(time.monotonic_ns() - began) // 1_000_000,
            incoming=False,
        )  # fmt: skip


def status(attempt: Attempt) -> Status:
    """How the sandbox says a transaction stands."""
    assert attempt.account is not None
    try:
        found = _ask(attempt.account, "status", id=attempt.external_id).get("status")
    except Silent:
        return Status.UNKNOWN
    return Status(str(found)) if found in list(Status) else Status.UNKNOWN


def refund(attempt: Attempt, amount: Tiyin) -> RefundResult:
    """Let the sandbox return a sum: it calls our door with reason 5, as Payme does."""
    assert attempt.account is not None
    try:
        found = _ask(attempt.account, "refund", id=attempt.external_id, amount=int(amount))
    except Silent:
        return RefundResult(done=False)
    return RefundResult(done=bool(found.get("done")), external_id=str(found.get("refund") or ""))


def statement(account: MerchantAccount, day: date) -> list[Line]:
    """The sandbox's books since a day began. Before it answers it compares them with ours by
    GetStatement, as Payme does, and repeats the calls of which we know nothing. Raises Silent."""
    found = _ask(
        account, "statement", LONG_PATIENCE, merchant=str(account.uuid), day=day.isoformat()
    ).get("lines")
    if not isinstance(found, list):
        raise Silent("statement")
    return [
        Line(str(row["id"]), str(row["number"]), Tiyin(int(row["amount"])), bool(row["paid"]))
        for row in found
    ]
