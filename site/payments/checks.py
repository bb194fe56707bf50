"""What must not be where real money is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def no_sandbox_with_money(**_kwargs: Any) -> list[CheckMessage]:
    """The sandbox may not be open on a portal that is no demonstration."""
    if settings.PAYMENTS_SANDBOX and not settings.DEMO:
        return [
            Error(
                "PAYMENTS_SANDBOX is on: anybody could settle invoices of accounts marked so.",
                id="payments.E001",
            )
        ]
    return []
