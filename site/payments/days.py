"""Days of the portal's calendar as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """The first moment of a day and the first after it, or after the last of several."""
    start = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine((last or first) + timedelta(days=1), time.min))
    return start, end
