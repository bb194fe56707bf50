"""Request numbers: `2026-AGR-0012345-7`, readable over the telephone, with a check digit.

The digit is that of ISO 7064 MOD 11,10 over the digits of year and serial and the alphabet
positions of the agency's letters. It catches every wrong digit and 98 of 100 swaps of
neighbours; MOD 97-10 would catch all, for one digit more to read out.
"""

from __future__ import annotations

import re

from core.digits import digits_of, mod_11_10

_NUMBER = re.compile(r"([0-9]{4})-?([A-HJ-NP-Z]{2,5})-?([0-9]{7})-?([0-9])")
#: Spaces, and the dashes that telephones and word processors put in place of ours.
_SPACES = re.compile(r"\s")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def check_digit(year: int, code: str, serial: int) -> int:
    """The check digit of a number's parts."""
    return mod_11_10(digits_of(year, code, serial))


def format_number(year: int, code: str, serial: int) -> str:
    """The number of a request. `serial` counts from 1 within an agency and a year.

    Raises ValueError beyond seven digits: a longer number could not be read back.
    """
    if not 0 < serial < 10_000_000:
        raise ValueError(f"No number for the serial {serial}.")
    return f"{year:04d}-{code}-{serial:07d}-{check_digit(year, code, serial)}"


def parse_number(text: str) -> str | None:
    """The number as we write it from what somebody typed; None where its check digit is wrong."""
    plain = _DASHES.sub("-", _SPACES.sub("", text)).upper()
    match = _NUMBER.fullmatch(plain)
    if match is None or int(match[3]) == 0:
        return None
    number = format_number(int(match[1]), match[2], int(match[3]))
    return number if number.endswith(f"-{match[4]}") else None
