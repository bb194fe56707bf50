"""After a day is closed, what readers ask for first is read once, so that none of them waits for it.

Kept where the web processes look: without a cache that all share, each process reads for itself.
"""

from __future__ import annotations

from django.utils import timezone

from registry.models.figures import Cut
from registry.monitoring import closing, margins, reading
from registry.monitoring.names import CUTS
from registry.monitoring.periods import month, quarter, year


def scheduled() -> int:
    """Close what is over; how many days. What is asked for most is read again where there were any."""
    done = closing.close_days()
    if done:
        warm()
    return done


def warm() -> None:
    """Read the year, the quarter and the month of today, and the year before."""
    today = timezone.localdate()
    cuts = [*(str(cut) for cut in CUTS), str(Cut.AGENCY), str(Cut.HOUSE)]
    for period in (year(today.year - 1), year(today.year), quarter(today), month(today)):
        margins.of_period(period)
        reading.tables(cuts, period, with_today=False)
