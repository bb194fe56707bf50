"""What names a person by a number or an address, in free text of people who leave no name."""

from __future__ import annotations

import re

MASK = "***"
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Accounts of messengers: `@someone`.
_ACCOUNT = re.compile(r"(?<![\w@/])@\w{4,}")
#: Series and number of a passport or of a certificate: AB1234567, АВ № 1234567.
_PAPER = re.compile(r"\b[^\W\d_]{1,3}[\s№-]{0,3}\d{6,7}\b")
#: Seven digits and more, however they are grouped: phones, PINFL, STIR, cards, accounts.
_NUMBER = re.compile(r"[+(]{0,2}\d(?:[\s ().–‑/-]{0,3}\d){6,}")
#: Days, and sums up to eight digits in groups of three, name nobody.
_NOBODY = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{1,2}(?:[\s ]\d{3}){2}"
)


def masked(text: str) -> str:
    """The text with `***` instead of numbers and addresses of people; days and sums stay."""
    for pattern in (_E_MAIL, _ACCOUNT, _PAPER):
        text = pattern.sub(MASK, text)
    return _NUMBER.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    return found.group() if _NOBODY.fullmatch(found.group().strip()) else MASK
