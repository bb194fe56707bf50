"""Locks and the ways between states: what every verb of the package stands on."""

from __future__ import annotations

from datetime import datetime

from payments import subjects
from payments.models import Attempt, Invoice
from payments.states import ATTEMPT_WAYS, WAYS, AttemptState, InvalidMove, InvoiceState


def lock(pk: int) -> Invoice:
    """The invoice under a row lock until the end of the caller's transaction; what it is for is
    locked before it."""
    seen = Invoice.objects.only("kind", "reference").get(pk=pk)
    subjects.of(seen).lock(seen.reference)
    return Invoice.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)


def locked_attempt(attempt_pk: int) -> tuple[Attempt, Invoice]:
    """An attempt and its invoice, both under a lock, the invoice first."""
    invoice_pk = Attempt.objects.values_list("invoice_id", flat=True).get(pk=attempt_pk)
    invoice = lock(invoice_pk)
    attempt = Attempt.objects.select_for_update().get(pk=attempt_pk)
    attempt.invoice = invoice
    return attempt, invoice


def transition(invoice: Invoice, target: str, now: datetime) -> None:
    """Move an invoice that `lock` gave. Raises InvalidMove where there is no such way."""
    if target not in WAYS[invoice.state]:
        raise InvalidMove(invoice.state, target)
    invoice.state, invoice.state_since = target, now
    if target == InvoiceState.PAID and invoice.paid_at is None:
        invoice.paid_at = now
    invoice.save()


def move_attempt(attempt: Attempt, target: str, now: datetime, reason: int | None = None) -> None:
    """Move an attempt whose invoice is locked. Raises InvalidMove where there is no such way."""
    if target not in ATTEMPT_WAYS[attempt.state]:
        raise InvalidMove(attempt.state, target)
    attempt.state = target
    if target in {AttemptState.PERFORMED, AttemptState.SURPLUS}:
        attempt.performed_at, attempt.cancelled_at = now, None
    else:
        attempt.cancelled_at = now
        attempt.reason = reason
    attempt.save()


def may_be_paid(invoice: Invoice) -> bool:
    """Whether money may be taken now: it is owed, and what it is for waits for it."""
    return invoice.is_payable and subjects.of(invoice).awaits(invoice.reference)
