"""Invoices that are not paid: cancelled with their request, or out of time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from payments import ledger, subjects
from payments.models import Invoice
from payments.services.moving import lock, move_attempt, transition
from payments.states import PAYABLE, Account, AttemptState, InvoiceState


def _close(invoice: Invoice, target: str, now: datetime, actor: User | None = None) -> None:
    for attempt in invoice.attempts.filter(state=AttemptState.CREATED):
        move_attempt(attempt, AttemptState.CANCELLED, now)
    transition(invoice, target, now)
    ledger.post(
        invoice, str(target), debit=Account.INCOME, credit=Account.RECEIVABLE,
        amount=invoice.total, actor=actor, at=now,
    )  # fmt: skip


@transaction.atomic
def cancel(invoice_pk: int, *, actor: User | None = None, now: datetime | None = None) -> Invoice:
    """Nothing is owed any more: the request was taken back. Raises InvalidMove once it is paid."""
    invoice = lock(invoice_pk)
    if invoice.state != InvoiceState.CANCELLED:
        _close(invoice, InvoiceState.CANCELLED, now or timezone.now(), actor)
    return invoice


@transaction.atomic
def expire(invoice_pk: int, *, now: datetime | None = None) -> bool:
    """End an invoice whose time is over and for which no attempt is under way; whether it did."""
    now = now or timezone.now()
    invoice = lock(invoice_pk)
    if not invoice.is_payable or invoice.due_at > now:
        return False
    if invoice.attempts.filter(state=AttemptState.CREATED).exists():
        return False
    _close(invoice, InvoiceState.EXPIRED, now)
    subjects.of(invoice).expired(invoice)
    return True


def expire_due(now: datetime | None = None) -> int:
    """End invoices whose time is over; how many. Safe to run twice."""
    moment = now or timezone.now()
    rows = Invoice.objects.filter(state__in=sorted(PAYABLE), due_at__lte=moment)
    return sum(expire(pk, now=moment) for pk in list(rows.values_list("pk", flat=True)[:500]))
