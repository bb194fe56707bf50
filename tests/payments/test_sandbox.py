"""The sandbox plays the provider over real HTTP: whatever it sends, money is right."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from payments import asking
from payments.models import Attempt, SandboxTransaction
from payments.sandbox import playing
from tests.casework.support import signed_in
from tests.payments.support import PROVIDERS, make_invoice, right, visit

pytestmark = pytest.mark.django_db(transaction=True)

#: What each choice leaves: the invoice's state.
LEFT = {
    "pay": "paid", "fail": "open", "leave": "open", "never": "waiting", "late": "open",
    "cancel": "open", "taken_back": "refunded", "twice": "paid", "disorder": "paid", "parallel": "paid", "wrong_signature": "open",
    "wrong_sum": "open", "unknown_order": "open",
}  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("choice", playing.CHOICES)
def test_whatever_the_provider_does_money_is_right(served: str, provider: str, choice: str) -> None:
    invoice = make_invoice(provider)
    client = signed_in(invoice.payer)
    answer = visit(client, invoice, provider, choice)
    assert answer.status_code in {200, 302}
    right(invoice)
    # Click's cabinet tells us nothing: the comparison of the day finds it.
    clicks = {"late": "waiting", "taken_back": "paid"} if provider == "click" else {}
    expected = LEFT | clicks
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
    assert "state--bad" in page
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
