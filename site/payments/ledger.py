"""Write to the ledger, read its balances, check that nothing in it was changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from core.money import Tiyin
from payments.models import Attempt, Invoice, LedgerEntry
from payments.states import Account


def post(
    invoice: Invoice,
    kind: str,
    *,
    debit: str,
    credit: str,
    amount: Tiyin,
    attempt: Attempt | None = None,
    actor: Any = None,
    at: datetime | None = None,
) -> LedgerEntry:
    """Append an entry. The caller holds a lock on the invoice's row, in a transaction."""
    last = LedgerEntry.objects.filter(invoice=invoice).order_by("-sequence").first()
    entry = LedgerEntry(
        invoice=invoice,
        sequence=last.sequence + 1 if last else 1,
        at=at or timezone.now(),
        kind=kind,
        debit=debit,
        credit=credit,
        amount=amount,
        attempt=attempt,
        actor=actor,
        prev_hash=last.hash if last else "",
    )
    entry.hash = entry.computed_hash()
    entry.save()
    return entry


def balances(invoice: Invoice | None = None) -> dict[str, Tiyin]:
    """Account → debits less credits in tiyin, of one invoice or of all. They sum up to nothing."""
    rows = LedgerEntry.objects.filter(invoice=invoice) if invoice else LedgerEntry.objects.all()
    sums: dict[str, Tiyin] = defaultdict(Tiyin)
    for debit, credit, amount in rows.values_list("debit", "credit").annotate(Sum("amount")):
        sums[debit] += Tiyin(int(amount))
        sums[credit] -= Tiyin(int(amount))
    return {account: sums[account] for account in Account.values if account in sums}


def broken_links(invoice: Invoice) -> list[int]:
    """Sequence numbers of entries that do not fit their hash or the one before."""
    broken, before, expected = [], "", 1
    for entry in LedgerEntry.objects.filter(invoice=invoice).order_by("sequence"):
        if (
            entry.sequence != expected
            or entry.prev_hash != before
            or entry.hash != entry.computed_hash()
        ):
            broken.append(entry.sequence)
        before, expected = entry.hash, entry.sequence + 1
    return broken


def disagreements(invoice: Invoice) -> list[str]:
    """What the invoice's row says otherwise than its ledger; empty where they agree."""
    sums = defaultdict(Tiyin, balances(invoice))
    money = sums[Account.PAYME] + sums[Account.CLICK] + sums[Account.BANK] + sums[Account.CASH]
    checks = {
        "balance": sum(sums.values(), Tiyin()) == 0,
        "receivable": sums[Account.RECEIVABLE] == (invoice.total if invoice.is_payable else 0),
        # Fees earned: nothing of what was cancelled, expired or promised back.
        "income": -sums[Account.INCOME] >= 0,
        # An invoice that used another's payment holds none itself; the other holds it on.
        "money": money + sums[Account.CARRIED] * int(invoice.paid_with_id is not None)
        == invoice.kept + invoice.surplus_kept,
    }
    return [name for name, right in checks.items() if not right]
