"""A payment that a refusal left unused serves another request."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from payments import ledger, subjects
from payments.models import Invoice
from payments.services.moving import lock, may_be_paid, transition
from payments.states import Account, InvoiceState


@transaction.atomic
def keep_for_another(invoice_pk: int, *, now: datetime | None = None) -> None:
    """The request was refused: its payment serves another one for as long as the passport says."""
    invoice = lock(invoice_pk)
    if invoice.state == InvoiceState.PAID and invoice.validity_days:
        invoice.reusable_until = (now or timezone.now()) + timedelta(days=invoice.validity_days)
        invoice.save(update_fields=["reusable_until"])


@transaction.atomic
def pay_with(invoice_pk: int, other_pk: int, *, now: datetime | None = None) -> bool:
    """Pay an invoice with a payment that a refusal left unused; whether it could be.

    The caller found `other` by `selectors.reusable`; both are checked again under their locks.
    """
    now = now or timezone.now()
    invoice = lock(invoice_pk)
    other = Invoice.objects.select_for_update(of=("self",)).get(pk=other_pk)
    usable = (
        other.state == InvoiceState.PAID
        and other.total == invoice.total
        and other.agency_id == invoice.agency_id
        and other.reusable_until is not None
        and other.reusable_until >= now
        and not Invoice.objects.filter(paid_with=other).exists()
    )
    if not usable or not may_be_paid(invoice):
        return False
    ledger.post(
        other, "carried", debit=Account.INCOME, credit=Account.CARRIED, amount=other.total, at=now
    )
    ledger.post(
        invoice, "carried", debit=Account.CARRIED, credit=Account.RECEIVABLE,
        amount=invoice.total, at=now,
    )  # fmt: skip
    invoice.paid_with = other
    transition(invoice, InvoiceState.PAID, now)
    subjects.of(invoice).settled(invoice)
    return True
