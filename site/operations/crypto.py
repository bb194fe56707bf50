"""Keyed digests: look a value up without being able to read it."""

import hashlib
import hmac

from django.conf import settings


def blind_index(value: str) -> str:
    """HMAC-SHA-256 of `value` in hexadecimal (64 characters), keyed with the site's secret."""
    key = hashlib.sha256(b"blind-index:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
