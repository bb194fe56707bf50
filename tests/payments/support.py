"""Money through the sandbox: an account that it plays, an invoice, a visit at its cashier's."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from payments import ledger
from payments.models import Invoice, MerchantAccount, MerchantKey
from payments.services import Item, issue
from tests.casework.support import applicant, make_agency
from tests.payments.conftest import FEE

PROVIDERS = ["payme", "click"]


def make_invoice(provider: str, **fields: Any) -> Invoice:
    """An invoice of an agency with a sandbox's account; `fields` are the account's."""
    agency = make_agency("adliya", "ADL")
    values = {"merchant_id": "5" * 24, "service_id": "777", "merchant_user_id": "9"} | fields
    account = MerchantAccount.objects.create(
        agency=agency, provider=provider, sandbox=True, **values
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
    """The ledger agrees with the invoice and is whole."""
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []
