"""The interface of a way to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from django.http import HttpRequest, HttpResponse

from core.money import Tiyin
from payments.models import Attempt, Invoice, MerchantAccount


class Status(StrEnum):
    """What a provider says of a transaction when it is asked."""

    PENDING = "pending"
    PAID = "paid"
    #: Broken off, or taken back: its money is not with the agency.
    CANCELLED = "cancelled"
    #: It did not answer, or cannot be asked.
    UNKNOWN = "unknown"


class Silent(Exception):
    """The provider gave no clear answer in the time it has: ask again later."""


@dataclass(frozen=True)
class RefundResult:
    """Whether money went back at once; otherwise what a person has to do."""

    done: bool
    #: The provider's own number of the refund.
    external_id: str = ""


@dataclass(frozen=True)
class Line:
    """A transaction as the provider's statement has it."""

    external_id: str
    #: Of our invoice.
    number: str
    #: None where the provider tells the state alone.
    amount: Tiyin | None
    #: Money is with the agency.
    paid: bool


@dataclass(frozen=True)
class Problem:
    """What an account lacks: the field and what is wrong with it."""

    field: str
    text: str
    #: Nobody can pay so; otherwise only something beside paying does not work.
    hinders: bool = True


class Provider(Protocol):
    """A way to pay."""

    slug: str
    #: Payers are sent to its page, and it calls us.
    online: bool

    def start(
        self, invoice: Invoice, account: MerchantAccount, *, return_url: str, language: str
    ) -> str:
        """Address where the payer pays; what it says of the sum is never trusted."""

    def callback(self, request: HttpRequest, account: MerchantAccount) -> HttpResponse:
        """Answer a call of the provider: verify, parse, lock, decide, write, answer."""

    def out_of_order(self) -> HttpResponse:
        """The answer to a call while there is no database, in the provider's own form."""

    def refund(self, attempt: Attempt, amount: Tiyin) -> RefundResult:
        """Return an approved sum, in tiyin. Safe to repeat where the answer was lost."""

    def status(self, attempt: Attempt) -> Status:
        """Ask the provider how a transaction stands."""

    def statement(self, account: MerchantAccount, day: date) -> list[Line] | None:
        """Transactions that were touched on a day or since; None where the provider has no way to
        ask for them (a file of its cabinet is compared instead). Raises Silent."""

    def check_config(self, account: MerchantAccount) -> list[Problem]:
        """What the account lacks; empty where it can be used."""


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Make a way to pay known."""
    _providers[provider.slug] = provider


def provider_of(slug: str) -> Provider:
    """The way to pay of a name. Raises KeyError for one that nobody registered."""
    return _providers[slug]


def known() -> list[str]:
    """Names of the ways to pay online."""
    return sorted(name for name, provider in _providers.items() if provider.online)


def usable(account: MerchantAccount) -> bool:
    """Whether payers can pay by an account as it is set up."""
    return not any(
        problem.hinders for problem in provider_of(account.provider).check_config(account)
    )
