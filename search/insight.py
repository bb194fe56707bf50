"""What people search and what comes of it, for editors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from languages import registry
from search.editorial import QueryCount
from search.querylog import LEAST

PERIODS = (7, 30, 90, 365)
#: Rows of a table.
MOST = 50
#: A query opened less often than this share of its searches is one whose results nobody wants.
_SELDOM = 0.05


@dataclass(frozen=True)
class QueryRow:
    """A query with its figures over the period."""

    text: str
    language: str
    searches: int
    results: int
    clicks: int
    #: Mean place of what was opened; None where nothing was.
    rank: float | None

    @property
    def language_name(self) -> str:
        """As the language calls itself."""
        return registry.by_code(self.language).name_local

    @property
    def opened(self) -> int:
        """Results opened for each hundred searches; at most 100."""
        return min(100, round(100 * self.clicks / self.searches)) if self.searches else 0


@dataclass(frozen=True)
class DayRow:
    """The searches of a day, and those of them that found nothing."""

    day: date
    searches: int
    empty: int


@dataclass(frozen=True)
class Report:
    """Figures of a period. Queries asked fewer than `LEAST` times count in the days alone."""

    days: Sequence[DayRow]
    top: Sequence[QueryRow]
    without_result: Sequence[QueryRow]
    without_click: Sequence[QueryRow]
    searches: int
    empty: int
    clicks: int
    hidden: int


def report(period: int, language: str = "") -> Report:
    """Figures of the last `period` days for pages of a language, or of all."""
    rows = QueryCount.objects.filter(day__gt=timezone.localdate() - timedelta(days=period))
    if language:
        rows = rows.filter(language=language)
    queries = _by_query(rows)
    shown = queries.filter(searches_sum__gte=LEAST)
    days = _by_day(rows, period)
    totals = rows.aggregate(clicks=Sum("clicks"))
    empty = shown.filter(most=0)
    seldom = shown.filter(most__gt=0, clicks_sum__lt=F("searches_sum") * _SELDOM)
    return Report(
        days=days,
        top=_rows(shown),
        without_result=_rows(empty),
        without_click=_rows(seldom),
        searches=sum(day.searches for day in days),
        empty=sum(day.empty for day in days),
        clicks=totals["clicks"] or 0,
        hidden=queries.filter(searches_sum__lt=LEAST).count(),
    )


def _by_query(rows: QuerySet[QueryCount]) -> QuerySet[Any]:
    return rows.values("language", "key").annotate(
        # Of the several spellings one stands for all.
        written=Max("text"),
        searches_sum=Sum("searches"),
        clicks_sum=Sum("clicks"),
        ranks_sum=Sum("ranks"),
        most=Max("results"),
        days=Count("pk"),
    )


def _rows(queries: QuerySet[Any]) -> list[QueryRow]:
    return [
        QueryRow(
            text=row["written"],
            language=row["language"],
            searches=row["searches_sum"],
            results=row["most"],
            clicks=row["clicks_sum"],
            rank=row["ranks_sum"] / row["clicks_sum"] if row["clicks_sum"] else None,
        )
        for row in queries.order_by("-searches_sum", "key")[:MOST]
    ]


def _by_day(rows: QuerySet[QueryCount], period: int) -> list[DayRow]:
    """Each day of the period; whole weeks, named by their first day, where it is long."""
    counted = {
        row["day"]: (row["all"], row["none"] or 0)
        for row in rows.values("day").annotate(
            all=Sum("searches"), none=Sum("searches", filter=Q(results=0))
        )
    }
    step = 1 if period <= 31 else 7
    today = timezone.localdate()
    first = today - timedelta(days=period - 1)
    found = []
    for start in range(0, period, step):
        span = [first + timedelta(days=start + n) for n in range(min(step, period - start))]
        pairs = [counted.get(day, (0, 0)) for day in span]
        found.append(DayRow(span[0], sum(p[0] for p in pairs), sum(p[1] for p in pairs)))
    return found


@dataclass(frozen=True)
class Bar:
    """One bar of the chart: places in user units, the part without results drawn over the rest."""

    x: float
    y: float
    height: float
    empty_y: float
    empty_height: float


#: Size of the chart in user units.
WIDTH, HEIGHT = 640, 160


def bars(days: Sequence[DayRow]) -> tuple[float, list[Bar]]:
    """(width of a bar, bars) of the chart; the highest bar fills it."""
    most = max((day.searches for day in days), default=0) or 1
    step = WIDTH / max(1, len(days))
    found = []
    for number, day in enumerate(days):
        height, empty = (HEIGHT * count / most for count in (day.searches, day.empty))
        found.append(
            Bar(round(number * step, 1), round(HEIGHT - height, 1), round(height, 1),
                round(HEIGHT - empty, 1), round(empty, 1))
        )  # fmt: skip
    return round(step * 0.8, 1), found
