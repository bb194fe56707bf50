"""Spans of time that sums are kept of, each made of whole ones of the next finer kind.

A year so far is three quarters, a month or two, one or two tens of days and some days: some twenty
rows of each place, where days alone would be hundreds.
"""

from __future__ import annotations

from datetime import date, timedelta

from registry.models.figures import Span
from registry.monitoring.periods import Period, last_of_month, month, quarter, year

#: Kind → the kind that its sums are made of; the finest first.
MADE_OF = {
    Span.TEN: Span.DAY,
    Span.MONTH: Span.TEN,
    Span.QUARTER: Span.MONTH,
    Span.YEAR: Span.QUARTER,
}
_COARSEST_FIRST = (*reversed(MADE_OF), Span.DAY)


def around(span: Span, day: date) -> Period:
    """The span of a kind that a day lies in. The third ten of a month takes what is left of it."""
    match span:
        case Span.DAY:
            return Period(day, day)
        case Span.TEN:
            first = day.replace(day=1 + min(10 * ((day.day - 1) // 10), 20))
            last = last_of_month(day) if first.day == 21 else first + timedelta(days=9)
            return Period(first, last)
        case Span.MONTH:
            return month(day)
        case Span.QUARTER:
            return quarter(day)
        case _:
            return year(day.year)


def parts(period: Period, closed: date) -> dict[Span, list[date]]:
    """First days of the fewest spans that make up a period, as far as it is closed."""
    found: dict[Span, list[date]] = {}
    day, last = period.first, min(period.last, closed)
    while day <= last:
        for span in _COARSEST_FIRST:
            whole = around(span, day)
            if whole.first == day and whole.last <= last:
                found.setdefault(span, []).append(day)
                day = whole.last + timedelta(days=1)
                break
    return found
