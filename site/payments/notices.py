"""What payers are told of their money, queued in the transaction of the change.

A message carries the invoice's number, a sum and a link; what for, the page says.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.notifying import tell as notify
from core.money import Tiyin
from languages.dates import format_money
from operations.wording import Kind
from payments.models import Invoice

ISSUED, LATE, RETURNED = "issued", "late", "returned"
_SAFE_SMS = _("Do not tell anybody a code from an SMS: our staff never ask for it.")


def _kind(name: str, words: str | Promise) -> Kind:
    return Kind(
        key=f"payments/{name}", label=words, group=_("To payers"),
        samples={"number": "INV-2026-0000001-5", "sum": "18 540 soʻm",
                 "url": "https://example.org/pay/1/"},
        subject=("{number}: ", words),
        email=(
            (words,), (_("Invoice:"), " {number}"), (_("Sum:"), " {sum}"), ("",),
            (_("Details:"), " {url}"),
        ),
        sms=(("{number}: ", words), (_("Sum:"), " {sum}."), ("{url}",), (_SAFE_SMS,)),
    )  # fmt: skip


KINDS = {
    ISSUED: _kind(ISSUED, _("An invoice was issued to you.")),
    LATE: _kind(LATE, _("Money came that the invoice did not owe. It will be returned.")),
    RETURNED: _kind(RETURNED, _("Money was returned.")),
}


def tell(invoice: Invoice, kind: str, amount: Tiyin, mark: str) -> None:
    """Tell the payer that an invoice was issued, that money came which nobody owed, or that money
    went back. `mark` tells one event of a kind from another. A payer without an account is told by
    the papers."""
    if invoice.payer is None:
        return
    with translation.override(invoice.language):
        path = reverse("payments:invoice", args=[invoice.uuid])
    notify(
        invoice.payer,
        event_key=f"invoice:{invoice.uuid}:{kind}:{mark}",
        template=KINDS[kind].key,
        context={
            "number": invoice.number,
            "sum": format_money(amount, invoice.language),
            "url": settings.BASE_URL + path,
        },
        language=invoice.language,
        on_site=True,
    )
