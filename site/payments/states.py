"""States of an invoice and of an attempt to pay it, and the ways between them, as data."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvoiceState(models.TextChoices):
    """Where an invoice stands."""

    OPEN = "open", pgettext_lazy("invoice", "To be paid")
    WAITING = "waiting", pgettext_lazy("invoice", "Payment under way")
    PAID = "paid", pgettext_lazy("invoice", "Paid")
    CANCELLED = "cancelled", pgettext_lazy("invoice", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("invoice", "Not paid in time")
    REFUNDING = "refunding", pgettext_lazy("invoice", "Money is being returned")
    REFUNDED = "refunded", pgettext_lazy("invoice", "Money returned")
    PARTLY_REFUNDED = "partly_refunded", pgettext_lazy("invoice", "Part of the money returned")


_S = InvoiceState
#: from → to. What is not here cannot happen: a paid invoice is never cancelled or expired.
WAYS: dict[str, frozenset[str]] = {
    _S.OPEN: frozenset({_S.WAITING, _S.PAID, _S.CANCELLED, _S.EXPIRED}),
    _S.WAITING: frozenset({_S.OPEN, _S.PAID, _S.CANCELLED, _S.EXPIRED}),
    _S.PAID: frozenset({_S.REFUNDING, _S.REFUNDED, _S.PARTLY_REFUNDED}),
    # Back to where it came from where the refund is not carried out.
    _S.REFUNDING: frozenset({_S.REFUNDED, _S.PARTLY_REFUNDED, _S.PAID}),
    _S.PARTLY_REFUNDED: frozenset({_S.REFUNDING, _S.REFUNDED}),
    _S.CANCELLED: frozenset(),
    _S.EXPIRED: frozenset(),
    _S.REFUNDED: frozenset(),
}
#: Money is owed.
PAYABLE = frozenset({_S.OPEN, _S.WAITING})
#: The sum of the invoice came in; what was returned of it is in the ledger.
SETTLED = frozenset({_S.PAID, _S.REFUNDING, _S.REFUNDED, _S.PARTLY_REFUNDED})


class AttemptState(models.TextChoices):
    """Where one attempt to pay stands: a transaction of a provider, or money that came by hand."""

    CREATED = "created", pgettext_lazy("attempt", "Begun")
    PERFORMED = "performed", pgettext_lazy("attempt", "Money received")
    CANCELLED = "cancelled", pgettext_lazy("attempt", "Broken off")
    REVERSED = "reversed", pgettext_lazy("attempt", "Money returned")
    #: Came in for an invoice that owed nothing: kept to be returned.
    SURPLUS = "surplus", pgettext_lazy("attempt", "Paid too much")


_A = AttemptState
ATTEMPT_WAYS: dict[str, frozenset[str]] = {
    _A.CREATED: frozenset({_A.PERFORMED, _A.CANCELLED}),
    _A.PERFORMED: frozenset({_A.REVERSED}),
    _A.SURPLUS: frozenset({_A.REVERSED}),
    # Its money came after all: recorded, to be returned. It never pays.
    _A.CANCELLED: frozenset({_A.SURPLUS}),
    _A.REVERSED: frozenset(),
}


class Account(models.TextChoices):
    """Accounts of the ledger. Every entry moves a sum from one (credit) to another (debit)."""

    RECEIVABLE = "receivable", _("Owed by payers")
    INCOME = "income", _("Fees")
    PAYME = "payme", "Payme"
    CLICK = "click", "Click"
    BANK = "bank", _("Bank transfer")
    CASH = "cash", _("Cash desk")
    #: Between an invoice that was paid in vain and the one that uses its payment.
    CARRIED = "carried", _("Carried over")
    SURPLUS = "surplus", _("Paid too much")
    REFUND = "refund", _("To be returned")


class ProviderName(models.TextChoices):
    """Ways to pay. Each has an account of the ledger of the same name."""

    PAYME = "payme", "Payme"
    CLICK = "click", "Click"
    BANK = "bank", _("Bank transfer")
    CASH = "cash", _("Cash desk")


class InvalidMove(Exception):
    """There is no such way between states, or somebody was quicker."""

    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = source, target
        super().__init__(f"{source} → {target}")
