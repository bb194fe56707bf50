"""Book money that came in: on an invoice that owes it, or to be returned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.money import Tiyin
from payments import ledger, notices, subjects
from payments.models import Attempt, Invoice, MerchantAccount, Refund
from payments.services.moving import lock, locked_attempt, may_be_paid, move_attempt, transition
from payments.states import Account, AttemptState, InvalidMove, InvoiceState


def settle(invoice: Invoice, attempt: Attempt, now: datetime, actor: User | None = None) -> None:
    """Book an attempt's money on an invoice that owes it; what is over is kept to be returned."""
    ledger.post(
        invoice, "paid", debit=attempt.provider, credit=Account.RECEIVABLE, amount=invoice.total,
        attempt=attempt, actor=actor, at=now,
    )  # fmt: skip
    keep_surplus(invoice, attempt, Tiyin(attempt.amount - invoice.total), now, actor)
    transition(invoice, InvoiceState.PAID, now)
    subjects.of(invoice).settled(invoice)


def keep_surplus(
    invoice: Invoice, attempt: Attempt, amount: Tiyin, now: datetime, actor: User | None
) -> None:
    """Book a sum that nobody owed, with the task to return it. Nothing for nothing."""
    if amount <= 0:
        return
    entry = ledger.post(
        invoice, "surplus", debit=attempt.provider, credit=Account.SURPLUS, amount=amount,
        attempt=attempt, actor=actor, at=now,
    )  # fmt: skip
    invoice.surplus = invoice.surplus + amount
    invoice.save(update_fields=["surplus"])
    notices.tell(invoice, notices.LATE, amount, str(entry.sequence))
    # Nobody has to notice: the task to return it waits for an approval from now on.
    Refund.objects.create(
        invoice=invoice, attempt=attempt, amount=amount, surplus=True,
        reason=Refund.Reason.SURPLUS,
    )  # fmt: skip


@transaction.atomic
def receive(
    invoice_pk: int,
    provider: str,
    external_id: str,
    amount: Tiyin,
    *,
    account: MerchantAccount | None = None,
    actor: User | None = None,
    data: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Attempt:
    """Record money that is already there: a bank transfer, a receipt of the cash desk, what a
    provider's statement has and we do not.

    It pays the invoice where it is owed and reaches the sum. Otherwise it is recorded all the
    same, as paid too much, and is to be returned. Receiving it twice is the same once.
    """
    now = now or timezone.now()
    invoice = lock(invoice_pk)
    known = Attempt.objects.filter(provider=provider, external_id=external_id).first()
    if known is not None:
        return known
    pays = may_be_paid(invoice) and amount >= invoice.total
    if pays:
        # Whatever else was under way cannot pay it a second time.
        for other in invoice.attempts.filter(state=AttemptState.CREATED):
            move_attempt(other, AttemptState.CANCELLED, now)
    attempt = Attempt.objects.create(
        invoice=invoice, provider=provider, account=account, external_id=external_id, amount=amount,
        state=AttemptState.PERFORMED if pays else AttemptState.SURPLUS, created_at=now,
        performed_at=now, data=data or {},
    )  # fmt: skip
    if pays:
        settle(invoice, attempt, now, actor)
    else:
        keep_surplus(invoice, attempt, amount, now, actor)
    return attempt


@transaction.atomic
def keep_late(
    attempt_pk: int, *, actor: User | None = None, now: datetime | None = None
) -> Attempt:
    """The money of an attempt that was broken off came after all: it is recorded and is to be
    returned; it pays nothing. Again is the same once. Raises InvalidMove for any other attempt."""
    now = now or timezone.now()
    attempt, invoice = locked_attempt(attempt_pk)
    if attempt.state == AttemptState.SURPLUS:
        return attempt
    if attempt.state != AttemptState.CANCELLED:
        raise InvalidMove(attempt.state, AttemptState.SURPLUS)
    move_attempt(attempt, AttemptState.SURPLUS, now)
    keep_surplus(invoice, attempt, attempt.amount, now, actor)
    return attempt
