"""The sandbox plays the provider over real HTTP: whatever it sends, money is right."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from payments import asking, ledger
from payments.models import Attempt, Invoice, MerchantAccount, MerchantKey, SandboxTransaction
from payments.sandbox import playing
from payments.services import Item, issue
from tests.casework.support import applicant, make_agency, signed_in
from tests.payments.conftest import FEE

pytestmark = pytest.mark.django_db(transaction=True)

PROVIDERS = ["payme", "click"]
#: What each choice leaves: the invoice's state.
LEFT = {
    "pay": "paid", "fail": "open", "leave": "open", "never": "waiting", "late": "open",
    "twice": "paid", "disorder": "paid", "parallel": "paid", "wrong_signature": "open",
    "wrong_sum": "open", "unknown_order": "open",
}  # fmt: skip


@pytest.fixture
def served(live_server: Any, settings: Any) -> str:
    settings.BASE_URL = live_server.url
    settings.PAYMENTS_SANDBOX = True
    return str(live_server.url)


def make_invoice(provider: str) -> Invoice:
    agency = make_agency("adliya", "ADL")
    account = MerchantAccount.objects.create(
        agency=agency, provider=provider, merchant_id="5" * 24, service_id="777", sandbox=True
    )
    MerchantKey.objects.create(account=account, secret="SANDBOXKEY")
    made = issue(agency, [Item("levy", FEE)], language="uz", payer=applicant())
    assert made is not None
    return made


def visit(client: Client, invoice: Invoice, provider: str, choice: str) -> Any:
    """Go to the cashier's as the payer does, and choose there."""
    sent = client.get(reverse("payments:pay", args=[invoice.uuid, provider]))
    assert sent.status_code == 302
    assert client.get(sent.url).status_code == 200
    return client.post(sent.url, {"choice": choice})


def right(invoice: Invoice) -> None:
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("choice", playing.CHOICES)
def test_whatever_the_provider_does_money_is_right(served: str, provider: str, choice: str) -> None:
    invoice = make_invoice(provider)
    client = signed_in(invoice.payer)
    answer = visit(client, invoice, provider, choice)
    assert answer.status_code in {200, 302}
    right(invoice)
    expected = {**LEFT, "late": "waiting" if provider == "click" else "open"}
    assert invoice.state == expected[choice]
    paid = SandboxTransaction.objects.filter(state="paid").count()
    assert paid == (1 if choice in {"pay", "never", "twice", "disorder", "parallel"} else 0)
    assert Attempt.objects.filter(state="performed").count() == (
        1 if invoice.state == "paid" else 0
    )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_never_came_is_learnt_by_asking(served: str, provider: str) -> None:
    invoice = make_invoice(provider)
    client = signed_in(invoice.payer)
    visit(client, invoice, provider, "never")
    back = reverse("payments:return", args=[invoice.uuid])
    # The page itself changes nothing; the task that it queues asks and books.
    assert client.get(back).status_code == 200
    right(invoice)
    assert invoice.state == "paid"
    assert client.get(back).url == reverse("payments:invoice", args=[invoice.uuid])


def test_a_silent_provider_leaves_everything_as_it_is(served: str, settings: Any) -> None:
    invoice = make_invoice("payme")
    client = signed_in(invoice.payer)
    visit(client, invoice, "payme", "never")
    # A port nobody listens at.
    settings.BASE_URL = "http://127.0.0.1:9"
    assert asking.learn(Attempt.objects.get().pk) == "unknown"
    right(invoice)
    assert invoice.state == "waiting"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_failed_payment_is_said_and_tried_again(served: str, provider: str) -> None:
    invoice = make_invoice(provider)
    client = signed_in(invoice.payer)
    answer = visit(client, invoice, provider, "fail")
    page = client.get(answer.url, follow=True).content.decode()
    assert "error-summary" in page
    visit(client, invoice, provider, "pay")
    right(invoice)
    assert invoice.state == "paid"


def test_without_the_setting_there_is_no_sandbox(served: str, settings: Any) -> None:
    invoice = make_invoice("payme")
    client = signed_in(invoice.payer)
    address = client.get(reverse("payments:pay", args=[invoice.uuid, "payme"])).url
    settings.PAYMENTS_SANDBOX = False
    assert client.get(address).status_code == 404
    assert (
        client.post(reverse("payments_sandbox:api"), "x", content_type="text/plain").status_code
        == 404
    )
