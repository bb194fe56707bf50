"""Book money that went back to the payer."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from core.money import Tiyin
from payments import ledger, notices, subjects
from payments.models import Attempt, Invoice
from payments.services.moving import move_attempt, transition
from payments.states import Account, AttemptState, InvoiceState


def give_back(
    invoice: Invoice,
    attempt: Attempt,
    amount: Tiyin,
    now: datetime,
    *,
    surplus: bool,
    promised: bool,
    actor: User | None = None,
    reason: int | None = None,
) -> None:
    """Book `amount` as returned, under the invoice's lock.

    `surplus`: out of what came beyond the invoice's sum. `promised`: a refund was approved before,
    so it is owed to the payer already. Raises InvalidMove where there is no such way.
    """
    source = Account.SURPLUS if surplus else Account.INCOME
    entry = ledger.post(
        invoice, "refunded", debit=Account.REFUND if promised else source,
        credit=attempt.provider, amount=amount, attempt=attempt, actor=actor, at=now,
    )  # fmt: skip
    notices.tell(invoice, notices.RETURNED, amount, str(entry.sequence))
    if surplus:
        invoice.surplus_refunded = invoice.surplus_refunded + amount
        invoice.save(update_fields=["surplus_refunded"])
        if attempt.state == AttemptState.SURPLUS and amount == attempt.amount:
            move_attempt(attempt, AttemptState.REVERSED, now, reason)
        return
    invoice.refunded = invoice.refunded + amount
    whole = invoice.refunded == invoice.total
    if whole:
        move_attempt(attempt, AttemptState.REVERSED, now, reason)
    transition(invoice, InvoiceState.REFUNDED if whole else InvoiceState.PARTLY_REFUNDED, now)
    if whole:
        subjects.of(invoice).refunded(invoice)
