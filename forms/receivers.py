"""Who takes a sent form. Casework registers itself."""

from __future__ import annotations

from typing import Protocol

from forms.models import Submission
from forms.readers import register as register_reader

__all__ = ["Receiver", "receiver", "register", "register_reader"]


class Receiver(Protocol):
    """Takes a submission in the caller's transaction."""

    def accept(self, submission: Submission) -> None:
        """Register the submission, which is not stored yet: write into it what the applicant holds
        (`receipt_number`, `receipt_url`, followed as it is, and `status_url`, the page for the code
        on the receipt), and store it.

        Raising rolls the sending back: nothing is half sent.
        """


_receivers: list[Receiver] = []


def register(receiver: Receiver) -> None:
    """Set who takes forms of services; the last one stands."""
    _receivers[:] = [receiver]


def receiver() -> Receiver | None:
    """Who takes forms of services, or None where nobody does."""
    return _receivers[0] if _receivers else None
