"""Our books compared with themselves: each invoice with its ledger and with what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from payments import ledger, subjects
from payments.models import Difference, Invoice
from payments.states import InvoiceState

Kind = Difference.Kind


def check(agency_ids: Iterable[int] | None = None, since: datetime | None = None) -> int:
    """Compare invoices with their ledger, and paid ones with their requests; how many differ."""
    rows = Invoice.objects.select_related("agency")
    if agency_ids is not None:
        rows = rows.filter(agency_id__in=agency_ids)
    if since is not None:
        rows = rows.filter(state_since__gte=since)
    count = 0
    for row in rows.iterator(500):
        wrong = bool(ledger.disagreements(row) or ledger.broken_links(row))
        count += _note(row, Kind.LEDGER, wrong)
        waits = (
            row.state == InvoiceState.PAID and row.kind and subjects.of(row).awaits(row.reference)
        )
        count += _note(row, Kind.SUBJECT, bool(waits))
    return count


def _note(invoice: Invoice, kind: str, differs: bool) -> int:
    rows = Difference.objects.filter(
        agency=invoice.agency, kind=kind, external_id=invoice.number, settled_at__isnull=True
    )
    if not differs:
        rows.update(settled_at=timezone.now())
    elif not rows.exists():
        Difference.objects.create(
            agency=invoice.agency, kind=kind, external_id=invoice.number, invoice=invoice,
            day=timezone.localdate(), here=invoice.total,
        )  # fmt: skip
    return int(differs)
