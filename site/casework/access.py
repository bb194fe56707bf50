"""A look at a request without signing in: its number and a secret beside it.

The secret is eight signs of an alphabet without look-alikes (about 39 bits); tries are counted by
request number first, so that guessing from many places is stopped too.
"""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare

from casework.models import ServiceRequest
from casework.numbers import parse_number
from operations.throttle import limit

#: No 0 and O, 1 and I and L, nor letters that look alike in Cyrillic hand.
ALPHABET = "2345679ACDEFGHJKMNPQRTUVWXYZ"
LENGTH = 8


def new_code() -> str:
    """A new secret."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal(code: str) -> str:
    """A secret as we write it from what somebody typed."""
    return "".join(sign for sign in code.upper() if sign in ALPHABET)


def find(number: str, code: str) -> ServiceRequest | None:
    """The request with this number and secret; None where either is wrong, without saying which.

    Raises operations.throttle.TooMany after ten tries of a number in an hour.
    """
    known = parse_number(number)
    if known is None:
        return None
    limit("status", known, "10/h")
    row = ServiceRequest.objects.select_related("agency").filter(number=known).first()
    expected = row.access_code if row else ""
    # Compared even where there is no such request: the answer takes as long.
    fits = constant_time_compare(normal(code), expected or "-")
    return row if fits else None
