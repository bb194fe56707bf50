"""Click's merchant API as the sandbox plays it: the provider's answers from the provider's books.

Addresses, header and answers are the vendor's (protocols.md §3.4), so what our side asks in the
demonstration and in tests are the calls that it makes in production.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from payments.days import bounds
from payments.models import MerchantAccount, SandboxTransaction
from payments.states import ProviderName

#: Difference of clocks that is forgiven.
PATIENCE = timedelta(minutes=5)
SUCCESS, NOT_FOUND, REFUSED, BAD_REQUEST = 0, -5, -10, -8
#: Numbers of payments begin here: not those of attempts, as at Click.
FIRST_PAYMENT = 1_000_000_000
_State = SandboxTransaction.State
#: A failed or reversed payment is negative, as "Ошибка" in the vendor's table.
_CODES = {_State.PENDING: 1, _State.PAID: 2, _State.CANCELLED: -1, _State.RETURNED: -99}
_ITEM = {"Name", "SPIC", "PackageCode", "Price", "Amount", "VAT", "VATPercent", "CommissionInfo"}
View = Callable[..., HttpResponse]


def payment_of(row: SandboxTransaction) -> int:
    """The number of a payment: `click_paydoc_id` of the calls, `payment_id` of the API."""
    return FIRST_PAYMENT + row.pk


def _answer(code: int, **values: Any) -> HttpResponse:
    note = {SUCCESS: "Success", NOT_FOUND: "Payment not found", REFUSED: "Refused"}
    return JsonResponse({"error_code": code, "error_note": note.get(code, "Error"), **values})


def _account(request: HttpRequest, service: int) -> MerchantAccount | None:
    """The account whose key signed the header, or None."""
    user, _colon, rest = request.headers.get("Auth", "").partition(":")
    digest, _colon, stamp = rest.partition(":")
    now = timezone.now()
    if not user or not stamp.isdigit() or len(stamp) != 10:
        return None
    if abs(int(now.timestamp()) - int(stamp)) > PATIENCE.total_seconds():
        return None
    for account in MerchantAccount.objects.filter(
        provider=ProviderName.CLICK, sandbox=True, service_id=str(service), merchant_user_id=user
    ):
        for secret in account.secrets():
            right = hashlib.sha1((stamp + secret).encode(), usedforsecurity=False).hexdigest()
            if hmac.compare_digest(right.encode(), digest.encode()):
                return account
    return None


def _door(method: str) -> Callable[[View], View]:
    """Let a call in: where the sandbox is open, of the right method, with a right header."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def opened(request: HttpRequest, service: int = 0, **rest: Any) -> HttpResponse:
            if not settings.PAYMENTS_SANDBOX:
                raise Http404
            if request.method != method:
                return HttpResponseNotAllowed([method])
            if not request.headers.get("Auth"):
                return HttpResponse(status=401)
            body: dict[str, Any] = {}
            if method == "POST":
                try:
                    body = json.loads(request.body)
                    service = int(body["service_id"])
                except (ValueError, KeyError, TypeError):
                    return HttpResponse(status=400)
                rest["body"] = body
            account = _account(request, service)
            if account is None:
                return HttpResponse(status=401)
            return view(account, **rest)

        return opened

    return decorate


def _row(account: MerchantAccount, payment: int) -> SandboxTransaction | None:
    return SandboxTransaction.objects.filter(account=account, pk=payment - FIRST_PAYMENT).first()


@_door("GET")
def status(account: MerchantAccount, payment: int) -> HttpResponse:
    """`GET payment/status/:service_id/:payment_id`"""
    row = _row(account, payment)
    if row is None:
        return _answer(NOT_FOUND)
    return _answer(SUCCESS, payment_id=payment, payment_status=_CODES[_State(row.state)])


@_door("GET")
def find(account: MerchantAccount, number: str, day: str) -> HttpResponse:
    """`GET payment/status_by_mti/:service_id/:merchant_trans_id/YYYY-MM-DD`: of several presses
    the one that was paid, else the last."""
    asked = parse_date(day) if len(day) == 10 else None
    if asked is None:
        return HttpResponse(status=400)
    start, end = bounds(asked)
    rows = list(
        SandboxTransaction.objects.filter(
            account=account, number=number, begun_at__gte=start, begun_at__lt=end
        ).order_by("pk")
    )
    if not rows:
        return _answer(NOT_FOUND)
    money = [row for row in rows if row.state in {_State.PAID, _State.RETURNED}]
    row = (money or rows)[-1]
    return _answer(
        SUCCESS, payment_id=payment_of(row), merchant_trans_id=number,
        payment_status=_CODES[_State(row.state)],
    )  # fmt: skip


@_door("DELETE")
def reversal(account: MerchantAccount, payment: int) -> HttpResponse:
    """`DELETE payment/reversal/:service_id/:payment_id`: of a payment that succeeded, once."""
    changed = SandboxTransaction.objects.filter(
        account=account, pk=payment - FIRST_PAYMENT, state=_State.PAID
    ).update(state=_State.RETURNED, at=timezone.now())
    return _answer(SUCCESS, payment_id=payment) if changed else _answer(REFUSED)


@_door("POST")
def items(account: MerchantAccount, body: dict[str, Any]) -> HttpResponse:
    """`POST payment/ofd_data/submit_items`: as many tiyin as were paid, each item whole."""
    row = _row(account, int(body.get("payment_id") or 0))
    given = body.get("items")
    if row is None or not isinstance(given, list) or not given:
        return _answer(NOT_FOUND if row is None else BAD_REQUEST)
    whole = all(isinstance(item, dict) and set(item) >= _ITEM for item in given)
    due = sum(item["Price"] - item.get("Discount", 0) for item in given) if whole else -1
    received = sum(int(body.get(f"received_{name}", 0)) for name in ("ecash", "cash", "card"))
    return _answer(SUCCESS if due == received == int(row.amount) else BAD_REQUEST)
