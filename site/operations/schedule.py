"""Recurring work. Django's tasks have no clock: `manage.py run_due` is called every minute."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from operations.models import ScheduledWork

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """A named, idempotent function that is due every so many minutes."""

    name: str
    function: Callable[[], object]
    every_minutes: int


_works: dict[str, Work] = {}


def register(name: str, function: Callable[[], object], every_minutes: int) -> None:
    """Plan `function` every `every_minutes` minutes. It must be safe to run twice."""
    _works[name] = Work(name, function, every_minutes)


def works() -> list[Work]:
    """All planned work by name."""
    return [_works[name] for name in sorted(_works)]


def run_due(*, everything: bool = False) -> dict[str, str]:
    """Run what is due (or everything); name → "ok" or the class of the error.

    A row is taken by one conditional UPDATE, so two processes never run the same work at once;
    a lock left by a crash ends by itself after four periods.
    """
    results = {}
    for work in works():
        now = timezone.now()
        row, _created = ScheduledWork.objects.get_or_create(name=work.name)
        free = Q(locked_until__isnull=True) | Q(locked_until__lt=now)
        due = Q(last_started__isnull=True) | Q(
            last_started__lte=now - timedelta(minutes=work.every_minutes)
        )
        wanted = free if everything else free & due
        taken = ScheduledWork.objects.filter(wanted, pk=row.pk).update(
            last_started=now, locked_until=now + timedelta(minutes=4 * work.every_minutes)
        )
        if not taken:
            continue
        try:
            work.function()
            results[work.name] = "ok"
        except Exception as error:
            log.exception("scheduled work failed", extra={"work": work.name})
            results[work.name] = type(error).__name__
        ScheduledWork.objects.filter(pk=row.pk).update(
            last_finished=timezone.now(),
            locked_until=None,
            last_error="" if results[work.name] == "ok" else results[work.name],
        )
    return results
