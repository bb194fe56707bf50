"""Ways to pay, behind one interface. Each registers itself by the name of its account."""

from payments.providers.base import (
    Problem,
    Provider,
    RefundResult,
    Status,
    known,
    provider_of,
    register,
)

__all__ = ["Problem", "Provider", "RefundResult", "Status", "known", "provider_of", "register"]
