"""The numbers that people read out and type: their check digits, their groups."""

from __future__ import annotations

import re


def ungrouped(text: str) -> str:
    """What was typed without the spaces and dashes that people group digits with."""
    return re.sub(r"[\s\-‐‑–—]", "", text)


def mod_11_10(digits: str) -> int:
    """The check digit of ISO 7064 MOD 11,10 over decimal digits."""
    carry = 10
    for digit in digits:
        total = (carry + int(digit)) % 10 or 10
        carry = total * 2 % 11
    return (11 - carry) % 10


def digits_of(year: int, code: str, serial: int) -> str:
    """Year, capitals by their places in the alphabet, and serial, as digits."""
    return f"{year:04d}" + "".join(f"{ord(c) - 64:02d}" for c in code) + f"{serial:07d}"
