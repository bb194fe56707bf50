"""What has happened since the last day was closed: counted anew every few minutes, never kept."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.cache import cache

from registry.models import FigureRun
from registry.monitoring.closing import events_of, know
from registry.monitoring.folding import Folder, Rows, day_of, rows, tidy
from registry.monitoring.histories import Histories
from registry.monitoring.periods import begin_of

#: Seconds for which the answer stands.
LIFETIME = 300


def tail(run: FigureRun) -> dict[date, Rows]:
    """Flows by day that no run has counted yet, `run` being the last one.

    What it costs depends on what has happened since, not on all that ever came.
    """
    key = f"registry:tail:{run.number}"
    found: dict[date, Rows] | None = cache.get(key)
    if found is None:
        start = begin_of(run.closed + timedelta(days=1))
        events = [*events_of(pk__gt=run.until_event, at__lt=start), *events_of(at__gte=start)]
        folder = Folder(Histories(), {})
        know(folder, events)
        found = {day: tidy(rows(folder.fold(part))) for day, part in sorted(day_of(events).items())}
        cache.set(key, found, LIFETIME)
    return found
