"""Payme (Paycom) Merchant API: JSON-RPC 2.0, HTTP 200 always (protocols.md §2)."""

from __future__ import annotations

import base64
import hmac
import json
import logging
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import Error, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.urls import reverse
from django.utils import timezone

from core.money import Tiyin
from payments import calls, services
from payments.models import Attempt, Invoice, MerchantAccount
from payments.numbers import parse_number
from payments.providers import payme_protocol as words
from payments.providers import sandboxed
from payments.providers.base import Line, Problem, RefundResult, Status
from payments.providers.payme_protocol import Refused
from payments.states import AttemptState, InvalidMove, ProviderName

log = logging.getLogger(__name__)

CHECKOUT = "https://checkout.paycom.uz/"
LOGIN = "Paycom"
#: More than any fee, and safe in every JSON reader.
_LARGEST = 2**53 - 1
Params = dict[str, Any]


class Payme:
    """Payme as a way to pay."""

    slug: str = ProviderName.PAYME
    online = True

    def start(
        self, invoice: Invoice, account: MerchantAccount, *, return_url: str, language: str
    ) -> str:
        """The checkout's address. Values hold no semicolon: numbers and addresses of ours."""
        code = {"uz-cyrl": "uz", "kaa": "uz"}.get(language, language)
        parts = (
            f"m={account.merchant_id};ac.{words.FIELD}={invoice.number};a={int(invoice.total)}"
            f";l={code};c={return_url};ct=3000"
        )
        text = base64.b64encode(parts.encode()).decode()
        if account.sandbox:
            return reverse("payments_sandbox:cashier", args=[self.slug]) + f"?{text}"
        return CHECKOUT + text

    def callback(self, request: HttpRequest, account: MerchantAccount) -> HttpResponse:
        """Answer one call; every outcome is HTTP 200 and a line of the log."""
        began = time.monotonic_ns()
        body, number, method = "", None, ""
        try:
            if request.method != "POST":
                raise Refused(words.NOT_POST)
            raw = _body(request)
            body = raw.decode(errors="replace")
            call = _parsed(raw)
            if isinstance(call, dict):
                number = call.get("id") if isinstance(call.get("id"), int | str) else None
            if not _authorised(request, account):
                raise Refused(words.NOT_ALLOWED)
            if call is None:
                raise Refused(words.BAD_JSON)
            method, params = _shape(call)
            answer: dict[str, Any] = {"result": _METHODS[method](account, params)}
            code = 0
        except Refused as refusal:
            answer, code = {"error": refusal.to_json()}, refusal.code
        except (Error, ArithmeticError):
            # Nothing was committed: Payme repeats the call.
            log.exception("payme call failed", extra={"method": method})
            answer, code = {"error": Refused(words.INTERNAL).to_json()}, words.INTERNAL
        answer = {"jsonrpc": "2.0", "id": number} | answer
        _log(request, account, method, body, answer, code, began)
        return JsonResponse(answer)

    def out_of_order(self) -> HttpResponse:
        """The answer while we cannot even look up who calls: Payme repeats the call."""
        error = Refused(words.INTERNAL).to_json()
        return JsonResponse({"jsonrpc": "2.0", "id": None, "error": error})

    def refund(self, attempt: Attempt, amount: Tiyin) -> RefundResult:
        """Started by a person in Payme's cabinet; it arrives as CancelTransaction, reason 5."""
        if attempt.account is not None and attempt.account.sandbox:
            return sandboxed.refund(attempt, amount)
        return RefundResult(done=False)

    def status(self, attempt: Attempt) -> Status:
        """Payme cannot be asked by a merchant; its sandbox can."""
        if attempt.account is not None and attempt.account.sandbox:
            return sandboxed.status(attempt)
        return Status.UNKNOWN

    def statement(self, account: MerchantAccount, day: date) -> list[Line] | None:
        """Payme compares by itself (`GetStatement`) and shows its side in its cabinet, as a file;
        the sandbox gives its own."""
        return sandboxed.statement(account, day) if account.sandbox else None

    def check_config(self, account: MerchantAccount) -> list[Problem]:
        """A merchant's number and a key."""
        problems = []
        if not account.merchant_id:
            problems.append(Problem("merchant_id", "empty"))
        if not account.secrets():
            problems.append(Problem("keys", "empty"))
        return problems


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except (RequestDataTooBig, RawPostDataException) as error:
        raise Refused(words.BAD_JSON) from error


def _parsed(raw: bytes) -> Any:
    """The body's JSON; None where it is none (or the JSON value null, which is no call either)."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _authorised(request: HttpRequest, account: MerchantAccount) -> bool:
    """Whether login and one of the keys are right, both compared in constant time."""
    scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(token, validate=True)
    except ValueError:
        return False
    right = False
    for secret in account.secrets():
        right |= hmac.compare_digest(given, f"{LOGIN}:{secret}".encode())
    return right and scheme.lower() == "basic"


def _shape(call: Any) -> tuple[str, Params]:
    """(method, params) of a call. Raises Refused where it is none of ours."""
    if not isinstance(call, dict):
        raise Refused(words.BAD_REQUEST)
    method, params = call.get("method"), call.get("params")
    if not isinstance(method, str) or not isinstance(params, dict):
        raise Refused(words.BAD_REQUEST)
    if method not in _METHODS:
        raise Refused(words.NO_METHOD, method[:60])
    return method, params


def _log(
    request: HttpRequest, account: MerchantAccount, method: str, body: str,
    answer: dict[str, Any], code: int, began: int,
) -> None:  # fmt: skip
    try:
        calls.log(
            ProviderName.PAYME, account, method=method, headers=request.headers, body=body,
            answer=json.dumps(answer, ensure_ascii=False), code=code,
            milliseconds=(time.monotonic_ns() - began) // 1_000_000,
        )  # fmt: skip
    except Error:
        log.exception("payme call not logged")


def _whole(params: Params, name: str) -> int:
    """A whole number among the params. Raises Refused."""
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise Refused(words.BAD_REQUEST, name)
    return value


def _id(params: Params) -> str:
    value = params.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= 64 or not value.isalnum():
        raise Refused(words.BAD_REQUEST, "id")
    return value


def _invoice(account: MerchantAccount, params: Params) -> Invoice:
    """The invoice that the account names, of this agency, for this sum. Raises Refused."""
    amount, given = _whole(params, "amount"), params.get("account")
    if not isinstance(given, dict):
        raise Refused(words.BAD_REQUEST, "account")
    number = given.get(words.FIELD)
    parsed = parse_number(number) if isinstance(number, str) and len(number) < 64 else None
    invoice = Invoice.objects.filter(number=parsed, agency_id=account.agency_id).first()
    if parsed is None or invoice is None:
        raise Refused(words.NO_ACCOUNT, words.FIELD)
    if amount != invoice.total:
        raise Refused(words.WRONG_AMOUNT)
    return invoice


def _check_free(invoice: Invoice) -> None:
    """Raise Refused where the invoice takes no new transaction."""
    if invoice.is_settled:
        raise Refused(words.PAID, words.FIELD)
    if not services.may_be_paid(invoice) or invoice.due_at <= timezone.now():
        raise Refused(words.GONE, words.FIELD)
    if invoice.attempts.filter(state=AttemptState.CREATED).exists():
        raise Refused(words.BUSY, words.FIELD)


def _attempt(account: MerchantAccount, params: Params) -> Attempt:
    attempt = (
        Attempt.objects.filter(
            provider=ProviderName.PAYME, account=account, external_id=_id(params)
        )
        .select_related("invoice")
        .first()
    )
    if attempt is None:
        raise Refused(words.NO_TRANSACTION)
    return attempt


def _timed_out(attempt: Attempt, now: datetime) -> bool:
    """Break off a transaction past its twelve hours; whether it was."""
    if attempt.state != AttemptState.CREATED or not words.has_timed_out(attempt, now):
        return False
    services.break_off(attempt.pk, words.REASON_TIMEOUT, now=now)
    return True


def check_perform(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """Whether an invoice may be paid, with what a fiscal receipt needs."""
    invoice = _invoice(account, params)
    _check_free(invoice)
    items = [
        {
            "title": str(item.text("uz"))[:200], "price": int(item.amount), "count": 1,
            "discount": int(item.discount), "code": account.ikpu, "units": 0,
            "package_code": account.package_code, "vat_percent": account.vat_percent,
        }
        for item in invoice.items.all()
    ]  # fmt: skip
    answer: dict[str, Any] = {"allow": True, "additional": {"about": invoice.about}}
    if account.ikpu:
        answer["detail"] = {"receipt_type": 0, "items": items}
    return answer


def create(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """Reserve an invoice; the same call again is answered alike."""
    number, began, now = _id(params), _whole(params, "time"), timezone.now()
    invoice = _invoice(account, params)
    if not 0 < began <= words.milliseconds(now) + 86_400_000:
        raise Refused(words.BAD_REQUEST, "time")
    try:
        with transaction.atomic():
            invoice = services.lock(invoice.pk)
            known = Attempt.objects.filter(provider=ProviderName.PAYME, external_id=number).first()
            if known is None:
                _check_free(invoice)
                if now - words.moment_of(began) > words.TIMEOUT:
                    raise Refused(words.IMPOSSIBLE)
                known = services.begin(
                    invoice.pk, ProviderName.PAYME, number, invoice.total, account=account,
                    provider_time=began, now=now,
                )  # fmt: skip
    except IntegrityError:
        # The same transaction was begun for another invoice a moment ago.
        raise Refused(words.IMPOSSIBLE) from None
    except InvalidMove:
        raise Refused(words.BUSY, words.FIELD) from None
    if known.account_id != account.pk or known.invoice_id != invoice.pk:
        raise Refused(words.IMPOSSIBLE)
    if known.state != AttemptState.CREATED or _timed_out(known, now):
        raise Refused(words.IMPOSSIBLE)
    return words.created(known)


def perform(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """The money is taken; the same call again is answered alike."""
    attempt, now = _attempt(account, params), timezone.now()
    if _timed_out(attempt, now):
        raise Refused(words.IMPOSSIBLE)
    try:
        return words.performed(services.perform(attempt.pk, now=now))
    except InvalidMove:
        # What was to be paid is gone meanwhile: let nothing stay reserved.
        if attempt.state == AttemptState.CREATED:
            services.break_off(attempt.pk, words.REASON_FAILED, now=now)
        raise Refused(words.IMPOSSIBLE) from None


def cancel(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """The transaction is broken off, or its money returned as long as nobody works for it."""
    attempt, reason = _attempt(account, params), _whole(params, "reason")
    if not 0 <= reason <= 32_767:
        raise Refused(words.BAD_REQUEST, "reason")
    try:
        return words.cancelled(services.cancel_attempt(attempt.pk, reason))
    except InvalidMove:
        raise Refused(words.CANNOT_CANCEL) from None


def check(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """How a transaction stands."""
    attempt = _attempt(account, params)
    if _timed_out(attempt, timezone.now()):
        attempt.refresh_from_db()
    return words.described(attempt)


def statement(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """Transactions of a time, by Payme's own clock."""
    first, last = _whole(params, "from"), _whole(params, "to")
    if first > last:
        raise Refused(words.BAD_REQUEST, "from")
    rows = Attempt.objects.filter(
        provider=ProviderName.PAYME, account=account, provider_time__range=(first, last)
    )
    ordered = rows.select_related("invoice").order_by("provider_time", "pk")
    return {"transactions": [words.line(attempt) for attempt in ordered]}


def set_fiscal_data(account: MerchantAccount, params: Params) -> dict[str, Any]:
    """Keep the fiscal receipt of a payment or of its return."""
    attempt, kind, given = _attempt(account, params), params.get("type"), params.get("fiscal_data")
    if kind not in {"PERFORM", "CANCEL"}:
        raise Refused(words.BAD_REQUEST, "type")
    if not isinstance(given, dict):
        raise Refused(words.BAD_REQUEST, "fiscal_data")
    names = (
        "receipt_id", "status_code", "message", "terminal_id", "fiscal_sign", "qr_code_url", "date",
    )  # fmt: skip
    kept = {
        name: calls.storable(str(given[name]))[:300]
        for name in names
        if given.get(name) is not None
    }
    services.note(attempt.pk, {f"fiscal_{kind.lower()}": kept})
    return {"success": True}


_METHODS: dict[str, Callable[[MerchantAccount, Params], dict[str, Any]]] = {
    "CheckPerformTransaction": check_perform,
    "CreateTransaction": create,
    "PerformTransaction": perform,
    "CancelTransaction": cancel,
    "CheckTransaction": check,
    "GetStatement": statement,
    "SetFiscalData": set_fiscal_data,
}
