"""Views counted without cookie or identifier, in batches.

The count lives in the process until it is flushed (every 50 views, every 20 seconds of serving,
and by `run_due`); a crash loses at most that many. A shared cache keeps nothing of it, so pages
answered from a cache are counted by whoever answers them.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from operations.models import DailyViews

BATCH, PERIOD = 50, 20.0

_lock = threading.Lock()
_waiting: Counter[str] = Counter()
_flushed_at = time.monotonic()


def count_view(key: str) -> None:
    """Count one view of `key` (at most 80 characters). Never raises, seldom writes."""
    with _lock:
        _waiting[key[:80]] += 1
        due = sum(_waiting.values()) >= BATCH or time.monotonic() - _flushed_at >= PERIOD
    # Inside somebody's transaction a lock on a hot row would be held too long.
    if due and not connection.in_atomic_block:
        flush()


def flush() -> int:
    """Write what waits; the number of views written."""
    global _flushed_at
    with _lock:
        batch = Counter(_waiting)
        _waiting.clear()
        _flushed_at = time.monotonic()
    today = timezone.localdate()
    with transaction.atomic():
        for key, views in sorted(batch.items()):
            row, created = DailyViews.objects.get_or_create(
                key=key, day=today, defaults={"views": views}
            )
            if not created:
                DailyViews.objects.filter(pk=row.pk).update(views=F("views") + views)
    return sum(batch.values())


def discard() -> None:
    """Forget what waits: each test begins at nought."""
    with _lock:
        _waiting.clear()


def views_of(keys: Iterable[str], days: int = 90) -> dict[str, int]:
    """Views of each key over the last `days` days, those still waiting included."""
    keys = list(keys)
    since = timezone.localdate() - timedelta(days=days)
    rows = (
        DailyViews.objects.filter(key__in=keys, day__gt=since)
        .values("key")
        .annotate(total=Sum("views"))
    )
    totals = {row["key"]: row["total"] for row in rows}
    return {key: totals.get(key, 0) + _waiting.get(key, 0) for key in keys}
