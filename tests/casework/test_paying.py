"""A paid request waits for its payment: invoice at sending, the clock once it is paid."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Agency, User
from casework import paying
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import InvalidTransition, NotAllowed, transition
from core.models import BaseAmount
from core.money import soums
from forms.models import FormDefinition
from forms.services import publish_schema
from operations.models import OutboxMessage
from payments import ledger, services
from payments.models import Invoice, MerchantAccount
from service_pages.models import Discount, PassportVersion, Service
from tests.casework.support import (
    GROUNDS,
    SCHEMA,
    TERMS,
    WEDNESDAY,
    make_request,
    make_service,
    put,
)

pytestmark = pytest.mark.every_database
FEE = soums(18_540)
#: A Friday, in working hours.
FRIDAY = datetime(2026, 3, 6, 6, 0, tzinfo=UTC)


def rule(key: str = "main", **fields: Any) -> dict[str, Any]:
    return {
        "key": key, "kind": "levy", "multiplier": "0.045", "fixed_tiyin": None, "channel": "",
        "payer": "", "group": "", "optional": False, "effective_from": None, "effective_to": None,
        "condition": {"uz": "Nusxa berish", "ru": "Выдача копии"},
        "legal_point": {"uz": "OʻRQ-600, 3-band"},
    } | fields  # fmt: skip


def make_paid_service(agency: Agency, fees: list[dict[str, Any]], **schema: Any) -> Service:
    """A service whose form always names the fee `main`."""
    BaseAmount.objects.get_or_create(
        effective_from=date(2025, 8, 1), defaults={"amount_tiyin": soums(412_000)}
    )
    service = make_service(agency)
    PassportVersion.objects.create(
        service=service, number=2, content_hash="1" * 64, published_at=WEDNESDAY,
        content={
            "title": {"uz": "Pulli xizmat"}, "terms": TERMS, "fees": fees, "fee_mode": "sum",
            "refusal_grounds": GROUNDS, "discount_codes": ["SOC50"], "payment_validity_days": 30,
        },
    )  # fmt: skip
    definition = FormDefinition.objects.get(service=service)
    rules = {"fee_mode": "sum", "fee_rules": [{"fee": one["key"]} for one in fees]}
    publish_schema(
        definition,
        SCHEMA | {"key": definition.key, "service": service.key, "version": 2} | rules | schema,
    )
    return service


@pytest.fixture
def paid(agency: Agency) -> Service:
    MerchantAccount.objects.create(agency=agency, provider="cash")
    return make_paid_service(agency, [rule()])


def test_a_paid_request_waits_with_an_itemised_invoice(paid: Service, citizen: User) -> None:
    row = make_request(paid, citizen)
    assert (row.state, row.registered_at, row.due_at) == (State.AWAITING_PAYMENT, None, None)
    invoice = paying.invoice_of(row)
    assert invoice is not None
    assert (invoice.total, invoice.about, invoice.payer) == (FEE, row.number, citizen)
    item = invoice.items.get()
    assert (item.text("ru"), item.law("uz")) == ("Выдача копии", "OʻRQ-600, 3-band")
    assert (item.multiplier, item.base) == (item.multiplier, soums(412_000))
    message = OutboxMessage.objects.get()
    assert message.template == "casework/state/awaiting_payment"


def test_the_clock_starts_when_it_is_paid(paid: Service, citizen: User) -> None:
    row = make_request(paid, citizen)
    services.receive(paying.invoice_of(row).pk, "cash", "1", FEE, now=FRIDAY)
    row.refresh_from_db()
    assert (row.state, row.registered_at) == (State.REGISTERED, FRIDAY)
    # Five working days after Friday 6 March, with a holiday between: never before Friday 13.
    assert row.due_at.date() >= FRIDAY.date() + timedelta(days=7)
    assert [event.kind for event in row.events.all()] == ["submitted", "registered"]


def test_a_free_request_has_no_invoice(service: Service, citizen: User) -> None:
    MerchantAccount.objects.create(agency=service.agency, provider="cash")
    row = make_request(service, citizen)
    assert row.state == State.REGISTERED
    assert not Invoice.objects.exists()


def test_without_an_account_for_payments_nothing_waits(agency: Agency, citizen: User) -> None:
    row = make_request(make_paid_service(agency, [rule()]), citizen)
    assert (row.state, row.fee["total_tiyin"]) == (State.REGISTERED, FEE)
    assert not Invoice.objects.exists()


def test_the_discount_stands_on_the_invoice(agency: Agency, citizen: User) -> None:
    MerchantAccount.objects.create(agency=agency, provider="cash")
    Discount.objects.create(code="SOC50", percent=50, applies_to=["levy"], channels=["portal"])
    service = make_paid_service(agency, [rule()], discount_rule={"code": "SOC50"})
    item = paying.invoice_of(make_request(service, citizen)).items.get()
    assert (item.amount, item.discount, item.discount_code) == (FEE, soums(9_270), "SOC50")


def test_what_is_taken_back_owes_nothing(paid: Service, citizen: User) -> None:
    row = make_request(paid, citizen)
    transition(row.pk, State.WITHDRAWN, actor=citizen)
    assert paying.invoice_of(row).state == "cancelled"


def test_what_is_not_paid_in_time_ends_and_late_money_is_kept_to_be_returned(
    paid: Service, citizen: User
) -> None:
    row = make_request(paid, citizen)
    invoice = paying.invoice_of(row)
    assert services.expire_due(invoice.due_at) == 1
    assert services.expire_due(invoice.due_at) == 0
    row.refresh_from_db()
    assert row.state == State.EXPIRED
    assert OutboxMessage.objects.order_by("pk").last().template == "casework/state/unpaid"
    services.receive(invoice.pk, "bank", "1", FEE)
    row.refresh_from_db()
    invoice.refresh_from_db()
    assert (row.state, invoice.state, invoice.surplus) == (State.EXPIRED, "expired", FEE)
    assert ledger.disagreements(invoice) == []


def test_staff_can_do_nothing_before_it_is_paid(
    paid: Service, citizen: User, officer: User
) -> None:
    row = make_request(paid, citizen)
    with pytest.raises(InvalidTransition):
        transition(row.pk, State.IN_REVIEW, actor=officer)
    with pytest.raises(NotAllowed):
        transition(row.pk, State.REGISTERED, actor=officer)
    row.refresh_from_db()
    assert row.state == State.AWAITING_PAYMENT


def refused(row: ServiceRequest, officer: User) -> None:
    services.receive(paying.invoice_of(row).pk, "cash", str(row.pk), FEE)
    transition(row.pk, State.IN_REVIEW, actor=officer)
    transition(row.pk, State.REFUSED, actor=officer, reason="Yoʻq", ground="data_mismatch")


def test_a_payment_serves_one_more_request_after_a_refusal(
    paid: Service, citizen: User, officer: User
) -> None:
    first = make_request(paid, citizen)
    refused(first, officer)
    second = make_request(paid, citizen)
    assert second.state == State.REGISTERED
    used = paying.invoice_of(second)
    assert used.paid_with == paying.invoice_of(first)
    for invoice in (used, used.paid_with):
        assert ledger.disagreements(invoice) == []
    assert sum(ledger.balances().values()) == 0
    third = make_request(paid, citizen)
    assert third.state == State.AWAITING_PAYMENT


def test_it_does_not_serve_later_or_another_payer(
    paid: Service, citizen: User, stranger: User, officer: User
) -> None:
    first = make_request(paid, citizen)
    refused(first, officer)
    assert make_request(paid, stranger).state == State.AWAITING_PAYMENT
    Invoice.objects.filter(payer=citizen).update(reusable_until=WEDNESDAY)
    assert make_request(paid, citizen).state == State.AWAITING_PAYMENT


def test_a_request_that_is_taken_up_says_so(paid: Service, citizen: User) -> None:
    row = make_request(paid, citizen)
    subject = paying.RequestSubject()
    assert subject.awaits(str(row.uuid)) and not subject.taken_up(str(row.uuid))
    put(row, State.IN_REVIEW)
    assert subject.taken_up(str(row.uuid)) and not subject.awaits(str(row.uuid))
