"""Who takes a sent form. Casework registers itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from forms.models import Submission
from forms.readers import register as register_reader

__all__ = ["Receipt", "Receiver", "receiver", "register", "register_reader"]


@dataclass(frozen=True)
class Receipt:
    """What the applicant holds after sending."""

    number: str
    #: Path of the receipt without its language, or with it: it is followed as it is.
    url: str
    #: Path of the page that says where the request stands, for the code on the receipt.
    status_url: str = ""


class Receiver(Protocol):
    """Takes a submission in the caller's transaction."""

    def accept(self, submission: Submission) -> Receipt:
        """Register the submission. Raising rolls the sending back: nothing is half sent."""


_receivers: list[Receiver] = []


def register(receiver: Receiver) -> None:
    """Set who takes forms of services; the last one stands."""
    _receivers[:] = [receiver]


def receiver() -> Receiver | None:
    """Who takes forms of services, or None where nobody does."""
    return _receivers[0] if _receivers else None
