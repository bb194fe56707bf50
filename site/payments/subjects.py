"""What is paid for lives in an upper room, which registers itself here by a kind.

Everything is called in the transaction of the change. Where a request and its invoice are both
locked, the request comes first: `lock` is called before the invoice's row is.
"""

from __future__ import annotations

from typing import Protocol

from payments.models import Invoice


class Subject(Protocol):
    """What an invoice is for, as payments need to know it."""

    def lock(self, reference: str) -> None:
        """Lock the row of what is paid for, until the end of the transaction."""

    def awaits(self, reference: str) -> bool:
        """Whether it still waits for its payment."""

    def taken_up(self, reference: str) -> bool:
        """Whether the agency has begun to work on it: then a provider cannot take money back."""

    def settled(self, invoice: Invoice) -> None:
        """The invoice is paid."""

    def expired(self, invoice: Invoice) -> None:
        """The invoice was not paid in time."""

    def refunded(self, invoice: Invoice) -> None:
        """The whole sum was returned."""

    def url(self, reference: str) -> str:
        """Address of its page for the payer, in the active language."""


class Nothing:
    """What a free-standing invoice is for: nothing in another room."""

    def lock(self, reference: str) -> None:
        """There is nothing to lock."""

    def awaits(self, reference: str) -> bool:
        """The invoice alone decides."""
        return True

    def taken_up(self, reference: str) -> bool:
        """Nobody works on it."""
        return False

    def settled(self, invoice: Invoice) -> None:
        """Nobody to tell."""

    def expired(self, invoice: Invoice) -> None:
        """Nobody to tell."""

    def refunded(self, invoice: Invoice) -> None:
        """Nobody to tell."""

    def url(self, reference: str) -> str:
        """It has no page of its own."""
        return ""


_subjects: dict[str, Subject] = {"": Nothing()}


def register(kind: str, subject: Subject) -> None:
    """Let invoices of a kind reach what they are for."""
    _subjects[kind] = subject


def of(invoice: Invoice) -> Subject:
    """What an invoice is for. Raises KeyError for a kind that no room registered."""
    return _subjects[invoice.kind]
