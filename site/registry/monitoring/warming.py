"""After a day is closed, what readers ask for first is read once, so that none of them waits for it.

What is not told is worked out and kept in the database. Figures are kept where the web processes look:
without a cache that all share, each process reads them for itself.
"""

from __future__ import annotations

from django.utils import timezone

from registry.monitoring import closing, dashboard, margins, reading, withholding
from registry.monitoring.names import ALL_CUTS
from registry.monitoring.periods import month, quarter, year


def scheduled() -> int:
    """Close what is over; how many days. Then read what is asked for, unless it is known."""
    done = closing.close_days()
    warm()
    return done


def warm() -> None:
    """Work out what is not told of every period that the public may choose; read the year, the quarter
    and the month of today, and the year before."""
    today = timezone.localdate()
    for _title, periods in dashboard.choices(today, reading.first_day()):
        for period in periods:
            margins.of_period(period)
            margins.of_period(period.before())
    for period in (year(today.year - 1), year(today.year), quarter(today), month(today)):
        reading.tables(ALL_CUTS, period, with_today=False)
    withholding.forget_old()
