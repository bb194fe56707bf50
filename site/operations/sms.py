"""SMS gateways. A gateway is a class with `send(message_id, phone, text)`; settings.SMS_GATEWAY
names it. What it raises says whether the same message may be handed over once more."""

from __future__ import annotations

import sys
import uuid
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from operations.calls import NotSent, Uncertain

__all__ = ["Gateway", "NotSent", "Receipt", "Refused", "Uncertain", "plain", "send"]


class Refused(NotSent):
    """The gateway answered that it does not take the message."""


@dataclass(frozen=True)
class Receipt:
    """What a gateway gives for a message that it took: its own name for it, if it has one."""

    reference: str = ""


class Gateway(Protocol):
    """A way to send one SMS."""

    def send(self, message_id: str, phone: str, text: str) -> Receipt:
        """Hand `text` for `phone` (E.164) over under our own `message_id`.

        Raises NotSent (or Refused) where it certainly was not taken, Uncertain where nobody
        knows.
        """


class ConsoleGateway:
    """Writes the message to standard error: for a demonstration on one machine."""

    def send(self, message_id: str, phone: str, text: str) -> Receipt:
        """Print the message; the demonstration has no telephone network."""
        sys.stderr.write(f"SMS {phone}: {text}\n")
        sys.stderr.flush()
        return Receipt()


class MemoryGateway:
    """Keeps messages in memory: for tests."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def send(self, message_id: str, phone: str, text: str) -> Receipt:
        """Remember the message."""
        self.sent.append((phone, text))
        return Receipt(message_id)


#: Letters of Latin Uzbek and marks that would make a text of 160 signs one of 70.
_PLAIN = str.maketrans({"ʻ": "'", "ʼ": "'", "‘": "'", "’": "'", "–": "-", "—": "-", "«": '"',
                        "»": '"', "“": '"', "”": '"', "…": "..."})  # fmt: skip


def plain(text: str) -> str:
    """The text in one line with the signs that every telephone has (protocols.md §5.3)."""
    return " ".join(text.split()).translate(_PLAIN)


def gateway() -> Gateway:
    """The gateway that settings.SMS_GATEWAY names."""
    return import_string(settings.SMS_GATEWAY)()


def send(phone: str, text: str, message_id: str = "") -> Receipt:
    """Send one SMS now. Raises OSError: NotSent, Refused or Uncertain."""
    return gateway().send(message_id or uuid.uuid4().hex, phone, plain(text))
