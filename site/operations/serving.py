"""How the portal serves, by day: answers, errors of the server, times, minutes in which it was up.

Counted in the process and written in batches, as views are: a crash loses at most one batch.
Nothing of who asked for what is kept.
"""

from __future__ import annotations

import logging
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from operations import readiness
from operations.models import DailyServing, DailyUptime

#: Upper bounds of the steps in which times are counted, in milliseconds; the last holds the rest.
STEPS_MS = (10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 60_000)
BATCH, PERIOD = 100, 20.0
_MINUTES = 24 * 60

log = logging.getLogger(__name__)
_lock = threading.Lock()
_waiting: Counter[tuple[date, int, bool]] = Counter()
_flushed_at = time.monotonic()


class ServingMiddleware:
    """Count each answer with its time; the outermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; an error that nobody caught counts as one of the server."""
        start = time.perf_counter()
        status = 500
        try:
            response = self.get_response(request)
            status = response.status_code
        finally:
            count(time.perf_counter() - start, failed=status >= 500 and not _is_probe(request))
        return response


def _is_probe(request: HttpRequest) -> bool:
    """A probe that says "not ready" is an answer, no error."""
    return request.path in {"/readyz", "/healthz"}


def count(seconds: float, *, failed: bool) -> None:
    """Count one answer. Never raises, seldom writes."""
    step = STEPS_MS[min(bisect_left(STEPS_MS, seconds * 1000), len(STEPS_MS) - 1)]
    with _lock:
        _waiting[timezone.localdate(), step, failed] += 1
        due = sum(_waiting.values()) >= BATCH or time.monotonic() - _flushed_at >= PERIOD
    # Inside somebody's transaction a lock on a hot row would be held too long.
    if due and not connection.in_atomic_block:
        try:
            flush()
        except Exception:  # the answer is on its way: without a database it must still arrive
            log.warning("served answers could not be written", exc_info=True)


def flush() -> int:
    """Write what waits; how many answers were written."""
    global _flushed_at
    with _lock:
        batch = Counter(_waiting)
        _waiting.clear()
        _flushed_at = time.monotonic()
    with transaction.atomic():
        for day, step in sorted({(day, step) for day, step, _failed in batch}):
            failures = batch[day, step, True]
            answers = batch[day, step, False] + failures
            row, created = DailyServing.objects.get_or_create(
                day=day, under_ms=step, defaults={"answers": answers, "failures": failures}
            )
            if not created:
                DailyServing.objects.filter(pk=row.pk).update(
                    answers=F("answers") + answers, failures=F("failures") + failures
                )
    return sum(batch.values())


def discard() -> None:
    """Forget what waits: each test begins at nought."""
    with _lock:
        _waiting.clear()


def beat() -> None:
    """Note that in this minute the portal was ready to answer; recurring work.

    A minute in which nobody beats, because the process or the database was away, counts as down.
    """
    status, _parts = readiness.report()
    if status == "fail":
        return
    now = timezone.localtime()
    minute = now.hour * 60 + now.minute
    row, _created = DailyUptime.objects.get_or_create(
        day=now.date(), defaults={"first_minute": _first_minute(now), "last_minute": -1}
    )
    # Several processes may beat in one minute: it counts once.
    DailyUptime.objects.filter(pk=row.pk, last_minute__lt=minute).update(
        minutes_up=F("minutes_up") + 1, last_minute=minute
    )


def _first_minute(now: datetime) -> int:
    """From which minute of the day on the portal should be up: midnight, save on its first day."""
    is_first = not DailyUptime.objects.exists()
    return now.hour * 60 + now.minute if is_first else 0


@dataclass(frozen=True)
class Served:
    """How a day was served."""

    answers: int = 0
    failures: int = 0
    #: Upper bound in milliseconds → answers.
    under_ms: dict[int, int] = field(default_factory=dict)
    #: Minutes in which the portal should have been up, and was.
    minutes: int = 0
    minutes_up: int = 0


def served_on(day: date) -> Served:
    """The figures of a day; those still waiting in other processes are not in them.

    A day without any beat after the first one was down all day.
    """
    rows = list(DailyServing.objects.filter(day=day))
    up = DailyUptime.objects.filter(day=day).first()
    if up is not None:
        minutes, minutes_up = _expected(day) - up.first_minute, up.minutes_up
    else:
        began = DailyUptime.objects.filter(day__lt=day).exists()
        minutes, minutes_up = (_expected(day) if began else 0), 0
    return Served(
        answers=sum(row.answers for row in rows),
        failures=sum(row.failures for row in rows),
        under_ms={row.under_ms: row.answers for row in rows},
        minutes=minutes,
        minutes_up=min(minutes_up, minutes),
    )


def _expected(day: date) -> int:
    """Minutes of a day that are over."""
    start = timezone.make_aware(datetime.combine(day, clock.min))
    past = (timezone.now() - start) // timedelta(minutes=1)
    return max(0, min(past, _MINUTES))
