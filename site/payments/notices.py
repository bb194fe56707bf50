"""What payers are told of their money, queued in the transaction of the change.

A message carries the invoice's number, a sum and a link; what for, the page says.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.selectors import address_of
from core.money import Tiyin
from languages.dates import format_money
from operations import outbox
from payments.models import Invoice

TEMPLATE = "payments/messages/money"
ISSUED, LATE, RETURNED = "issued", "late", "returned"


def tell(invoice: Invoice, kind: str, amount: Tiyin, mark: str) -> None:
    """Tell the payer that an invoice was issued, that money came which nobody owed, or that money
    went back. `mark` tells one event of a kind from another. A payer without an account is told by
    the papers."""
    if invoice.payer is None:
        return
    channel, address = address_of(invoice.payer)
    if not channel:
        return
    with translation.override(invoice.language):
        path = reverse("payments:invoice", args=[invoice.uuid])
    outbox.send(
        event_key=f"invoice:{invoice.uuid}:{kind}:{mark}",
        channel=channel,
        address=address,
        user=invoice.payer,
        template=TEMPLATE,
        context={
            "number": invoice.number,
            "kind": kind,
            "sum": format_money(amount, invoice.language),
            "url": settings.BASE_URL + path,
        },
        language=invoice.language,
    )
