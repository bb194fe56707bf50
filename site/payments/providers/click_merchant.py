"""Click's merchant API (protocols.md §3.4): how a payment stands, taking it back, fiscal items.

Every call is bounded in time and logged; a missing or unclear answer raises Silent and changes
nothing. The vendor names a payment by the number that SHOP-API calls `click_paydoc_id`; before
money is taken back that is confirmed by the invoice's number, since a wrong number would be
somebody else's payment.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from operations.calls import Answer, NotSent, Uncertain, call
from payments import calls
from payments.models import Attempt, MerchantAccount
from payments.providers.base import Silent, Status
from payments.states import ProviderName

API = "https://api.click.uz/v2/merchant/"
#: Seconds to wait for a connection, and as many for the answer.
PATIENCE = 8.0
_UNAUTHORISED = 401
_ITEMS = "payment/ofd_data/submit_items"
_PAID = 2
#: Letters of a name on a fiscal receipt.
_NAME = 63


def base(account: MerchantAccount) -> str:
    """Where the API is: Click's, or the sandbox that plays it."""
    if account.sandbox:
        return settings.BASE_URL + reverse("payments_callbacks:click_items").removesuffix(_ITEMS)
    return API


def authorisation(account: MerchantAccount, secret: str, moment: datetime) -> str:
    """The header `Auth`: user, SHA-1 of timestamp and key, timestamp (10 digits)."""
    stamp = str(int(moment.timestamp()))
    digest = hashlib.sha1((stamp + secret).encode(), usedforsecurity=False).hexdigest()
    return f"{account.merchant_user_id}:{digest}:{stamp}"


def may_be_asked(account: MerchantAccount | None) -> bool:
    """Whether the account has what the API wants."""
    return account is not None and bool(account.merchant_user_id and account.secrets())


def _ask(
    account: MerchantAccount, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The answer to a call; while keys are changed over the older one is tried where the newer is
    refused. Raises Silent."""
    text = json.dumps(body, ensure_ascii=False) if body is not None else None
    answer: Answer | None = None
    for secret in account.secrets():
        answer = _once(account, method, path, text, secret)
        if answer.status != _UNAUTHORISED:
            break
    if answer is None or answer.status not in {200, 201}:
        raise Silent(path)
    try:
        return answer.json()
    except Uncertain as error:
        raise Silent(path) from error


def _once(
    account: MerchantAccount, method: str, path: str, body: str | None, secret: str
) -> Answer:
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Auth": authorisation(account, secret, timezone.now()),
    }
    began, said, code = time.monotonic_ns(), "", -1
    try:
        content = body.encode() if body is not None else None
        answer = call(method, base(account) + path, headers, content, seconds=PATIENCE)
        said, code = answer.body.decode(errors="replace"), answer.status
        return answer
    except (NotSent, Uncertain) as error:
        said = type(error).__name__
        raise Silent(path) from error
    finally:
        calls.log(
            ProviderName.CLICK, account, method=f"{method} {'/'.join(path.split('/')[:2])}",
            headers=headers, body=f"{path} {body or ''}".strip(), answer=said, code=code,
            milliseconds=(time.monotonic_ns() - began) // 1_000_000, incoming=False,
        )  # fmt: skip


def _standing(answer: dict[str, Any]) -> Status:
    code = answer.get("payment_status")
    if answer.get("error_code") != 0 or isinstance(code, bool) or not isinstance(code, int):
        return Status.UNKNOWN
    if code < 0:
        return Status.CANCELLED
    return Status.PAID if code == _PAID else Status.PENDING


def status_of(account: MerchantAccount, payment: str) -> Status:
    """How the payment of a number stands. Raises Silent."""
    return _standing(_ask(account, "GET", f"payment/status/{account.service_id}/{quote(payment)}"))


def find(account: MerchantAccount, number: str, day: date) -> tuple[str, Status]:
    """(payment, how it stands) for an invoice on the day it was begun; ("", UNKNOWN) for none.

    Raises Silent.
    """
    path = f"payment/status_by_mti/{account.service_id}/{quote(number)}/{day.isoformat()}"
    answer = _ask(account, "GET", path)
    payment = answer.get("payment_id")
    if answer.get("error_code") != 0 or not payment:
        return "", Status.UNKNOWN
    return str(payment), _standing(answer)


def begun_on(attempt: Attempt) -> date:
    """The day under which Click knows an attempt."""
    return timezone.localdate(attempt.created_at)


def take_back(account: MerchantAccount, payment: str) -> bool:
    """Take a whole payment back; whether Click did. Raises Silent: then ask how it stands."""
    answer = _ask(account, "DELETE", f"payment/reversal/{account.service_id}/{quote(payment)}")
    return answer.get("error_code") == 0


def submit_items(attempt: Attempt, payment: str) -> bool:
    """Tell what a fiscal receipt needs; whether Click took it. Sums in tiyin. Raises Silent."""
    account = attempt.account
    assert account is not None
    items = [
        {
            "Name": str(item.text("uz"))[:_NAME], "SPIC": account.ikpu,
            "PackageCode": account.package_code, "Price": int(item.amount), "Amount": 1,
            "Discount": int(item.discount), "VATPercent": account.vat_percent,
            "VAT": vat_within(int(item.due), account.vat_percent),
            "CommissionInfo": {"TIN": account.payee_stir},
        }
        for item in attempt.invoice.items.all()
    ]  # fmt: skip
    body = {
        "service_id": int(account.service_id), "payment_id": int(payment), "items": items,
        "received_ecash": 0, "received_cash": 0, "received_card": int(attempt.amount),
    }  # fmt: skip
    return _ask(account, "POST", _ITEMS, body).get("error_code") == 0


def vat_within(amount: int, percent: int) -> int:
    """The VAT that a sum holds, in whole tiyin, rounded half up."""
    share = Decimal(amount) * percent / (100 + percent)
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))
