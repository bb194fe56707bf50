"""Both sides are compared each day: what is lost is learnt, what differs stands until it is settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from core.money import Tiyin
from payments import (
    asking,
    books,
    by_hand,
    ledger,
    reconciling,
    refunds,
    services,
    statements,
    totals,
)
from payments.models import (
    Attempt,
    CallLog,
    Comparison,
    Difference,
    Invoice,
    MerchantAccount,
    Refund,
    SandboxTransaction,
)
from payments.providers import Line, Status
from payments.providers.payme import Payme
from payments.refunds import NotAllowed
from payments.sandbox.merchant import payment_of
from payments.states import InvalidMove
from tests.casework.support import signed_in, staff
from tests.payments.conftest import FEE
from tests.payments.support import PROVIDERS, make_invoice, visit

pytestmark = pytest.mark.every_database


@pytest.fixture
def account(agency: Agency) -> MerchantAccount:
    return MerchantAccount.objects.create(agency=agency, provider="payme", merchant_id="0" * 24)


@pytest.fixture
def today() -> Any:
    return timezone.localdate()


@pytest.fixture
def accountant(agency: Agency) -> User:
    return staff(agency, Role.ACCOUNTANT, name="accountant")


def pay(invoice: Invoice, account: MerchantAccount, number: str = "a" * 24) -> Attempt:
    return services.perform(services.begin(invoice.pk, "payme", number, FEE, account=account).pk)


def test_equal_books_have_no_difference(
    invoice: Invoice, account: MerchantAccount, today: Any
) -> None:
    pay(invoice, account)
    line = Line("a" * 24, invoice.number, FEE, True)
    assert reconciling.compare(account, today, [line]) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (None, "missing_there"),
        (Line("a" * 24, "", Tiyin(FEE - 1), True), "amount"),
        (Line("a" * 24, "", FEE, False), "state"),
    ],
)
def test_each_way_to_differ(
    invoice: Invoice, account: MerchantAccount, today: Any, line: Line | None, kind: str
) -> None:
    pay(invoice, account)
    lines = [line] if line else []
    assert [row.kind for row in reconciling.compare(account, today, lines)] == [kind]
    # The same again finds it once; equal again settles it.
    assert len(reconciling.compare(account, today, lines)) == 1
    assert reconciling.compare(account, today, [Line("a" * 24, "", FEE, True)]) == []


def test_what_only_the_provider_knows_names_the_invoice(
    invoice: Invoice, account: MerchantAccount, today: Any
) -> None:
    rows = reconciling.compare(account, today, [Line("b" * 24, invoice.number, FEE, True)])
    assert [(row.kind, row.invoice) for row in rows] == [("missing_here", invoice)]
    assert reconciling.compare(account, today, [Line("c" * 24, "x", FEE, False)]) != []


def test_a_payment_whose_call_was_lost_is_learnt(
    invoice: Invoice, account: MerchantAccount, today: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.begin(invoice.pk, "payme", "a" * 24, FEE, account=account)
    monkeypatch.setattr(Payme, "status", lambda *_args: Status.PAID)
    assert reconciling.compare(account, today, [Line("a" * 24, "", FEE, True)]) == []
    invoice.refresh_from_db()
    assert invoice.state == "paid"


def test_a_database_lost_in_the_middle_leaves_nothing_half_done_and_asking_mends_it(
    invoice: Invoice, account: MerchantAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE, account=account)
    write = ledger.post

    def lost(*args: Any, **kwargs: Any) -> Any:
        write(*args, **kwargs)
        raise DatabaseError("the server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(ledger, "post", lost)
        with pytest.raises(DatabaseError):
            services.perform(attempt.pk)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.entries.count()) == ("waiting", 1)
    monkeypatch.setattr(Payme, "status", lambda *_args: Status.PAID)
    assert asking.ask_about_silent(timezone.now() + timedelta(minutes=11)) == 1
    invoice.refresh_from_db()
    assert invoice.state == "paid"
    assert books.check() == 0


@pytest.mark.parametrize("owed", [True, False])
def test_a_person_takes_money_that_only_the_provider_knows(
    invoice: Invoice, account: MerchantAccount, today: Any, accountant: User, owed: bool
) -> None:
    if not owed:
        services.expire(invoice.pk, now=invoice.due_at)
    line = Line("b" * 24, invoice.number, FEE, True)
    row = reconciling.compare(account, today, [line])[0]
    with pytest.raises(NotAllowed):
        reconciling.take_money(row.pk, staff(account.agency, Role.OFFICER))
    reconciling.take_money(row.pk, accountant)
    with pytest.raises(InvalidMove):
        reconciling.take_money(row.pk, accountant)
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert (invoice.state, invoice.surplus) == (("paid", 0) if owed else ("expired", FEE))
    assert reconciling.compare(account, today, [line]) == []


def test_money_of_an_attempt_that_was_broken_off_is_recorded_and_returned(
    invoice: Invoice, account: MerchantAccount, today: Any, accountant: User
) -> None:
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE, account=account)
    services.break_off(attempt.pk, 4)
    line = Line("a" * 24, invoice.number, FEE, True)
    row = reconciling.compare(account, today, [line])[0]
    assert row.kind == "state"
    reconciling.take_money(row.pk, accountant)
    assert reconciling.compare(account, today, [line]) == []
    invoice.refresh_from_db()
    # It pays nothing: the payer may pay, and the late money waits to be returned.
    assert (invoice.state, invoice.surplus) == ("open", FEE)
    services.perform(services.begin(invoice.pk, "click", "1", FEE).pk)
    back = Refund.objects.get()
    with pytest.raises(InvalidMove):
        services.cancel_attempt(attempt.pk, 5)
    refunds.approve(back.pk, accountant)
    services.cancel_attempt(attempt.pk, 5)
    invoice.refresh_from_db()
    back.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert (invoice.state, invoice.surplus_kept, back.state) == ("paid", 0, "done")
    assert reconciling.compare(account, today, [Line("a" * 24, "", FEE, False)]) == []


def test_a_statement_without_sums_compares_what_is_paid(
    invoice: Invoice, account: MerchantAccount, today: Any
) -> None:
    pay(invoice, account)
    assert reconciling.compare(account, today, [Line("a" * 24, "", None, True)]) == []
    found = reconciling.compare(account, today, [Line("a" * 24, "", None, False)])
    assert [row.kind for row in found] == ["state"]


# -- the comparison of a day over the provider's server ------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("choice", ["pay", "never", "fail", "cancel", "twice", "parallel", "late"])
def test_after_a_day_at_the_cashiers_both_sides_are_equal(
    served: str, provider: str, choice: str
) -> None:
    invoice = make_invoice(provider)
    visit(signed_in(invoice.payer), invoice, provider, choice)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert reconciling.reconcile(tomorrow) == 0
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    there = SandboxTransaction.objects.filter(state="paid").count()
    assert there == int(invoice.state == "paid")
    # Each day is compared once, and the days before with it.
    assert Comparison.objects.count() == reconciling.BACK
    calls = CallLog.objects.count()
    assert reconciling.reconcile(tomorrow) == 0
    assert CallLog.objects.count() == calls


@pytest.mark.django_db(transaction=True)
def test_what_click_took_back_in_its_cabinet_stands_until_it_is_booked(served: str) -> None:
    invoice = make_invoice("click")
    visit(signed_in(invoice.payer), invoice, "click", "taken_back")
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert reconciling.reconcile(tomorrow) == 1
    assert Difference.objects.get().kind == "state"
    people = [staff(invoice.agency, Role.ACCOUNTANT, name="a"), staff(invoice.agency, Role.HEAD)]
    row = refunds.request(invoice.pk, FEE, "other", actor=people[0])
    refunds.approve(row.pk, people[1])
    row.refresh_from_db()
    assert row.state == "done"
    assert reconciling.reconcile(tomorrow) == 0


@pytest.mark.django_db(transaction=True)
def test_what_click_has_and_we_do_not_is_found_by_the_invoices_number(served: str) -> None:
    invoice = make_invoice("click")
    account = MerchantAccount.objects.get()
    row = SandboxTransaction.objects.create(
        account=account, external_id="77", number=invoice.number, amount=FEE, state="paid"
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert reconciling.reconcile(tomorrow) == 1
    found = Difference.objects.get()
    assert (found.kind, found.invoice, found.external_id) == (
        "missing_here", invoice, str(payment_of(row)),
    )  # fmt: skip
    reconciling.take_money(found.pk, staff(invoice.agency, Role.ACCOUNTANT))
    assert reconciling.reconcile(tomorrow) == 0
    invoice.refresh_from_db()
    assert invoice.state == "paid"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_that_is_away_holds_up_nothing_and_is_asked_again(
    served: str, settings: Any, provider: str
) -> None:
    invoice = make_invoice(provider)
    visit(signed_in(invoice.payer), invoice, provider, "never")
    tomorrow = timezone.localdate() + timedelta(days=1)
    # A port nobody listens at.
    settings.BASE_URL = "http://127.0.0.1:9"
    assert reconciling.reconcile(tomorrow) == 0
    assert not Comparison.objects.exists()
    settings.BASE_URL = served
    assert reconciling.reconcile(tomorrow) == 0
    invoice.refresh_from_db()
    assert (invoice.state, Comparison.objects.exists()) == ("paid", True)


def test_an_account_without_a_statement_waits_for_a_file(
    invoice: Invoice, account: MerchantAccount, today: Any
) -> None:
    pay(invoice, account)
    assert reconciling.reconcile(today + timedelta(days=1)) == 0
    assert not Comparison.objects.exists()


def test_what_nobody_speaks_of_is_released(invoice: Invoice, account: MerchantAccount) -> None:
    services.begin(invoice.pk, "click", "1", FEE)
    later = timezone.now() + timedelta(minutes=59)
    assert asking.ask_about_silent(later) == 0
    assert asking.ask_about_silent(later + timedelta(minutes=2)) == 1
    invoice.refresh_from_db()
    assert invoice.state == "open"


def test_books_that_were_changed_behind_our_back_are_found(invoice: Invoice) -> None:
    assert books.check() == 0
    Invoice.objects.filter(pk=invoice.pk).update(total=FEE + 1)
    assert books.check() == 1
    assert books.check() == 1
    assert Difference.objects.get().kind == "ledger"
    Invoice.objects.filter(pk=invoice.pk).update(total=FEE)
    assert books.check() == 0
    assert not Difference.objects.filter(settled_at__isnull=True).exists()


def test_the_statement_file_is_read_or_refused() -> None:
    good = b"id;number;amount;state\nabc;2026;18540.00;paid\nd;2;5,5;returned\n"
    assert statements.parse(good) == [
        Line("abc", "2026", FEE, True),
        Line("d", "2", Tiyin(550), False),
    ]
    with pytest.raises(by_hand.BadStatement) as caught:
        statements.parse(b"id;number;amount;state\nabc;1;5;gone\n")
    assert (caught.value.line, caught.value.column) == (2, "state")


# -- who sees what -------------------------------------------------------------------------------

PAGES = ["payments_index", "payments_figures"]


@pytest.mark.parametrize("page", PAGES)
def test_accountants_see_money_and_officers_do_not(
    invoice: Invoice, account: MerchantAccount, accountant: User, agency: Agency, page: str
) -> None:
    pay(invoice, account)
    shown = signed_in(accountant).get(reverse(page))
    assert shown.status_code == 200
    assert signed_in(staff(agency, Role.OFFICER)).get(reverse(page)).status_code in {302, 403}
    assert Client().get(reverse(page)).status_code == 302


def test_another_agencys_accountant_does_not_see_an_invoice(
    invoice: Invoice, accountant: User
) -> None:
    address = reverse("payments_detail", args=[invoice.uuid])
    assert signed_in(accountant).get(address).status_code == 200
    other = Agency.objects.create(
        key="saqlash", code="SAQ", kind="ministry", level="republic", name={"uz": "S"}
    )
    assert signed_in(staff(other, Role.ACCOUNTANT)).get(address).status_code == 404


def test_totals_and_movements_say_the_same(
    invoice: Invoice, account: MerchantAccount, accountant: User, today: Any
) -> None:
    pay(invoice, account)
    services.receive(invoice.pk, "bank", "1", FEE)
    report = totals.report([invoice.agency], today, today)
    assert len(report["tables"]) == 4
    for table in report["tables"]:
        assert sum(row[1] for row in table["rows"]) == FEE * 2
    assert [row["sum"] for row in report["chart"]] == [FEE * 2]
    assert report["total"]["kept"] == FEE * 2
    rows = totals.movements([invoice.agency], today, today)
    assert [str(row[7]) for row in rows[1:]] == ["18540.00", "18540.00"]
    client = signed_in(accountant)
    for ending in ("csv", "xlsx"):
        assert client.get(reverse("payments_movements", args=[ending])).status_code == 200


def test_a_refund_goes_through_the_pages(
    invoice: Invoice, account: MerchantAccount, accountant: User, agency: Agency
) -> None:
    pay(invoice, account)
    first, second = signed_in(accountant), signed_in(staff(agency, Role.HEAD, name="head"))
    first.post(
        reverse("payments_ask_refund", args=[invoice.uuid]),
        {"amount": "18 540,00", "reason": "other"},
    )
    refund = invoice.refunds.get()
    address = reverse("payments_refund", args=[refund.uuid, "approve"])
    first.post(address)
    refund.refresh_from_db()
    assert refund.state == "requested"
    second.post(address)
    second.post(reverse("payments_refund", args=[refund.uuid, "book"]), {"number": "R1"})
    invoice.refresh_from_db()
    assert invoice.state == "refunded"
