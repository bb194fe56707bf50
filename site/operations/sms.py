"""SMS gateways. A gateway is a class with `send(phone, text)`; settings.SMS_GATEWAY names it."""

from __future__ import annotations

import sys
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """A way to send one SMS."""

    def send(self, phone: str, text: str) -> None:
        """Send `text` to `phone` (E.164). Raises OSError where the gateway does not take it."""


class ConsoleGateway:
    """Writes the message to standard error: for a demonstration on one machine."""

    def send(self, phone: str, text: str) -> None:
        """Print the message; the demonstration has no telephone network."""
        sys.stderr.write(f"SMS {phone}: {text}\n")
        sys.stderr.flush()


class MemoryGateway:
    """Keeps messages in memory: for tests."""

    sent: ClassVar[list[tuple[str, str]]] = []

    def send(self, phone: str, text: str) -> None:
        """Remember the message."""
        self.sent.append((phone, text))


def gateway() -> Gateway:
    """The gateway that settings.SMS_GATEWAY names."""
    return import_string(settings.SMS_GATEWAY)()


def send(phone: str, text: str) -> None:
    """Send one SMS now. Raises OSError where the gateway does not take it."""
    gateway().send(phone, text)
