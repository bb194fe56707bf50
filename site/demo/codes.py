"""Keys and codes of the second factor of demonstration accounts. Pure Python: no Django here.

The keys are public, as the passwords are: they follow from the e-mail.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from urllib.parse import quote

#: Seconds for which a code is shown, and its digits (RFC 6238, what authenticator apps assume).
PERIOD, DIGITS = 30, 6
ISSUER = "Yagona portal"


def secret_of(email: str) -> str:
    """The key of an account's authenticator app, base32 without padding."""
    digest = hashlib.sha256(f"yagona-portal-demo:{email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def address_of(email: str) -> str:
    """The key as an `otpauth:` address, which authenticator apps take as a picture or a link."""
    issuer = quote(ISSUER)
    return f"otpauth://totp/{issuer}:{quote(email)}?secret={secret_of(email)}&issuer={issuer}"


def code_of(email: str, at: float | None = None) -> str:
    """The code that the app shows at a moment (seconds since 1970; now)."""
    counter = int(time.time() if at is None else at) // PERIOD
    key = base64.b32decode(secret_of(email))
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"
