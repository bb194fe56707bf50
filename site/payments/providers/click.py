"""Click SHOP-API: two calls with a signature over the raw strings (protocols.md §3)."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import Error, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils import timezone

from core.money import Tiyin, in_soums, soums
from payments import calls, services
from payments.models import Attempt, Invoice, MerchantAccount
from payments.numbers import parse_number
from payments.providers import click_merchant, click_statement
from payments.providers.base import Line, Problem, RefundResult, Silent, Status
from payments.states import AttemptState, InvalidMove, InvoiceState, ProviderName

log = logging.getLogger(__name__)

CHECKOUT = "https://my.click.uz/services/pay"
SUCCESS = 0
SIGN_CHECK_FAILED = -1
WRONG_AMOUNT = -2
NO_ACTION = -3
ALREADY_PAID = -4
NO_ORDER = -5
NO_TRANSACTION = -6
FAILED = -7
BAD_REQUEST = -8
CANCELLED = -9
NOTES = {
    SUCCESS: "Success",
    SIGN_CHECK_FAILED: "SIGN CHECK FAILED!",
    WRONG_AMOUNT: "Incorrect parameter amount",
    NO_ACTION: "Action not found",
    ALREADY_PAID: "Already paid",
    NO_ORDER: "User does not exist",
    NO_TRANSACTION: "Transaction does not exist",
    FAILED: "Failed to update user",
    BAD_REQUEST: "Error in request from click",
    CANCELLED: "Transaction cancelled",
}
PREPARE, COMPLETE = "0", "1"
_ERROR = re.compile(r"-?[0-9]{1,9}")
_FIELDS = (
    "click_trans_id", "service_id", "click_paydoc_id", "merchant_trans_id", "amount", "action",
    "error", "error_note", "sign_time", "sign_string",
)  # fmt: skip


class Refused(Exception):
    """An answer with an error code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


def signature(values: Mapping[str, str], secret: str) -> str:
    """The signature of a call: MD5 over its raw strings, as Click's protocol has it."""
    parts = [values["click_trans_id"], values["service_id"], secret, values["merchant_trans_id"]]
    if values["action"] == COMPLETE:
        parts.append(values["merchant_prepare_id"])
    parts += [values["amount"], values["action"], values["sign_time"]]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


class Click:
    """Click as a way to pay."""

    slug: str = ProviderName.CLICK
    online = True

    def start(
        self, invoice: Invoice, account: MerchantAccount, *, return_url: str, language: str
    ) -> str:
        """The address where the payer pays."""
        query = urlencode(
            {
                "service_id": account.service_id, "merchant_id": account.merchant_id,
                "amount": f"{in_soums(invoice.total):.2f}", "transaction_param": invoice.number,
                "return_url": return_url,
            }
        )  # fmt: skip
        if account.sandbox:
            return reverse("payments_sandbox:cashier", args=[self.slug]) + f"?{query}"
        return f"{CHECKOUT}?{query}"

    def callback(self, request: HttpRequest, account: MerchantAccount) -> HttpResponse:
        """Answer one call; every outcome is HTTP 200 and a line of the log."""
        began, values = time.monotonic_ns(), _values(request)
        try:
            answer = _answered(values, account)
        except Refused as refusal:
            answer = {"error": refusal.code}
        except Error:
            # Nothing was committed: Click is told that it failed, and asks again or gives up.
            log.exception("click call failed")
            answer = {"error": FAILED}
        answer = {
            "click_trans_id": _number(values.get("click_trans_id")),
            "merchant_trans_id": values.get("merchant_trans_id", ""),
        } | answer  # fmt: skip
        answer["error_note"] = NOTES[answer["error"]]
        _log(request, account, values, answer, began)
        return JsonResponse(answer)

    def out_of_order(self) -> HttpResponse:
        """The answer while we cannot even look up who calls."""
        return JsonResponse({"error": FAILED, "error_note": NOTES[FAILED]})

    def refund(self, attempt: Attempt, amount: Tiyin) -> RefundResult:
        """Take the whole of a payment back. A part is returned in Click's cabinet, by a person."""
        account, paper = attempt.account, str(attempt.data.get("paydoc") or "")
        if account is None or not click_merchant.may_be_asked(account) or amount != attempt.amount:
            return RefundResult(done=False)
        try:
            payment, status = click_merchant.find(
                account, attempt.invoice.number, click_merchant.begun_on(attempt)
            )
            if payment != paper:
                log.warning("click names another payment", extra={"attempt": attempt.pk})
                return RefundResult(done=False)
            # Taken back before: its answer was lost, or a person did it in the cabinet.
            done = status == Status.CANCELLED or (
                status == Status.PAID and click_merchant.take_back(account, payment)
            )
        except Silent:
            return RefundResult(done=False)
        return RefundResult(done, payment if done else "")

    def status(self, attempt: Attempt) -> Status:
        """How a payment stands, by its own number, else by the invoice's."""
        account, paper = attempt.account, str(attempt.data.get("paydoc") or "")
        if account is None or not click_merchant.may_be_asked(account):
            return Status.UNKNOWN
        try:
            if paper:
                return click_merchant.status_of(account, paper)
            number = Invoice.objects.values_list("number", flat=True).get(pk=attempt.invoice_id)
            return click_merchant.find(account, number, click_merchant.begun_on(attempt))[1]
        except Silent:
            return Status.UNKNOWN

    def statement(self, account: MerchantAccount, day: date) -> list[Line] | None:
        """Click has no list of a day: each payment and each unpaid invoice is asked about."""
        return click_statement.lines(account, day) if click_merchant.may_be_asked(account) else None

    def check_config(self, account: MerchantAccount) -> list[Problem]:
        """Numbers of the merchant and the service, and a key; the user's number for questions."""
        fields = ("merchant_id", "service_id")
        problems = [Problem(name, "empty") for name in fields if not getattr(account, name)]
        if not account.secrets():
            problems.append(Problem("keys", "empty"))
        if not account.merchant_user_id:
            problems.append(Problem("merchant_user_id", "empty", hinders=False))
        return problems


def _values(request: HttpRequest) -> dict[str, str]:
    """The form's fields as they came; empty where there is none."""
    if request.method != "POST":
        return {}
    try:
        return {name: str(value) for name, value in request.POST.items()}
    except (SuspiciousOperation, BadRequest, MultiPartParserError):
        return {}


def _number(text: str | None) -> int | None:
    """A whole number of at most 19 digits; None where it is none."""
    return int(text) if text and len(text) < 20 and text.isascii() and text.isdigit() else None


def _answered(values: dict[str, str], account: MerchantAccount) -> dict[str, Any]:
    """The answer to a call. Raises Refused."""
    if values.get("action", PREPARE) not in {PREPARE, COMPLETE}:
        raise Refused(NO_ACTION)
    needed = set(_FIELDS) - {"error_note", "click_paydoc_id"}
    if values.get("action") == COMPLETE:
        needed.add("merchant_prepare_id")
    if any(not values.get(name) or "\x00" in values[name] for name in needed):
        raise Refused(BAD_REQUEST)
    _check_signature(values, account)
    error = values["error"]
    if _number(values["click_trans_id"]) is None or _ERROR.fullmatch(error) is None:
        raise Refused(BAD_REQUEST)
    if values["action"] == PREPARE:
        if int(error) < 0:
            raise Refused(CANCELLED)
        return _prepare(values, account)
    return _complete(values, account)


def _check_signature(values: dict[str, str], account: MerchantAccount) -> None:
    right = False
    for secret in account.secrets():
        right |= hmac.compare_digest(
            signature(values, secret).encode(), values["sign_string"].lower().encode()
        )
    if not right or values["service_id"] != account.service_id:
        raise Refused(SIGN_CHECK_FAILED)


def _amount(values: dict[str, str]) -> Tiyin:
    """The sum of a call in tiyin, exactly. Raises Refused."""
    try:
        return soums(Decimal(values["amount"]))
    except (InvalidOperation, ValueError, OverflowError):
        raise Refused(WRONG_AMOUNT) from None


def _invoice(values: dict[str, str], account: MerchantAccount) -> Invoice:
    number = parse_number(values["merchant_trans_id"][:64])
    invoice = Invoice.objects.filter(number=number, agency_id=account.agency_id).first()
    if number is None or invoice is None:
        raise Refused(NO_ORDER)
    return invoice


def _prepare(values: dict[str, str], account: MerchantAccount) -> dict[str, Any]:
    """Reserve an invoice. Each press of the payer is a new transaction: the last one counts."""
    invoice, now = _invoice(values, account), timezone.now()
    if _amount(values) != invoice.total:
        raise Refused(WRONG_AMOUNT)
    try:
        with transaction.atomic():
            invoice = services.lock(invoice.pk)
            attempt = Attempt.objects.filter(
                provider=ProviderName.CLICK, external_id=values["click_trans_id"]
            ).first()
            if attempt is None:
                _check_free(invoice)
                # The payer began anew: what was prepared before can no longer be completed.
                for other in invoice.attempts.filter(
                    state=AttemptState.CREATED, provider=ProviderName.CLICK
                ):
                    services.break_off(other.pk, now=now)
                attempt = services.begin(
                    invoice.pk, ProviderName.CLICK, values["click_trans_id"], invoice.total,
                    account=account, data=_paper(values), now=now,
                )  # fmt: skip
    except (InvalidMove, IntegrityError):
        # Payme holds the invoice at this moment, or the number is another invoice's.
        raise Refused(FAILED) from None
    if attempt.invoice_id != invoice.pk or attempt.account_id != account.pk:
        raise Refused(NO_TRANSACTION)
    if attempt.state == AttemptState.PERFORMED:
        raise Refused(ALREADY_PAID)
    if attempt.state != AttemptState.CREATED:
        raise Refused(CANCELLED)
    return {"error": SUCCESS, "merchant_prepare_id": attempt.pk}


def _paper(values: dict[str, str]) -> dict[str, Any]:
    return {"paydoc": values["click_paydoc_id"][:40]} if values.get("click_paydoc_id") else {}


def _check_free(invoice: Invoice) -> None:
    if invoice.is_settled:
        raise Refused(CANCELLED if invoice.state == InvoiceState.REFUNDED else ALREADY_PAID)
    if not services.may_be_paid(invoice) or invoice.due_at <= timezone.now():
        raise Refused(CANCELLED)


def _complete(values: dict[str, str], account: MerchantAccount) -> dict[str, Any]:
    """The money is taken, or Click says that it could not be."""
    invoice, number = _invoice(values, account), _number(values["merchant_prepare_id"])
    attempt = Attempt.objects.filter(
        pk=number, provider=ProviderName.CLICK, account=account, invoice=invoice,
        external_id=values["click_trans_id"],
    ).first()  # fmt: skip
    if number is None or attempt is None:
        raise Refused(NO_TRANSACTION)
    if _amount(values) != attempt.amount:
        raise Refused(WRONG_AMOUNT)
    try:
        if int(values["error"]) < 0:
            services.break_off(attempt.pk)
            raise Refused(CANCELLED)
        if attempt.state == AttemptState.PERFORMED:
            raise Refused(ALREADY_PAID)
        services.perform(attempt.pk)
    except InvalidMove:
        raise Refused(_why_not(attempt.pk)) from None
    return {"error": SUCCESS, "merchant_confirm_id": attempt.pk}


def _why_not(pk: int) -> int:
    """The code for an attempt that could not go on: it was paid, or it has ended."""
    attempt = Attempt.objects.get(pk=pk)
    if attempt.state == AttemptState.PERFORMED:
        return ALREADY_PAID
    if attempt.state == AttemptState.CREATED:
        # What was to be paid is gone meanwhile: let nothing stay reserved.
        services.break_off(pk)
    return CANCELLED


def _log(
    request: HttpRequest, account: MerchantAccount, values: dict[str, str],
    answer: dict[str, Any], began: int,
) -> None:  # fmt: skip
    try:
        calls.log(
            ProviderName.CLICK, account,
            method={PREPARE: "prepare", COMPLETE: "complete"}.get(values.get("action", ""), ""),
            headers=request.headers, body=urlencode(values), answer=json.dumps(answer),
            code=answer["error"], milliseconds=(time.monotonic_ns() - began) // 1_000_000,
        )  # fmt: skip
    except Error:
        log.exception("click call not logged")
