"""Numbers of invoices: `2026-ADL-T0012345-7`, readable over the telephone, with a check digit.

The letter T (toʻlov) tells them from numbers of requests. The digit is that of ISO 7064
MOD 11,10 over the digits of year and serial and the alphabet positions of the agency's letters.
"""

from __future__ import annotations

import re

from core.digits import digits_of, mod_11_10

_NUMBER = re.compile(r"([0-9]{4})-?([A-HJ-NP-Z]{2,5})-?T([0-9]{7})-?([0-9])")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def format_number(year: int, code: str, serial: int) -> str:
    """The number of an invoice. `serial` counts from 1 within an agency and a year.

    Raises ValueError beyond seven digits.
    """
    if not 0 < serial < 10_000_000:
        raise ValueError(f"No number for the serial {serial}.")
    return f"{year:04d}-{code}-T{serial:07d}-{mod_11_10(digits_of(year, code, serial))}"


def parse_number(text: str) -> str | None:
    """The number as we write it from what somebody typed; None where its check digit is wrong."""
    plain = _DASHES.sub("-", re.sub(r"\s", "", text)).upper()
    match = _NUMBER.fullmatch(plain)
    if match is None or int(match[3]) == 0:
        return None
    number = format_number(int(match[1]), match[2], int(match[3]))
    return number if number.endswith(f"-{match[4]}") else None


def find_number(text: str) -> str | None:
    """The first right number anywhere in a text, such as the purpose of a bank transfer."""
    plain = _DASHES.sub("-", re.sub(r"\s", "", text)).upper()
    for match in _NUMBER.finditer(plain):
        number = parse_number(match[0])
        if number is not None:
            return number
    return None
