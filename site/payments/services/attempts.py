"""What a provider tells of an attempt to pay: begun, performed, broken off, taken back, noted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.money import Tiyin
from payments import subjects
from payments.models import Attempt, Invoice, MerchantAccount, Refund
from payments.services.booking import settle
from payments.services.moving import lock, locked_attempt, may_be_paid, move_attempt, transition
from payments.services.returning import give_back
from payments.states import AttemptState, InvalidMove, InvoiceState


@transaction.atomic
def begin(
    invoice_pk: int,
    provider: str,
    external_id: str,
    amount: Tiyin,
    *,
    account: MerchantAccount | None = None,
    provider_time: int = 0,
    data: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Attempt:
    """Reserve an invoice for a provider's transaction.

    Raises InvalidMove where money may not be taken or another attempt is under way, ValueError
    for another sum than the invoice's.
    """
    now = now or timezone.now()
    invoice = lock(invoice_pk)
    if amount != invoice.total:
        raise ValueError("Another sum than the invoice's.")
    if not may_be_paid(invoice):
        raise InvalidMove(invoice.state, InvoiceState.WAITING)
    if invoice.attempts.filter(state=AttemptState.CREATED).exists():
        raise InvalidMove(invoice.state, AttemptState.CREATED)
    attempt = Attempt.objects.create(
        invoice=invoice, provider=provider, external_id=external_id, amount=amount,
        account=account, provider_time=provider_time, created_at=now, data=data or {},
    )  # fmt: skip
    transition(invoice, InvoiceState.WAITING, now)
    return attempt


@transaction.atomic
def perform(attempt_pk: int, *, now: datetime | None = None) -> Attempt:
    """The provider took the money: the invoice is paid, and what it is for is told.

    Performing again is the same again. Raises InvalidMove where the attempt was broken off or
    money may no longer be taken.
    """
    now = now or timezone.now()
    attempt, invoice = locked_attempt(attempt_pk)
    if attempt.state == AttemptState.PERFORMED:
        return attempt
    if attempt.state != AttemptState.CREATED or not may_be_paid(invoice):
        raise InvalidMove(attempt.state, AttemptState.PERFORMED)
    move_attempt(attempt, AttemptState.PERFORMED, now)
    settle(invoice, attempt, now)
    return attempt


@transaction.atomic
def break_off(
    attempt_pk: int, reason: int | None = None, *, now: datetime | None = None
) -> Attempt:
    """An attempt came to nothing: the invoice is open again. Breaking off again is the same again.

    Raises InvalidMove once money was received.
    """
    now = now or timezone.now()
    attempt, invoice = locked_attempt(attempt_pk)
    if attempt.state in {AttemptState.CANCELLED, AttemptState.REVERSED}:
        return attempt
    move_attempt(attempt, AttemptState.CANCELLED, now, reason)
    if invoice.state == InvoiceState.WAITING:
        transition(invoice, InvoiceState.OPEN, now)
    return attempt


@transaction.atomic
def cancel_attempt(
    attempt_pk: int, reason: int | None = None, *, now: datetime | None = None
) -> Attempt:
    """The provider ends an attempt: broken off, or its money went back to the payer.

    Again is the same again. Raises InvalidMove for money that the agency works for already, that
    another request uses, or of which a part was returned.
    """
    now = now or timezone.now()
    attempt, invoice = locked_attempt(attempt_pk)
    surplus = attempt.state == AttemptState.SURPLUS
    if attempt.state != AttemptState.PERFORMED and not surplus:
        return break_off(attempt_pk, reason, now=now)
    refund = Refund.objects.filter(
        attempt=attempt, state=Refund.State.APPROVED, surplus=surplus
    ).first()
    amount = attempt.amount if surplus else invoice.total
    if not _may_be_taken_back(invoice, refund, amount, surplus=surplus):
        raise InvalidMove(attempt.state, AttemptState.REVERSED)
    if refund is not None:
        refund.state, refund.done_at = Refund.State.DONE, now
        refund.save(update_fields=["state", "done_at"])
    give_back(
        invoice, attempt, amount, now, surplus=surplus, promised=refund is not None, reason=reason
    )  # fmt: skip
    return attempt


def _may_be_taken_back(
    invoice: Invoice, approved: Refund | None, amount: Tiyin, *, surplus: bool
) -> bool:
    """Whether a provider may take the whole of a sum back; `approved` is our own people's word."""
    if approved is not None and approved.amount != amount:
        return False
    if surplus:
        return approved is not None
    if invoice.refunded or Invoice.objects.filter(paid_with=invoice).exists():
        return False
    return approved is not None or not subjects.of(invoice).taken_up(invoice.reference)


@transaction.atomic
def note(attempt_pk: int, values: dict[str, Any]) -> None:
    """Keep what the provider tells besides, such as a fiscal receipt. No money moves."""
    attempt, _invoice = locked_attempt(attempt_pk)
    attempt.data = attempt.data | values
    attempt.save(update_fields=["data"])
