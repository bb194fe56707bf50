"""Issue invoices: numbers, frozen items, nothing where nothing is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Organization, User
from core.money import Tiyin
from core.serials import next_serial
from payments import ledger, requisites
from payments.models import Invoice, InvoiceItem, NumberSeries
from payments.numbers import format_number
from payments.states import Account, InvoiceState
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
    return format_number(year, agency.code, next_serial(NumberSeries, agency=agency, year=year))


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
        organization=organization, billed_to=billed_to or {}, payee=requisites.of_agency(agency),
        language=language, total=total,
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
