"""Money: whole tiyin (1 soʻm = 100 tiyin). Floats never enter."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NoReturn, Self, SupportsIndex

TIYIN_IN_SOUM = 100


class Tiyin(int):
    """A sum in whole tiyin: an int that stays one, and refuses whatever is no whole number.

    Sums are added and subtracted, multiplied by a count, and compared; a share is taken with
    `multiply` or `percent`, which round by rule. Dividing, or mixing with a float, a Decimal or
    a bool raises TypeError. Where a float or a Decimal stands first Python asks that one alone:
    what comes out is no Tiyin, and neither this class nor a column of money takes it.
    """

    __slots__ = ()

    def __new__(cls, amount: int | str = 0) -> Self:
        """Whole tiyin of an int or of its digits. Raises TypeError on anything else."""
        if isinstance(amount, bool) or not isinstance(amount, (int, str)):
            raise TypeError(f"{type(amount).__name__} is no sum of money.")
        return super().__new__(cls, amount)

    def __add__(self, other: int) -> Tiyin:
        return Tiyin(int(self) + _whole(other))

    __radd__ = __add__

    def __sub__(self, other: int) -> Tiyin:
        return Tiyin(int(self) - _whole(other))

    def __rsub__(self, other: int) -> Tiyin:
        return Tiyin(_whole(other) - int(self))

    def __mul__(self, count: int) -> Tiyin:
        return Tiyin(int(self) * _whole(count))

    __rmul__ = __mul__

    def __neg__(self) -> Tiyin:
        return Tiyin(-int(self))

    def __abs__(self) -> Tiyin:
        return Tiyin(abs(int(self)))

    def __truediv__(self, other: Any) -> NoReturn:
        raise TypeError("Money is not divided: take a share with multiply() or percent().")

    __rtruediv__ = __truediv__

    def __pow__(self, other: Any, modulo: Any = None) -> NoReturn:
        raise TypeError("Money has no powers.")

    def __float__(self) -> NoReturn:
        raise TypeError("Money is no float.")

    def __round__(self, digits: SupportsIndex = 0) -> NoReturn:
        raise TypeError("Money is rounded by rule: multiply() or percent().")


def _whole(other: object) -> int:
    """`other` as a plain int. Raises TypeError where it is none."""
    if isinstance(other, bool) or not isinstance(other, int):
        raise TypeError(f"{type(other).__name__} does not mix with money.")
    return int(other)


def soums(amount: int | str | Decimal) -> Tiyin:
    """Tiyin of a sum given in soʻm. Raises ValueError on a float or a part of a tiyin."""
    if isinstance(amount, float):
        raise ValueError("A float is no sum of money.")
    given = Decimal(amount)
    # More digits than there is money: computing with them would only cost time.
    if not given.is_finite() or given.adjusted() > 18:
        raise ValueError(f"{amount} soʻm is no sum.")
    tiyin = given * TIYIN_IN_SOUM
    if tiyin != tiyin.to_integral_value():
        raise ValueError(f"{amount} soʻm is not a whole number of tiyin.")
    return Tiyin(int(tiyin))


#: A sum as people and banks type it, once spaces and apostrophes between digits are gone.
_TYPED = re.compile(r"[0-9]{1,18}(?:[.,][0-9]{1,2})?")


def typed_soums(text: str) -> Tiyin:
    """Tiyin of a sum in soʻm as it is typed: `18540`, `18 540,00`. Raises ValueError.

    Two places at most: `18.540` may mean a thousand times as much and is asked for again.
    """
    plain = re.sub(r"[\s']", "", text)
    if _TYPED.fullmatch(plain) is None:
        raise ValueError(f"{text!r} is no sum.")
    return soums(plain.replace(",", "."))


def in_soums(amount: int) -> Decimal:
    """The sum in soʻm with two places, exactly: how files and Click write it."""
    return Decimal(int(amount)).scaleb(-2)


def multiply(amount: int, factor: Decimal) -> Tiyin:
    """`amount` × `factor`, rounded half up to a whole soʻm, as fees are charged.

    Raises ValueError on a float factor.
    """
    if isinstance(factor, float):
        raise ValueError("A float is no factor of money.")
    whole = (Decimal(int(amount)) * factor / TIYIN_IN_SOUM).quantize(Decimal(1), ROUND_HALF_UP)
    return soums(whole)


def percent(amount: int, share: int) -> Tiyin:
    """`share` per cent of `amount`, rounded half up to a whole soʻm."""
    return multiply(amount, Decimal(share) / 100)
