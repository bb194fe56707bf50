"""Ways to pay, behind one interface. Each registers itself by the name of its account."""

from payments.providers.base import (
    Line,
    Problem,
    Provider,
    RefundResult,
    Silent,
    Status,
    known,
    provider_of,
    register,
    usable,
)

__all__ = [
    "Line", "Problem", "Provider", "RefundResult", "Silent", "Status", "known", "provider_of",
    "register", "usable",
]  # fmt: skip
