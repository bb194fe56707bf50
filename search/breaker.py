"""A circuit breaker: while the node does not answer, nobody waits for it.

Its state lives in the cache, so that all processes that share one learn from each other.
"""

from __future__ import annotations

from django.core.cache import cache

#: Seconds during which the node is left alone after it failed.
PAUSE = 15
#: Seconds that one request has to find out whether it is back, while the others still stay away.
TRIAL = 5
_OPEN, _DOUBTED, _TRIED = "search:node:open", "search:node:doubted", "search:node:tried"


def allows() -> bool:
    """Whether the node may be asked: it works as far as is known, or it is this caller's try."""
    doubts = cache.get_many([_OPEN, _DOUBTED])
    if _OPEN in doubts:
        return False
    return _DOUBTED not in doubts or bool(cache.add(_TRIED, 1, TRIAL))


def is_open() -> bool:
    """Whether the node failed when it was last asked."""
    return bool(cache.get_many([_OPEN, _DOUBTED]))


def failed() -> None:
    """The node did not answer."""
    cache.set(_OPEN, 1, PAUSE)
    cache.set(_DOUBTED, 1, None)


def worked() -> None:
    """The node answered."""
    if cache.get(_DOUBTED):
        cache.delete_many([_OPEN, _DOUBTED, _TRIED])
