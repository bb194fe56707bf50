"""What of the room's settings would harm in production."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


def _problems() -> Iterator[CheckMessage]:
    if settings.SIGNATURE_URL and not settings.SIGNATURE_URL.startswith(("http://", "https://")):
        yield Error(
            "SIGNATURE_URL is no address.",
            hint="http://host:port of the server that verifies signatures.",
            id="forms.E001",
        )
    address = settings.CLAMD_ADDRESS
    if address and not address.startswith("/") and not address.rpartition(":")[2].isdigit():
        yield Error(
            "CLAMD_ADDRESS is neither host:port nor the path of a socket.",
            hint="Example: 127.0.0.1:3310",
            id="forms.E002",
        )
    if not address and not settings.DEBUG and not settings.DEMO:
        yield Warning(
            "Files that applicants attach are not scanned for viruses.",
            hint="Run clamd and set CLAMD_ADDRESS.",
            id="forms.W001",
        )


@register("portal")
def files_and_signatures(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Addresses can be read; a production without a virus scanner is told so."""
    return list(_problems())
