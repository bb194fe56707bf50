"""Limits on how often something may be tried: accounts and phones first, never an address alone.

Thousands of citizens share one address behind a mobile network, so an address is never locked
out; the key is an account, a phone or a session.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

_RATE = re.compile(r"(\d+)/(\d*)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class TooMany(Exception):
    """The limit of `scope` is used up; `wait` is the number of seconds until it is not."""

    def __init__(self, scope: str, wait: int) -> None:
        self.scope, self.wait = scope, wait
        super().__init__(_("Too many attempts. Try again later."))


def limit(scope: str, key: str, rate: str) -> None:
    """Count one try of `key` in `scope`; `rate` such as `5/m`, `20/10m`, `100/d`.

    Raises TooMany beyond the rate, ValueError on a rate that cannot be read.
    """
    match = _RATE.fullmatch(rate)
    if match is None:
        raise ValueError(f"No such rate: {rate}")
    if not getattr(settings, "RATELIMIT_ENABLE", True):
        return
    allowed, seconds = int(match[1]), int(match[2] or 1) * _SECONDS[match[3]]
    name = f"throttle:{scope}:{key}"
    if cache.add(name, 1, seconds):
        return
    try:
        tries = cache.incr(name)
    except ValueError:
        cache.set(name, 1, seconds)
        return
    if tries > allowed:
        raise TooMany(scope, seconds)
