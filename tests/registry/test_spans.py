"""Sums over longer spans say what the days say, also those that were made for older rows."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest

from casework.graph import State
from casework.intake import register_request
from casework.models import ServiceRequest
from casework.transitions import transition
from forms.models import Source
from registry.models import Figure, FigureRun
from registry.models.figures import Cut, Span
from registry.monitoring import periods, reading, spans
from tests.casework.support import make_submission
from tests.registry.played import at, moment, play
from tests.registry.test_figures import close

#: An agency, a cut and a value on a span, as a run found them.
Row = tuple[int, str, date, int | None, str, str]


@pytest.mark.parametrize(
    ("span", "day", "first", "last"),
    [
        (Span.TEN, date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 10)),
        (Span.TEN, date(2026, 2, 11), date(2026, 2, 11), date(2026, 2, 20)),
        (Span.TEN, date(2026, 2, 28), date(2026, 2, 21), date(2026, 2, 28)),
        (Span.TEN, date(2026, 1, 31), date(2026, 1, 21), date(2026, 1, 31)),
        (Span.MONTH, date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        (Span.QUARTER, date(2026, 5, 4), date(2026, 4, 1), date(2026, 6, 30)),
        (Span.YEAR, date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_each_day_lies_in_one_span_of_a_kind(
    span: Span, day: date, first: date, last: date
) -> None:
    assert spans.around(span, day) == periods.Period(first, last)


@pytest.mark.parametrize(
    ("text", "closed", "count"),
    [
        ("2025", date(2026, 11, 28), 1),
        ("2026", date(2026, 11, 28), 3 + 1 + 2 + 8),
        ("2025-11-01.2026-10-31", date(2026, 11, 28), 2 + 3 + 1),
        ("2026-02-05.2026-02-25", date(2026, 11, 28), 6 + 1 + 5),
        ("2026-12", date(2026, 11, 28), 0),
    ],
)
def test_a_period_is_the_fewest_closed_spans(text: str, closed: date, count: int) -> None:
    period = periods.read(text)
    assert period is not None
    found = spans.parts(period, closed)
    assert sum(len(days) for days in found.values()) == count
    days = [
        whole.first + timedelta(days=n)
        for span, firsts in found.items()
        for whole in (spans.around(span, first) for first in firsts)
        for n in range((whole.last - whole.first).days + 1)
    ]
    last = min(period.last, closed)
    assert sorted(days) == [
        period.first + timedelta(days=n) for n in range(max(0, (last - period.first).days + 1))
    ]


@pytest.fixture
def counted(db: None) -> None:
    """A year and a half is closed; on the way a letter comes late to a closed day."""
    played = play()

    def letter() -> ServiceRequest:
        paper = make_submission(
            played.service, None, source=Source.POST, entered_by=played.officer,
            submitted_at=moment(27),
        )  # fmt: skip
        return register_request(paper, played.service)

    close(10, 3)
    with at(10, 12, 3):
        transition(letter().pk, State.IN_REVIEW, actor=played.officer)
    close(11, 3)
    close(1, 12)
    with at(2, 12, 12):
        letter()
    close(3, 12)


def _rows(**only: object) -> dict[Row, dict[str, int]]:
    found = Figure.objects.filter(**only).values_list(
        "run__number", "span", "day", "agency_id", "cut", "value", "counts"
    )
    return {(*row[:3], *row[3:6]): row[6] for row in found}


def test_what_came_late_is_in_every_span(counted: None) -> None:
    for cut in (Cut.SERVICE, Cut.AGENCY, Cut.KIND):
        for text in ("2026-02", "2026-q1", "2026-01-01.2026-10-31"):
            period = periods.read(text)
            assert period is not None
            rows = reading.table(cut, period, with_today=False)
            assert sum(c["received"] for c in rows.values()) == 8, (cut, text)
    days = Figure.objects.filter(span=Span.DAY, cut=Cut.AGENCY, day__year=2026, day__month=2)
    assert sum(counts.get("received", 0) for counts in days.values_list("counts", flat=True)) == 8


def test_rows_of_an_older_portal_are_summed_as_runs_would_have(counted: None) -> None:
    """The migration makes of days and months what closing them makes today, run by run."""
    made = import_module("registry.migrations.0008_sums_of_agencies_and_longer_spans")
    numbers = dict(FigureRun.objects.values_list("pk", "number"))
    runs = list(FigureRun.objects.order_by("number").values_list("number", "closed", "pk"))

    def told(rows: list[Figure]) -> dict[Row, dict[str, int]]:
        return {
            (numbers[row.run_id], row.span, row.day, row.agency_id, row.cut, row.value): row.counts
            for row in rows
        }

    days = {key: counts for key, counts in _rows(cut=Cut.AGENCY).items() if key[1] in {"d", "m"}}
    made_of_agencies = told(list(made._agencies(Figure)))
    assert days and {k: c for k, c in made_of_agencies.items() if k[1] in {"d", "m"}} == days
    for finer, span, around in (
        (Span.DAY, Span.TEN, made._ten),
        (Span.MONTH, Span.QUARTER, made._quarter),
        (Span.QUARTER, Span.YEAR, made._year),
    ):
        rows = _rows(span=span)
        assert told(list(made._longer(Figure, runs, finer, span, around))) == rows
        assert rows or span == Span.YEAR
