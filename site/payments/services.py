"""The verbs of money: every change of an invoice or an attempt is a function here, under a lock
on the invoice's row, with its ledger entries in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Organization, User
from core.money import Tiyin
from payments import ledger, subjects
from payments.models import Attempt, Invoice, InvoiceItem, MerchantAccount, NumberSeries, Refund
from payments.numbers import format_number
from payments.states import (
    ATTEMPT_WAYS,
    PAYABLE,
    WAYS,
    Account,
    AttemptState,
    InvalidMove,
    InvoiceState,
)
from service_pages.models import Service

#: How long an invoice may be paid (forms_and_casework.md §6.3: payment window of 72 hours).
WINDOW = timedelta(hours=72)
NOTHING = Tiyin(0)


@dataclass(frozen=True)
class Item:
    """A line of an invoice to be. Sums in tiyin; texts in each language."""

    fee_kind: str
    amount: Tiyin
    label: dict[str, str] = field(default_factory=dict)
    legal_point: dict[str, str] = field(default_factory=dict)
    key: str = ""
    multiplier: Decimal | None = None
    base: Tiyin | None = None
    discount: Tiyin = NOTHING
    discount_code: str = ""


def _next_number(agency: Agency, year: int) -> str:
    """The next number of an agency in a year. The series' row stays locked until commit."""
    NumberSeries.objects.get_or_create(agency=agency, year=year)
    series = NumberSeries.objects.select_for_update().get(agency=agency, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return format_number(year, agency.code, series.last)


@transaction.atomic
def issue(
    agency: Agency,
    items: Sequence[Item],
    *,
    language: str,
    kind: str = "",
    reference: str = "",
    about: str = "",
    service: Service | None = None,
    payer: User | None = None,
    organization: Organization | None = None,
    billed_to: dict[str, str] | None = None,
    validity_days: int | None = None,
    now: datetime | None = None,
) -> Invoice | None:
    """Issue an invoice with its items; None where there is nothing to pay.

    A second one for the same subject is the first again, as long as that was not cancelled and
    did not expire.
    """
    now = now or timezone.now()
    total = sum((item.amount - item.discount for item in items), Tiyin())
    if total <= 0:
        return None
    if kind:
        present = Invoice.objects.filter(kind=kind, reference=reference).exclude(
            state__in=[InvoiceState.CANCELLED, InvoiceState.EXPIRED]
        )
        if found := present.first():
            return found
    invoice = Invoice.objects.create(
        number=_next_number(agency, timezone.localtime(now).year),
        kind=kind, reference=reference, about=about, agency=agency, service=service, payer=payer,
        organization=organization, billed_to=billed_to or {}, language=language, total=total,
        issued_at=now, state_since=now, due_at=now + WINDOW, validity_days=validity_days,
    )  # fmt: skip
    for position, item in enumerate(items, start=1):
        InvoiceItem.objects.create(
            invoice=invoice, position=position, key=item.key, fee_kind=item.fee_kind,
            label=item.label, legal_point=item.legal_point, multiplier=item.multiplier,
            base=item.base, amount=item.amount, discount=item.discount,
            discount_code=item.discount_code,
        )  # fmt: skip
    ledger.post(
        invoice, "issued", debit=Account.RECEIVABLE, credit=Account.INCOME, amount=total, at=now
    )
    return invoice


def lock(pk: int) -> Invoice:
    """The invoice under a row lock until the end of the caller's transaction; what it is for is
    locked before it."""
    seen = Invoice.objects.only("kind", "reference").get(pk=pk)
    subjects.of(seen).lock(seen.reference)
    return Invoice.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)


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
    if target == AttemptState.PERFORMED:
        attempt.performed_at = now
    else:
        attempt.cancelled_at = now
        attempt.reason = reason
    attempt.save()


def may_be_paid(invoice: Invoice) -> bool:
    """Whether money may be taken now: it is owed, and what it is for waits for it."""
    return invoice.is_payable and subjects.of(invoice).awaits(invoice.reference)


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
    attempt, invoice = _locked(attempt_pk)
    if attempt.state == AttemptState.PERFORMED:
        return attempt
    if attempt.state != AttemptState.CREATED or not may_be_paid(invoice):
        raise InvalidMove(attempt.state, AttemptState.PERFORMED)
    move_attempt(attempt, AttemptState.PERFORMED, now)
    _settle(invoice, attempt, now)
    return attempt


def _locked(attempt_pk: int) -> tuple[Attempt, Invoice]:
    invoice_pk = Attempt.objects.values_list("invoice_id", flat=True).get(pk=attempt_pk)
    invoice = lock(invoice_pk)
    attempt = Attempt.objects.select_for_update().get(pk=attempt_pk)
    attempt.invoice = invoice
    return attempt, invoice


def _settle(invoice: Invoice, attempt: Attempt, now: datetime, actor: User | None = None) -> None:
    """Book an attempt's money on an invoice that owes it; what is over is kept to be returned."""
    ledger.post(
        invoice, "paid", debit=attempt.provider, credit=Account.RECEIVABLE, amount=invoice.total,
        attempt=attempt, actor=actor, at=now,
    )  # fmt: skip
    _keep_surplus(invoice, attempt, Tiyin(attempt.amount - invoice.total), now, actor)
    transition(invoice, InvoiceState.PAID, now)
    subjects.of(invoice).settled(invoice)


def _keep_surplus(
    invoice: Invoice, attempt: Attempt, amount: Tiyin, now: datetime, actor: User | None
) -> None:
    if amount <= 0:
        return
    ledger.post(
        invoice, "surplus", debit=attempt.provider, credit=Account.SURPLUS, amount=amount,
        attempt=attempt, actor=actor, at=now,
    )  # fmt: skip
    invoice.surplus = invoice.surplus + amount
    invoice.save(update_fields=["surplus"])
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
    actor: User | None = None,
    data: dict[str, Any] | None = None,
    now: datetime | None = None,
) -> Attempt:
    """Record money that is already there: a bank transfer, a receipt of the cash desk.

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
        invoice=invoice, provider=provider, external_id=external_id, amount=amount,
        state=AttemptState.PERFORMED if pays else AttemptState.SURPLUS, created_at=now,
        performed_at=now, data=data or {},
    )  # fmt: skip
    if pays:
        _settle(invoice, attempt, now, actor)
    else:
        _keep_surplus(invoice, attempt, amount, now, actor)
    return attempt


@transaction.atomic
def break_off(
    attempt_pk: int, reason: int | None = None, *, now: datetime | None = None
) -> Attempt:
    """An attempt came to nothing: the invoice is open again. Breaking off again is the same again.

    Raises InvalidMove once money was received.
    """
    now = now or timezone.now()
    attempt, invoice = _locked(attempt_pk)
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
    attempt, invoice = _locked(attempt_pk)
    if attempt.state != AttemptState.PERFORMED:
        return break_off(attempt_pk, reason, now=now)
    approved = Refund.objects.filter(
        invoice=invoice, state=Refund.State.APPROVED, surplus=False
    ).first()
    if approved is None and subjects.of(invoice).taken_up(invoice.reference):
        raise InvalidMove(attempt.state, AttemptState.REVERSED)
    if approved is not None and approved.amount != invoice.total:
        raise InvalidMove(attempt.state, AttemptState.REVERSED)
    if invoice.refunded or Invoice.objects.filter(paid_with=invoice).exists():
        raise InvalidMove(attempt.state, AttemptState.REVERSED)
    if approved is not None:
        approved.state, approved.done_at = Refund.State.DONE, now
        approved.save(update_fields=["state", "done_at"])
    move_attempt(attempt, AttemptState.REVERSED, now, reason)
    ledger.post(
        invoice, "refunded", debit=Account.INCOME if approved is None else Account.REFUND,
        credit=attempt.provider, amount=invoice.total, attempt=attempt, at=now,
    )  # fmt: skip
    invoice.refunded = invoice.total
    transition(invoice, InvoiceState.REFUNDED, now)
    subjects.of(invoice).refunded(invoice)
    return attempt


@transaction.atomic
def note(attempt_pk: int, values: dict[str, Any]) -> None:
    """Keep what the provider tells besides, such as a fiscal receipt. No money moves."""
    attempt, _invoice = _locked(attempt_pk)
    attempt.data = attempt.data | values
    attempt.save(update_fields=["data"])


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
