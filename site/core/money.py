"""Money: whole tiyin in an int (1 soʻm = 100 tiyin). Floats never enter."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Tiyin = NewType("Tiyin", int)

TIYIN_IN_SOUM = 100


def soums(amount: int | str | Decimal) -> Tiyin:
    """Tiyin of a sum given in soʻm. Raises ValueError on a float or a part of a tiyin."""
    if isinstance(amount, float):
        raise ValueError("A float is no sum of money.")
    tiyin = Decimal(amount) * TIYIN_IN_SOUM
    if tiyin != tiyin.to_integral_value():
        raise ValueError(f"{amount} soʻm is not a whole number of tiyin.")
    return Tiyin(int(tiyin))


def multiply(amount: Tiyin, factor: Decimal) -> Tiyin:
    """`amount` × `factor`, rounded half up to a whole soʻm, as fees are charged.

    Raises ValueError on a float factor.
    """
    if isinstance(factor, float):
        raise ValueError("A float is no factor of money.")
    whole = (Decimal(amount) * factor / TIYIN_IN_SOUM).quantize(Decimal(1), ROUND_HALF_UP)
    return soums(whole)


def percent(amount: Tiyin, share: int) -> Tiyin:
    """`share` per cent of `amount`, rounded half up to a whole soʻm."""
    return multiply(amount, Decimal(share) / 100)
