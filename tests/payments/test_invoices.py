"""Invoices: number, frozen items, states, money once, a ledger that only grows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency, User
from core.money import Tiyin, soums
from payments import ledger, services
from payments.models import Attempt, Invoice, LedgerEntry
from payments.numbers import find_number, format_number, parse_number
from payments.services import Item, issue
from payments.states import WAYS, InvalidMove, InvoiceState
from tests.payments.conftest import FEE, WEDNESDAY

pytestmark = pytest.mark.every_database


def right(invoice: Invoice) -> None:
    """The ledger agrees with the invoice and is whole."""
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []


def test_an_invoice_has_a_number_a_sum_a_time_and_a_first_entry(agency: Agency) -> None:
    items = [
        Item("state_duty", soums(412_000), discount=soums(206_000), legal_point={"uz": "3-band"}),
        Item("service_price", soums(1_000), label={"uz": "Nusxa", "ru": "Копия"}),
    ]
    made = issue(agency, items, language="uz", now=WEDNESDAY)
    assert made is not None
    assert made.number == parse_number(made.number) == format_number(2026, "ADL", 1)
    assert made.total == soums(207_000)
    assert made.due_at == WEDNESDAY + timedelta(hours=72)
    first, second = made.items.all()
    assert (first.due, first.law("ru")) == (soums(206_000), "3-band")
    assert second.text("ru") == "Копия"
    assert ledger.balances(made) == {"receivable": soums(207_000), "income": -soums(207_000)}
    right(made)


@pytest.mark.parametrize("items", [[], [Item("levy", soums(10), discount=soums(10))]])
def test_nothing_to_pay_makes_no_invoice(agency: Agency, items: list[Item]) -> None:
    assert issue(agency, items, language="uz") is None
    assert not Invoice.objects.exists()


def test_two_invoices_have_two_numbers(agency: Agency) -> None:
    numbers = {
        issue(agency, [Item("levy", FEE)], language="uz", now=WEDNESDAY).number for _ in range(3)
    }
    assert numbers == {format_number(2026, "ADL", serial) for serial in (1, 2, 3)}


@given(
    st.integers(2020, 2100),
    st.from_regex(r"[A-HJ-NP-Z]{2,5}", fullmatch=True),
    st.integers(1, 9_999_999),
)
def test_a_number_is_found_in_what_people_write(year: int, code: str, serial: int) -> None:
    number = format_number(year, code, serial)
    assert find_number(f"Toʻlov {number.lower().replace('-', ' – ')}, QQSsiz") == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert parse_number(wrong) is None


def test_a_paid_invoice_balances_and_repeats_are_the_same(invoice: Invoice) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE, now=WEDNESDAY)
    invoice.refresh_from_db()
    assert invoice.state == InvoiceState.WAITING
    first = services.perform(attempt.pk, now=WEDNESDAY)
    again = services.perform(attempt.pk, now=WEDNESDAY + timedelta(hours=1))
    assert first.performed_at == again.performed_at == WEDNESDAY
    invoice.refresh_from_db()
    assert (invoice.state, invoice.paid_at) == (InvoiceState.PAID, WEDNESDAY)
    assert ledger.balances(invoice) == {"receivable": 0, "income": -FEE, "payme": FEE}
    right(invoice)


def test_a_second_payment_is_refused_by_the_verbs_and_by_the_database(invoice: Invoice) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    with pytest.raises(InvalidMove):
        services.begin(invoice.pk, "click", "1", FEE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(invoice=invoice, provider="click", external_id="1", amount=FEE)
    services.perform(attempt.pk)
    with pytest.raises(InvalidMove):
        services.begin(invoice.pk, "click", "1", FEE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            invoice=invoice, provider="click", external_id="1", amount=FEE, state="performed",
            performed_at=WEDNESDAY,
        )  # fmt: skip
    right(invoice)


@pytest.mark.parametrize("amount", [FEE - 1, FEE + 1, Tiyin(1)])
def test_another_sum_reserves_nothing(invoice: Invoice, amount: Tiyin) -> None:
    with pytest.raises(ValueError):
        services.begin(invoice.pk, "payme", "a" * 24, amount)
    assert not invoice.attempts.exists()


def test_a_broken_off_attempt_leaves_the_invoice_to_be_paid_again(invoice: Invoice) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    services.break_off(attempt.pk, 3)
    services.break_off(attempt.pk, 5)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.reason) == ("cancelled", 3)
    with pytest.raises(InvalidMove):
        services.perform(attempt.pk)
    services.perform(services.begin(invoice.pk, "click", "7", FEE).pk)
    right(invoice)


def test_what_comes_beyond_the_sum_is_recorded_to_be_returned(
    invoice: Invoice, citizen: User
) -> None:
    services.receive(invoice.pk, "bank", "1", FEE + soums(1_000))
    services.receive(invoice.pk, "bank", "2", FEE)
    services.receive(invoice.pk, "bank", "2", FEE)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.surplus) == ("paid", FEE + soums(1_000))
    assert [a.state for a in invoice.attempts.order_by("pk")] == ["performed", "surplus"]
    assert ledger.balances(invoice)["bank"] == FEE * 2 + soums(1_000)
    right(invoice)


def test_too_little_pays_nothing_and_is_recorded(invoice: Invoice) -> None:
    services.receive(invoice.pk, "bank", "1", FEE - soums(1))
    invoice.refresh_from_db()
    assert (invoice.state, invoice.surplus) == ("open", FEE - soums(1))
    right(invoice)


def test_money_that_comes_by_hand_breaks_off_what_is_under_way(invoice: Invoice) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    services.receive(invoice.pk, "cash", "1", FEE)
    with pytest.raises(InvalidMove):
        services.perform(attempt.pk)
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    right(invoice)


def test_what_is_cancelled_owes_nothing_and_takes_nothing(invoice: Invoice) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    services.cancel(invoice.pk)
    services.cancel(invoice.pk)
    assert set(ledger.balances(invoice).values()) == {0}
    with pytest.raises(InvalidMove):
        services.perform(attempt.pk)
    services.receive(invoice.pk, "bank", "1", FEE)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.surplus) == ("cancelled", FEE)
    right(invoice)


def test_a_paid_invoice_is_neither_cancelled_nor_expired(invoice: Invoice) -> None:
    services.receive(invoice.pk, "cash", "1", FEE)
    with pytest.raises(InvalidMove):
        services.cancel(invoice.pk)
    assert not services.expire(invoice.pk, now=invoice.due_at + timedelta(days=1))
    for state in ("paid", "refunding", "refunded", "partly_refunded"):
        assert not WAYS[state] & {"cancelled", "expired", "open", "waiting"}


def test_an_invoice_expires_when_its_time_is_over_and_nothing_is_under_way(
    invoice: Invoice,
) -> None:
    assert not services.expire(invoice.pk, now=invoice.due_at - timedelta(seconds=1))
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    assert not services.expire(invoice.pk, now=invoice.due_at)
    services.break_off(attempt.pk, 4)
    assert services.expire(invoice.pk, now=invoice.due_at)
    assert not services.expire(invoice.pk, now=invoice.due_at)
    right(invoice)


@pytest.mark.parametrize("table", ["payments_ledgerentry", "payments_invoiceitem"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount = 1", "DELETE FROM {}"])
def test_ledger_and_items_never_change(invoice: Invoice, table: str, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    entry = LedgerEntry.objects.get()
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "nowhere"}, {"total": 0}, {"state": "paid"}, {"refunded": 1},
        {"surplus_refunded": 1}, {"kind": "request"},
    ],
)  # fmt: skip
def test_the_database_refuses_what_cannot_be(invoice: Invoice, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(**values)


def test_a_sum_is_no_float_on_its_way_to_the_database(invoice: Invoice) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(total=1.0)
    assert type(Invoice.objects.get().total) is Tiyin
