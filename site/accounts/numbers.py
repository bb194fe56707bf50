"""The numbers of people and of legal entities: what they say of themselves."""

from __future__ import annotations

import re
from datetime import date


def pinfl_control(digits: str) -> str:
    """The control digit of the first 13 digits of a PINFL."""
    weights = (7, 3, 1)
    return str(sum(int(digit) * weights[place % 3] for place, digit in enumerate(digits)) % 10)


def is_pinfl(number: str) -> bool:
    """Whether 14 digits can be a PINFL.

    1: century and sex (1–6), 2–7: date of birth as DDMMYY, 8–10: district, 11–13: serial number,
    14: a control digit, that is the sum of the others weighted 7, 3, 1, 7, … modulo 10
    (resolution 177 of the Cabinet of Ministers, 12.04.2022, lex.uz/docs/5955665).
    """
    if not re.fullmatch(r"[1-6][0-9]{13}", number):
        return False
    return pinfl_control(number[:13]) == number[13] and birth_date_of(number) is not None


def birth_date_of(pinfl: str) -> date | None:
    """The date of birth that a PINFL holds; None where it is no date."""
    century = 1800 + 100 * ((int(pinfl[0]) - 1) // 2)
    try:
        return date(century + int(pinfl[5:7]), int(pinfl[3:5]), int(pinfl[1:3]))
    except ValueError:
        return None


def stir_control(digits: str) -> str:
    """The control digit of the first 8 digits of a firm's STIR.

    The rules on the numbers of taxpayers (lex.uz/acts/499945) say that there is one and not how it
    is made. This one was worked out from numbers of firms, not read in a law: 80 of the 88
    candidates it was fitted to agree (the others look like sums or slips, which nobody confirmed),
    and so do five of banks that were not among them. Eleven remainders share ten digits: 5 and 6
    have the same.
    """
    weights = (7, 4, 10, 3, 5, 9, 4, 8)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return "90123445678"[rest]


def is_stir(number: str) -> bool:
    """Whether 9 digits can be a STIR, as somebody types it.

    The last digit of a firm's (first digit 2 or 3) is a control digit. Numbers of people (4 and
    above) were too few to show that they follow the same rule, so they are not held to it.
    """
    if not has_form_of_stir(number):
        return False
    return number[0] not in "23" or stir_control(number[:8]) == number[8]


def has_form_of_stir(number: str) -> bool:
    """Whether these are 9 digits, not all the same: all that is asked of what a register gave."""
    return bool(re.fullmatch(r"[0-9]{9}", number)) and len(set(number)) > 1
