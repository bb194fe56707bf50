"""Two years of requests that are over, so that the dashboards of the demonstration say something."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from demo.generating_requests import generate
from registry.models import FigureRun
from registry.monitoring import closing

#: Requests, and how long ago the last of them came: nobody's inbox is filled with them.
COUNT, AGO = 1_500, timedelta(days=60)


def load_counted() -> None:
    """Generate them and close the days up to yesterday. Safe to repeat."""
    if not FigureRun.objects.exists():
        yesterday = timezone.localdate() - timedelta(days=1)
        generate(COUNT, yesterday - AGO, end=yesterday)
    closing.close_days(settled=True)
