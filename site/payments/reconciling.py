"""Each day our books are compared with the provider's, and with themselves.

A provider's statement is CSV with a head: `id` (its transaction), `number` (our invoice), `amount`
(soʻm), `state` (`paid`, `returned`, `cancelled`). The sandbox gives its own; Payme's and Click's
come from their cabinets as files. What one side lacks is learnt where the provider can be asked,
and otherwise stands on the page of differences until a person settles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.money import Tiyin
from payments import asking, by_hand, ledger, subjects
from payments.models import Attempt, Difference, Invoice, MerchantAccount, SandboxTransaction
from payments.states import AttemptState, InvoiceState, ProviderName

#: Ways to pay that have a statement to compare with.
WAYS = (ProviderName.PAYME, ProviderName.CLICK)
_MONEY = {AttemptState.PERFORMED, AttemptState.SURPLUS}
Kind = Difference.Kind


@dataclass(frozen=True)
class Line:
    """A transaction as the provider's statement has it. The sum is in tiyin."""

    external_id: str
    number: str
    amount: Tiyin
    #: Money is with the agency.
    paid: bool


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1)


def compare(account: MerchantAccount, day: date, lines: Iterable[Line]) -> list[Difference]:
    """Compare a day of an account with its statement; what differs, as it now stands open.

    What is equal again settles what was found before. Safe to repeat.
    """
    start, end = _bounds(day)
    theirs = {line.external_id: line for line in lines}
    for row in Attempt.objects.filter(
        account=account, external_id__in=theirs, state=AttemptState.CREATED
    ):
        # Its call never came, or was lost in the middle: the provider's word is asked for first.
        asking.learn(row.pk)
    ours = {
        row.external_id: row
        for row in Attempt.objects.filter(account=account)
        .filter(performed_at__gte=start, performed_at__lt=end)
        .select_related("invoice")
    }
    ours |= {
        row.external_id: row
        for row in Attempt.objects.filter(account=account, external_id__in=theirs).select_related(
            "invoice"
        )
    }
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for number in {*theirs, *ours}:
        kind, facts = _differ(ours.get(number), theirs.get(number))
        if kind:
            found[kind, number] = facts
    return _keep(account, day, found, {*theirs, *ours})


def _differ(row: Attempt | None, line: Line | None) -> tuple[str, dict[str, Any]]:
    """(kind, facts) of a difference; ("", {}) where the two sides agree."""
    here = row.amount if row is not None and row.state in _MONEY else None
    there = line.amount if line is not None and line.paid else None
    facts = {"here": here, "there": there, "invoice": row.invoice if row else None}
    if here == there:
        return "", {}
    if row is None:
        assert line is not None
        facts["invoice"] = Invoice.objects.filter(number=line.number).first()
        return Kind.MISSING_HERE, facts
    if line is None:
        return Kind.MISSING_THERE, facts
    return (Kind.STATE if here is None or there is None else Kind.AMOUNT), facts


@transaction.atomic
def _keep(
    account: MerchantAccount, day: date, found: dict[tuple[str, str], dict[str, Any]],
    compared: set[str],
) -> list[Difference]:  # fmt: skip
    open_rows = Difference.objects.select_for_update().filter(
        agency=account.agency, provider=account.provider, settled_at__isnull=True,
        external_id__in=compared,
    )  # fmt: skip
    known = {(row.kind, row.external_id): row for row in open_rows}
    for key, row in known.items():
        if key not in found:
            row.settled_at = timezone.now()
            row.save(update_fields=["settled_at"])
    for (kind, number), facts in found.items():
        if (kind, number) not in known:
            Difference.objects.create(
                agency=account.agency, provider=account.provider, day=day, kind=kind,
                external_id=number, **facts,
            )  # fmt: skip
    return list(
        Difference.objects.filter(
            agency=account.agency, provider=account.provider, settled_at__isnull=True
        )
    )


def check_books(agency_ids: Iterable[int] | None = None, since: datetime | None = None) -> int:
    """Compare invoices with their ledger, and paid ones with their requests; how many differ."""
    rows = Invoice.objects.select_related("agency")
    if agency_ids is not None:
        rows = rows.filter(agency_id__in=agency_ids)
    if since is not None:
        rows = rows.filter(state_since__gte=since)
    count = 0
    for row in rows.iterator(500):
        count += _note(
            row, Kind.LEDGER, bool(ledger.disagreements(row) or ledger.broken_links(row))
        )
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


COLUMNS = ("id", "number", "amount", "state")


def parse(content: bytes) -> list[Line]:
    """The lines of a statement file. Raises BadStatement at the first that cannot be read."""
    lines = []
    for number, row in by_hand.rows(content, COLUMNS):
        if row["state"] not in {"paid", "returned", "cancelled"} or not 0 < len(row["id"]) <= 64:
            raise by_hand.BadStatement(number, "state" if row["id"] else "id")
        amount = by_hand.amount_of(number, row["amount"])
        lines.append(Line(row["id"], row["number"][:64], amount, row["state"] == "paid"))
    return lines


def sandbox_lines(account: MerchantAccount, day: date) -> list[Line]:
    """The sandbox's statement of a day."""
    rows = SandboxTransaction.objects.filter(account=account, at__range=_bounds(day))
    return [Line(row.external_id, row.number, row.amount, row.state == "paid") for row in rows]


def reconcile(day: date | None = None) -> int:
    """The daily comparison (of yesterday); how many differences are open. Safe to repeat."""
    day = day or timezone.localdate() - timedelta(days=1)
    for account in MerchantAccount.objects.filter(provider__in=WAYS, sandbox=True):
        compare(account, day, sandbox_lines(account, day))
    check_books(since=_bounds(day)[0])
    return Difference.objects.filter(settled_at__isnull=True).count()


def settle(pk: int, actor: User) -> None:
    """A person has cleared a difference up."""
    Difference.objects.filter(pk=pk, settled_at__isnull=True).update(
        settled_at=timezone.now(), settled_by=actor
    )
