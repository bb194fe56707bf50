"""Sums are whole tiyin; floats never enter; rounding is half up to a soʻm."""

import operator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Tiyin, in_soums, multiply, percent, soums

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


AMOUNTS = st.integers(-(10**15), 10**15)


@given(AMOUNTS, AMOUNTS, st.integers(-1000, 1000))
def test_arithmetic_is_that_of_whole_numbers_and_stays_money(a: int, b: int, n: int) -> None:
    results = [Tiyin(a) + b, b + Tiyin(a), Tiyin(a) - b, b - Tiyin(a), Tiyin(a) * n, n * Tiyin(a)]
    assert results == [a + b, b + a, a - b, b - a, a * n, n * a]
    results += [sum([Tiyin(a), Tiyin(b)], Tiyin()), -Tiyin(a), abs(Tiyin(b))]
    assert {type(result) for result in results} == {Tiyin}


@given(AMOUNTS)
def test_soums_of_a_sum_are_exact_both_ways(amount: int) -> None:
    assert soums(in_soums(Tiyin(amount))) == amount


OTHERS = [1.0, 0.5, Decimal(1), "1", None]


@pytest.mark.parametrize("other", [*OTHERS, True])
@pytest.mark.parametrize("verb", ["add", "sub", "mul", "truediv", "pow"])
def test_money_mixes_with_nothing_but_whole_numbers(verb: str, other: object) -> None:
    with pytest.raises(TypeError):
        getattr(operator, verb)(Tiyin(100), other)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("verb", ["add", "sub", "mul", "truediv", "pow"])
def test_what_comes_out_where_another_number_stands_first_is_no_money(
    verb: str, other: object
) -> None:
    with pytest.raises(TypeError):
        Tiyin(getattr(operator, verb)(other, Tiyin(100)))


@pytest.mark.parametrize("wrong", [1.0, Decimal(1), True, None])
def test_money_is_made_of_whole_numbers_alone(wrong: Any) -> None:
    with pytest.raises(TypeError):
        Tiyin(wrong)


@pytest.mark.parametrize("convert", [float, round])
def test_money_becomes_no_float_and_is_not_rounded_by_itself(convert: Any) -> None:
    with pytest.raises(TypeError):
        convert(Tiyin(150))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1.005", "1e999999", "-1e50"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        soums(text)
