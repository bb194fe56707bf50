"""Money that no provider's call tells of: the bank's statement and the cash desk.

The statement is CSV in UTF-8 with a head, separated by `;` or `,`:
`date` (2026-03-04 or 04.03.2026), `document`, `amount` (soʻm, `18540.00` or `18 540,00`), `stir`,
`payer`, `purpose`. A line pays the invoice whose number its purpose holds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Agency, Role, User
from accounts.selectors import may
from core.money import Tiyin, typed_soums
from operations.crypto import blind_index
from payments import services
from payments.models import BankLine, CashReceipt, Invoice
from payments.numbers import find_number
from payments.refunds import MONEY, NotAllowed
from payments.states import InvalidMove, ProviderName

COLUMNS = ("date", "document", "amount", "stir", "payer", "purpose")
MOST_BYTES = 5_000_000
#: Who enters a receipt of the cash desk; who confirms it is another of these or of MONEY.
DESK = (Role.CLERK, Role.OFFICER, *MONEY)


class BadStatement(ValueError):
    """A statement that cannot be read: `line` counts from 1, `column` says where."""

    def __init__(self, line: int, column: str) -> None:
        self.line, self.column = line, column
        super().__init__(f"{line}: {column}")


@dataclass(frozen=True)
class Parsed:
    """A line as it was read. The sum is in tiyin."""

    day: date
    document: str
    amount: Tiyin
    stir: str
    payer: str
    purpose: str


@dataclass(frozen=True)
class Imported:
    """What became of a statement's lines."""

    matched: int
    unmatched: int
    known: int


def rows(content: bytes, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(number of the line, its values) of a CSV file. Raises BadStatement where it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadStatement(1, "UTF-8") from None
    head = text.splitlines()[0] if text else ""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",")
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or [])]
        if missing:
            raise BadStatement(1, missing[0])
        for row in reader:
            values = {name: (row.get(name) or "").replace("\x00", "").strip() for name in columns}
            yield reader.line_num, values
    except csv.Error:
        raise BadStatement(reader.line_num + 1, "CSV") from None


def parse(content: bytes) -> list[Parsed]:
    """The lines of a statement. Raises BadStatement at the first that cannot be read."""
    return [_line(number, values) for number, values in rows(content, COLUMNS)]


def _line(number: int, values: dict[str, str]) -> Parsed:
    document = values["document"]
    if not 0 < len(document) <= 40:
        raise BadStatement(number, "document")
    return Parsed(
        _day(number, values["date"]), document, amount_of(number, values["amount"]),
        values["stir"][:9], values["payer"][:200], values["purpose"][:500],
    )  # fmt: skip


def _day(number: int, text: str) -> date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue
    raise BadStatement(number, "date")


def amount_of(number: int, text: str) -> Tiyin:
    """A sum in soʻm as people and banks write it. Raises BadStatement."""
    try:
        amount = typed_soums(text)
    except ValueError:
        raise BadStatement(number, "amount") from None
    if not 0 < amount < 2**53:
        raise BadStatement(number, "amount")
    return amount


@transaction.atomic
def import_statement(agency: Agency, content: bytes, actor: User) -> Imported:
    """Record a statement's lines once and pay the invoices that they name.

    The same statement again changes nothing. Raises NotAllowed, or BadStatement before anything
    is written.
    """
    if not may(actor, agency, *MONEY):
        raise NotAllowed("statement")
    counts = {"matched": 0, "unmatched": 0, "known": 0}
    for parsed in parse(content):
        line, created = BankLine.objects.get_or_create(
            agency=agency, day=parsed.day, document=parsed.document, amount=parsed.amount,
            payer_index=blind_index(f"{parsed.stir}|{parsed.payer.casefold()}"),
            defaults={
                "content": {
                    "payer": parsed.payer, "stir": parsed.stir, "purpose": parsed.purpose
                },
                "imported_by": actor,
            },
        )  # fmt: skip
        if not created:
            counts["known"] += 1
            continue
        number = find_number(parsed.purpose)
        invoice = Invoice.objects.filter(number=number, agency=agency).first() if number else None
        if invoice is None:
            counts["unmatched"] += 1
            continue
        match(line, invoice, actor)
        counts["matched"] += 1
    return Imported(**counts)


@transaction.atomic
def match(line: BankLine, invoice: Invoice, actor: User) -> None:
    """Take a line's money for an invoice. Raises NotAllowed, InvalidMove where it is taken."""
    if not may(actor, line.agency, *MONEY) or invoice.agency_id != line.agency_id:
        raise NotAllowed("match")
    locked = BankLine.objects.select_for_update().get(pk=line.pk)
    if locked.attempt_id is not None:
        raise InvalidMove("matched", "matched")
    locked.attempt = services.receive(
        invoice.pk, ProviderName.BANK, f"bank-{line.pk}", line.amount, actor=actor,
        data={"paydoc": line.document},
    )  # fmt: skip
    locked.save(update_fields=["attempt"])


@transaction.atomic
def enter_cash(invoice: Invoice, number: str, amount: Tiyin, actor: User) -> CashReceipt:
    """Enter a receipt of the cash desk; it counts once another person confirms it.

    Raises NotAllowed, ValueError without a number or for a sum that is none, or for a receipt
    that was entered before.
    """
    if not may(actor, invoice.agency, *DESK) or invoice.payer_id == actor.pk:
        raise NotAllowed("cash")
    number = number.strip()
    if not 0 < len(number) <= 40 or amount <= 0:
        raise ValueError("receipt")
    try:
        with transaction.atomic():
            return CashReceipt.objects.create(
                invoice=invoice, agency=invoice.agency, number=number, amount=amount,
                entered_by=actor,
            )  # fmt: skip
    except IntegrityError:
        raise ValueError("known") from None


@transaction.atomic
def decide_cash(pk: int, actor: User, *, confirm: bool) -> CashReceipt:
    """A second person confirms or refuses a receipt. Raises NotAllowed, InvalidMove."""
    services.lock(CashReceipt.objects.values_list("invoice_id", flat=True).get(pk=pk))
    row = (
        CashReceipt.objects.select_for_update(of=("self",))
        .select_related("agency", "invoice")
        .get(pk=pk)
    )
    own = actor.pk in {row.entered_by_id, row.invoice.payer_id}
    if own or not may(actor, row.agency, *DESK):
        raise NotAllowed("cash")
    target = CashReceipt.State.CONFIRMED if confirm else CashReceipt.State.REJECTED
    if row.state != CashReceipt.State.ENTERED:
        raise InvalidMove(row.state, target)
    row.state, row.decided_by, row.decided_at = target, actor, timezone.now()
    row.save()
    if confirm:
        services.receive(
            row.invoice_id, ProviderName.CASH, f"cash-{row.pk}", row.amount, actor=actor,
            data={"paydoc": row.number},
        )  # fmt: skip
    return row
