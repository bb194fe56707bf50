"""Limits on how often something may be tried: accounts and phones first, never an address alone.

Thousands of citizens share one address behind a mobile network, so an address is never locked
out; the key is an account, a phone or a session. `slow_down` is all that an address may do.

All processes count together: in Redis or Valkey, whose increments are atomic, else in the
database. A cache of one process is never used, so there is nothing to set up wrongly.
"""

from __future__ import annotations

import re
import time

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import gettext as _

from operations.crypto import blind_index
from operations.models import Tally

_RATE = re.compile(r"(\d+)/(\d*)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
#: Seconds that an answer waits once an address has failed too often; a worker waits as long.
PAUSE = 1.0

_COUNT = """
INSERT INTO operations_tally AS tally (key, tries, until) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN tally.until <= %s THEN 1 ELSE tally.tries + 1 END,
  until = CASE WHEN tally.until <= %s THEN excluded.until ELSE tally.until END
RETURNING tries, until
"""


class TooMany(Exception):
    """The limit of `scope` is used up; `wait` is the number of seconds until it is not."""

    def __init__(self, scope: str, wait: int) -> None:
        self.scope, self.wait = scope, wait
        super().__init__(_("Too many attempts. Try again later."))


def limit(scope: str, key: str, rates: str) -> None:
    """Count one try of `key` in `scope`; `rates` such as `5/m`, `20/10m`, `5/5m,30/d`.

    A try is counted before it is made, so parallel ones cannot slip through together. A window
    begins with its first try. Raises TooMany beyond a rate, ValueError on one that cannot be read.
    """
    windows = [_read(rate) for rate in rates.split(",")]
    if not getattr(settings, "RATELIMIT_ENABLE", True):
        return
    for allowed, seconds in windows:
        tries, wait = _count(_name(scope, key, seconds), seconds)
        if tries > allowed:
            raise TooMany(scope, wait)


def wait(scope: str, key: str, rates: str) -> int:
    """Seconds until `key` may be tried again; 0 where it may now. Counts nothing."""
    longest = 0
    for allowed, seconds in map(_read, rates.split(",")):
        tries, left = _look(_name(scope, key, seconds), seconds)
        if tries >= allowed:
            longest = max(longest, left)
    return longest


def give_back(scope: str, key: str, rates: str) -> None:
    """Uncount one try: it was an honest one. The others in the window stay counted."""
    if not getattr(settings, "RATELIMIT_ENABLE", True):
        return
    for rate in rates.split(","):
        name = _name(scope, key, _read(rate)[1])
        if _atomic_cache():
            if cache.get(name, 0) > 0:
                cache.decr(name)
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE operations_tally SET tries = tries - 1 WHERE key = %s AND tries > 0",
                    [name],
                )


def slow_down(scope: str, address: str, rate: str) -> None:
    """Count a failure of an address; beyond the rate each further one is answered a second later.

    Nobody is refused: honest people behind the same address fail seldom and are not slowed down.
    """
    try:
        limit(scope, address, rate)
    except TooMany:
        time.sleep(PAUSE)


def forget_old() -> int:
    """Delete what no longer counts; recurring work. Returns how many rows."""
    deleted, _models = Tally.objects.filter(until__lte=time.time()).delete()
    return deleted


def _read(rate: str) -> tuple[int, int]:
    match = _RATE.fullmatch(rate.strip())
    if match is None:
        raise ValueError(f"No such rate: {rate}")
    return int(match[1]), int(match[2] or 1) * _SECONDS[match[3]]


def _name(scope: str, key: str, seconds: int) -> str:
    """Nothing personal lies in the cache or the database: a phone or an address is hashed."""
    return blind_index(f"throttle:{scope}:{seconds}:{key}")


def _atomic_cache() -> bool:
    return "redis" in settings.CACHES["default"]["BACKEND"].lower()


def _look(name: str, seconds: int) -> tuple[int, int]:
    """Tries in the window, and at most how many seconds are left of it."""
    if _atomic_cache():
        return cache.get(name, 0), seconds
    row = Tally.objects.filter(key=name, until__gt=time.time()).first()
    return (row.tries, max(1, row.until - int(time.time()))) if row else (0, 0)


def _count(name: str, seconds: int) -> tuple[int, int]:
    """Tries in the window with this one, and seconds until it ends."""
    if _atomic_cache():
        cache.add(name, 0, seconds)
        try:
            return cache.incr(name), seconds
        except ValueError:  # the window ended between the two
            cache.set(name, 1, seconds)
            return 1, seconds
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, now + seconds, now, now])
        tries, until = cursor.fetchone()
    return tries, max(1, until - now)
