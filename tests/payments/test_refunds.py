"""Money that goes back and money that comes by hand: four eyes, once, booked."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Agency, Role, User
from core.money import Tiyin, soums
from payments import by_hand, ledger, refunds, services
from payments.models import BankLine, CashReceipt, Invoice, Refund
from payments.services import Item, issue
from payments.states import InvalidMove
from tests.casework.support import make_agency, staff
from tests.payments.conftest import FEE, WEDNESDAY

pytestmark = pytest.mark.every_database


@pytest.fixture
def accountant(agency: Agency) -> User:
    return staff(agency, Role.ACCOUNTANT, name="accountant")


@pytest.fixture
def head(agency: Agency) -> User:
    return staff(agency, Role.HEAD, name="head")


@pytest.fixture
def outsider(db: None) -> User:
    return staff(make_agency("saqlash", "SAQ"), Role.ACCOUNTANT, name="accountant")


@pytest.fixture
def officer(agency: Agency) -> User:
    return staff(agency, Role.OFFICER)


@pytest.fixture
def paid(invoice: Invoice) -> Invoice:
    services.perform(services.begin(invoice.pk, "payme", "a" * 24, FEE).pk)
    invoice.refresh_from_db()
    return invoice


def right(invoice: Invoice) -> None:
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []


def test_a_refund_goes_through_two_people_and_is_booked_once(
    paid: Invoice, accountant: User, head: User
) -> None:
    row = refunds.request(paid.pk, FEE, "mistake", actor=accountant, note="Xato")
    right(paid)
    assert (paid.state, row.state) == ("paid", "requested")
    refunds.approve(row.pk, head)
    right(paid)
    assert paid.state == "refunding"
    refunds.book(row.pk, "R1", accountant)
    refunds.book(row.pk, "R1", accountant)
    right(paid)
    assert (paid.state, paid.refunded) == ("refunded", FEE)
    assert ledger.balances(paid) == {"receivable": 0, "income": 0, "payme": 0, "refund": 0}


def test_a_part_and_then_the_rest(paid: Invoice, accountant: User, head: User) -> None:
    for amount, state in ((soums(540), "partly_refunded"), (FEE - soums(540), "refunded")):
        row = refunds.request(paid.pk, amount, "other", actor=accountant)
        refunds.approve(row.pk, head)
        refunds.book(row.pk)
        right(paid)
        assert paid.state == state


@pytest.mark.parametrize("amount", [Tiyin(0), Tiyin(-1), FEE + 1])
def test_never_more_than_was_paid(paid: Invoice, accountant: User, amount: Tiyin) -> None:
    with pytest.raises(ValueError):
        refunds.request(paid.pk, amount, "other", actor=accountant)


def test_one_refund_at_a_time(paid: Invoice, accountant: User) -> None:
    refunds.request(paid.pk, soums(1), "other", actor=accountant)
    with pytest.raises(InvalidMove):
        refunds.request(paid.pk, soums(1), "other", actor=accountant)


def test_what_is_not_paid_is_not_returned(invoice: Invoice, accountant: User) -> None:
    with pytest.raises(InvalidMove):
        refunds.request(invoice.pk, FEE, "other", actor=accountant)


def test_nobody_approves_their_own_and_nobody_without_the_role(
    paid: Invoice, accountant: User, officer: User, outsider: User
) -> None:
    for person in (officer, outsider):
        with pytest.raises(refunds.NotAllowed):
            refunds.request(paid.pk, FEE, "other", actor=person)
    row = refunds.request(paid.pk, FEE, "other", actor=accountant)
    for person in (accountant, officer, outsider):
        with pytest.raises(refunds.NotAllowed):
            refunds.approve(row.pk, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=row.pk).update(state="approved", decided_by=accountant)


def test_what_is_not_approved_changes_nothing(paid: Invoice, accountant: User, head: User) -> None:
    row = refunds.request(paid.pk, FEE, "other", actor=accountant)
    refunds.reject(row.pk, head)
    with pytest.raises(InvalidMove):
        refunds.book(row.pk)
    with pytest.raises(InvalidMove):
        refunds.approve(row.pk, head)
    right(paid)
    assert paid.state == "paid"


def test_what_payme_takes_back_ends_the_approved_refund(
    paid: Invoice, accountant: User, head: User
) -> None:
    row = refunds.request(paid.pk, FEE, "other", actor=accountant)
    refunds.approve(row.pk, head)
    services.cancel_attempt(paid.attempts.get().pk, 5)
    row.refresh_from_db()
    right(paid)
    assert (row.state, paid.state) == ("done", "refunded")
    refunds.book(row.pk)
    right(paid)


def test_payme_does_not_take_back_more_than_was_approved(
    paid: Invoice, accountant: User, head: User
) -> None:
    row = refunds.request(paid.pk, soums(1), "other", actor=accountant)
    refunds.approve(row.pk, head)
    with pytest.raises(InvalidMove):
        services.cancel_attempt(paid.attempts.get().pk, 5)
    right(paid)


def test_late_money_makes_a_task_to_return_it(
    invoice: Invoice, accountant: User, head: User
) -> None:
    services.expire(invoice.pk, now=invoice.due_at)
    services.receive(invoice.pk, "bank", "1", FEE)
    row = Refund.objects.get()
    assert (row.surplus, row.amount, row.requested_by) == (True, FEE, None)
    refunds.approve(row.pk, head)
    right(invoice)
    refunds.book(row.pk, "PP-1", accountant)
    right(invoice)
    assert (invoice.state, invoice.surplus_kept) == ("expired", 0)
    assert ledger.balances(invoice)["bank"] == 0


# -- bank ----------------------------------------------------------------------------------------

HEAD = "date;document;amount;stir;payer;purpose\n"


def statement(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines)).encode("utf-8-sig")


def test_a_statement_pays_what_its_lines_name_once(invoice: Invoice, accountant: User) -> None:
    text = statement(
        f"2026-03-04;17;18540.00;301234561;Namuna MChJ;Davlat xizmati {invoice.number.lower()} QQSsiz",
        "04.03.2026;18;5 000,50;;Nomaʼlum;toʻlov",
    )
    assert by_hand.import_statement(invoice.agency, text, accountant) == by_hand.Imported(1, 1, 0)
    assert by_hand.import_statement(invoice.agency, text, accountant) == by_hand.Imported(0, 0, 2)
    right(invoice)
    assert invoice.state == "paid"
    assert BankLine.objects.filter(attempt__isnull=True).get().amount == soums("5000.50")


def test_each_payer_counts_documents_from_one(invoice: Invoice, accountant: User) -> None:
    """Two payers, one day, the same number and sum: both came; the same file again brings none."""
    lines = [
        f"2026-03-04;1;18540;301234567;Namuna MChJ;{invoice.number}",
        "2026-03-04;1;18540;309876543;Boshqa MChJ;raqamsiz",
    ]
    twice = statement(*lines, lines[0])
    assert by_hand.import_statement(invoice.agency, twice, accountant) == by_hand.Imported(1, 1, 1)
    assert by_hand.import_statement(
        invoice.agency, statement(*lines), accountant
    ) == by_hand.Imported(0, 0, 2)
    right(invoice)
    assert (invoice.state, invoice.surplus) == ("paid", 0)


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_lines_may_end_as_on_any_machine(invoice: Invoice, accountant: User, end: str) -> None:
    text = statement(f"2026-03-04;1;18540;;X;{invoice.number}").replace(b"\n", end.encode())
    assert by_hand.import_statement(invoice.agency, text, accountant).matched == 1


def test_a_line_is_matched_by_a_person(invoice: Invoice, accountant: User, outsider: User) -> None:
    by_hand.import_statement(
        invoice.agency, statement("2026-03-04;1;18540;;X;raqamsiz"), accountant
    )
    line = BankLine.objects.get()
    with pytest.raises(refunds.NotAllowed):
        by_hand.match(line, invoice, outsider)
    by_hand.match(line, invoice, accountant)
    with pytest.raises(InvalidMove):
        by_hand.match(line, invoice, accountant)
    right(invoice)
    assert invoice.state == "paid"


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"\xff\xfe", 1, "UTF-8"), (b"date;document\n", 1, "amount"), (b"", 1, "date"),
        (statement("2026-13-04;1;5;;;"), 2, "date"), (statement("2026-03-04;;5;;;"), 2, "document"),
        (statement("2026-03-04;1;5;;;", "2026-03-04;1;0;;;"), 3, "amount"),
        (statement("2026-03-04;1;-5;;;"), 2, "amount"), (statement("2026-03-04;1;1e9999;;;"), 2, "amount"),
        (statement("2026-03-04;1;0.001;;;"), 2, "amount"), (statement("2026-03-04;1;x;;;"), 2, "amount"),
        *((statement(f"2026-03-04;1;{sum_};;;"), 2, "amount")
          for sum_ in ("18.540", "18,540.00", "1_000", "1e3", "+5", "٥", "18540.", "")),
        (statement('2026-03-04;"1";5;;;"' + "x" * 200_000 + '"'), 2, "CSV"),
        (statement("2026-03-04;1;5;;;", "", '2026-03-05;2;5;;;"two', 'lines"', "x;3;5;;;"), 6, "date"),
    ],
)  # fmt: skip
def test_a_statement_that_cannot_be_read_writes_nothing(
    agency: Agency, accountant: User, content: bytes, line: int, column: str
) -> None:
    with pytest.raises(by_hand.BadStatement) as caught:
        by_hand.import_statement(agency, content, accountant)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert not BankLine.objects.exists()


def test_another_agencys_statement_pays_nothing_here(invoice: Invoice, outsider: User) -> None:
    text = statement(f"2026-03-04;17;18540;;X;{invoice.number}")
    with pytest.raises(refunds.NotAllowed):
        by_hand.import_statement(invoice.agency, text, outsider)
    other = Agency.objects.get(code="SAQ")
    assert by_hand.import_statement(other, text, outsider).unmatched == 1
    right(invoice)
    assert invoice.state == "open"


# -- cash ----------------------------------------------------------------------------------------


def test_cash_counts_once_a_second_person_confirms(
    invoice: Invoice, officer: User, head: User
) -> None:
    row = by_hand.enter_cash(invoice, " K-17 ", FEE, officer)
    right(invoice)
    assert invoice.state == "open"
    with pytest.raises(refunds.NotAllowed):
        by_hand.decide_cash(row.pk, officer, confirm=True)
    by_hand.decide_cash(row.pk, head, confirm=True)
    right(invoice)
    assert invoice.state == "paid"
    with pytest.raises(InvalidMove):
        by_hand.decide_cash(row.pk, head, confirm=False)
    with pytest.raises(ValueError):
        by_hand.enter_cash(invoice, "K-17", FEE, officer)


def test_nobody_decides_about_money_of_their_own(
    invoice: Invoice, paid: Invoice, officer: User, accountant: User, head: User
) -> None:
    Invoice.objects.update(payer=head)
    with pytest.raises(refunds.NotAllowed):
        refunds.approve(refunds.request(paid.pk, FEE, "mistake", actor=accountant).pk, head)
    second = issue(paid.agency, [Item("levy", FEE)], language="uz", payer=head, now=WEDNESDAY)
    assert second is not None
    with pytest.raises(refunds.NotAllowed):
        by_hand.decide_cash(by_hand.enter_cash(second, "K-2", FEE, officer).pk, head, confirm=True)


def test_a_refused_receipt_pays_nothing(invoice: Invoice, officer: User, head: User) -> None:
    row = by_hand.enter_cash(invoice, "K-1", FEE, officer)
    by_hand.decide_cash(row.pk, head, confirm=False)
    right(invoice)
    assert invoice.state == "open"
    with pytest.raises(IntegrityError), transaction.atomic():
        CashReceipt.objects.filter(pk=row.pk).update(decided_by=officer)


def test_strangers_enter_nothing(invoice: Invoice, outsider: User, citizen: User) -> None:
    for person in (outsider, citizen):
        with pytest.raises(refunds.NotAllowed):
            by_hand.enter_cash(invoice, "1", FEE, person)
