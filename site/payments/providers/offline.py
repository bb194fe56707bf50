"""Ways to pay at which nobody calls us: a bank transfer, the cash desk. People enter what came in
(`payments.by_hand`) and carry refunds out."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from core.money import Tiyin
from payments.models import Attempt, Invoice, MerchantAccount
from payments.providers.base import Line, Problem, RefundResult, Status
from payments.states import ProviderName


class Offline:
    """A way to pay without a page of its own."""

    online = False
    #: Fields of the account without which nobody can pay.
    needed: tuple[str, ...] = ()

    def __init__(self, slug: str, needed: tuple[str, ...] = ()) -> None:
        self.slug, self.needed = slug, needed

    def start(
        self, invoice: Invoice, account: MerchantAccount, *, return_url: str, language: str
    ) -> str:
        """The invoice, which says where to go and what to write."""
        return reverse("payments:invoice", args=[invoice.uuid])

    def callback(self, request: HttpRequest, account: MerchantAccount) -> HttpResponse:
        """Nobody calls. Raises Http404."""
        raise Http404

    def out_of_order(self) -> HttpResponse:
        """Nobody calls. Raises Http404."""
        raise Http404

    def refund(self, attempt: Attempt, amount: Tiyin) -> RefundResult:
        """A person pays it out and books it."""
        return RefundResult(done=False)

    def status(self, attempt: Attempt) -> Status:
        """Nobody to ask."""
        return Status.UNKNOWN

    def statement(self, account: MerchantAccount, day: date) -> list[Line] | None:
        """The bank's statement is a file that pays invoices, not one that is compared."""
        return None

    def check_config(self, account: MerchantAccount) -> list[Problem]:
        """The requisites that payers need."""
        return [Problem(name, "empty") for name in self.needed if not getattr(account, name)]


BANK = Offline(ProviderName.BANK, ("payee_name", "bank_account", "bank_name", "bank_mfo"))
CASH = Offline(ProviderName.CASH)
