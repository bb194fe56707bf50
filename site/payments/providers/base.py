"""The interface of a way to pay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.http import HttpRequest, HttpResponse

from core.money import Tiyin
from payments.models import Attempt, Invoice, MerchantAccount


class Status(StrEnum):
    """What a provider says of a transaction when it is asked."""

    PENDING = "pending"
    PAID = "paid"
    CANCELLED = "cancelled"
    #: It did not answer, or cannot be asked.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RefundResult:
    """Whether money went back at once; otherwise what a person has to do."""

    done: bool
    #: The provider's own number of the refund.
    external_id: str = ""


@dataclass(frozen=True)
class Problem:
    """What an account lacks to be used: the field and what is wrong with it."""

    field: str
    text: str


class Provider(Protocol):
    """A way to pay."""

    slug: str

    def start(
        self, invoice: Invoice, account: MerchantAccount, *, return_url: str, language: str
    ) -> str:
        """Address where the payer pays; what it says of the sum is never trusted."""

    def callback(self, request: HttpRequest, account: MerchantAccount) -> HttpResponse:
        """Answer a call of the provider: verify, parse, lock, decide, write, answer."""

    def refund(self, attempt: Attempt, amount: Tiyin) -> RefundResult:
        """Return an approved sum, in tiyin."""

    def status(self, attempt: Attempt) -> Status:
        """Ask the provider how a transaction stands."""

    def check_config(self, account: MerchantAccount) -> list[Problem]:
        """What the account lacks; empty where it can be used."""


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Make a way to pay known."""
    _providers[provider.slug] = provider


def provider_of(slug: str) -> Provider:
    """The way to pay of a name. Raises KeyError for one that takes no payments online."""
    return _providers[slug]


def known() -> list[str]:
    """Names of the ways to pay online."""
    return sorted(_providers)
