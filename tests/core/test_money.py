"""Sums are whole tiyin; floats never enter; rounding is half up to a soʻm."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Tiyin, multiply, percent, soums

SOUMS = st.integers(0, 10**9)
FACTORS = st.decimals(0, 100, places=4)


@given(SOUMS)
def test_a_soum_is_a_hundred_tiyin(amount: int) -> None:
    assert soums(amount) == amount * 100


@given(SOUMS, FACTORS)
def test_a_fee_is_a_whole_number_of_soums_near_the_product(amount: int, factor: Decimal) -> None:
    fee = multiply(soums(amount), factor)
    assert fee % 100 == 0
    assert abs(Decimal(fee) - Decimal(amount) * 100 * factor) <= 50


@given(SOUMS, FACTORS, FACTORS)
def test_a_larger_factor_is_never_cheaper(amount: int, one: Decimal, other: Decimal) -> None:
    low, high = sorted([one, other])
    assert multiply(soums(amount), low) <= multiply(soums(amount), high)


def test_half_a_soum_rounds_up() -> None:
    assert multiply(soums(1), Decimal("0.5")) == soums(1)
    assert percent(soums(412_000), 50) == soums(206_000)


@pytest.mark.parametrize("call", [lambda: soums(1.5), lambda: multiply(Tiyin(1), 0.5)])
def test_floats_are_refused(call: object) -> None:
    with pytest.raises(ValueError, match="float"):
        call()  # type: ignore[operator]


def test_a_part_of_a_tiyin_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number"):
        soums(Decimal("1.005"))
