"""What a dashboard shows: tiles, months, agencies, one cut, appeals. The same for the public and for
those who answer, who are told more exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from core import charts
from languages.dates import format_month
from registry.models.figures import Cut
from registry.monitoring import names, reading, standing
from registry.monitoring.indicators import INDICATORS, VALUES, Indicator
from registry.monitoring.measures import Counts, added
from registry.monitoring.periods import Period, quarter, trail, year
from registry.monitoring.telling import NOTHING, Teller
from registry.monitoring.terms import APPEALS as APPEALED_KINDS
from registry.monitoring.withholding import Untold

#: Values above the tables, and in the columns of them.
TILES = ("received", "decided", "on_time", "median", "overdue", "rating")
COLUMNS = ("received", "decided", "on_time", "overdue", "median", "repeats_share", "rating")
#: Of appeals: received, satisfied, refused, late, repeated (KM 40/2026, UP-6247).
APPEALS = ("received", "decided", "approved_count", "refused_count", "late", "repeats")
MONTHS = 12
#: Rows of a table on a page.
MOST_ROWS = 100


@dataclass
class Line:
    """A row of a table."""

    key: str
    name: str
    cells: list[str]
    light: str = ""
    #: Length of its bar in per cent of the longest.
    bar: int = 0


@dataclass
class Sheet:
    """A table with its caption; `total` is its last row, where there is one."""

    caption: str
    head: str
    columns: list[tuple[str, str]]
    lines: list[Line] = field(default_factory=list)
    total: Line | None = None
    with_light: bool = False
    #: How many lines of enough cases are left out, since there are too many.
    more: int = 0


def tiles(
    counts: Counts, before: Counts, teller: Teller,
    hidden: Collection[str] = (), hidden_before: Collection[str] = (),
) -> list[dict[str, str]]:  # fmt: skip
    """The main values of a period, with those of the one before; keys that are hidden are not told."""
    return [
        {
            "label": str(VALUES[key].label),
            "value": NOTHING if key in hidden else teller.value(VALUES[key], counts),
            "before": NOTHING if key in hidden_before else teller.value(VALUES[key], before),
        }
        for key in TILES
    ]


def sheet(
    caption: str, head: str, rows: Sequence[tuple[str, str, Counts]], teller: Teller,
    keys: Sequence[str] = COLUMNS, *, with_light: bool = False,
    hidden: Collection[tuple[str, str]] = (),
) -> Sheet:  # fmt: skip
    """A table of (key, name, counts), those with most first, and their total.

    What is of too few to be told stands in the total alone. `hidden`: (row, column) of what is not
    told beside that (margins.py); the row of the total is "". Where it is not told how many came,
    nothing of the row is, wherever it would stand: so many and few look alike.
    """
    blank = {row for row, key in hidden if row and key == "received"}
    came = {
        key: 0 if key in blank else teller.number(VALUES["received"], counts) or 0
        for key, _name, counts in rows
    }
    ordered = sorted(rows, key=lambda row: (row[0] in blank, -came[row[0]], row[1]))
    total: Counts = Counter()
    for _key, _name, counts in ordered:
        total.update(counts)
    columns: list[list[str]] = []
    totals: list[str] = []
    for key in keys:
        value = VALUES[key]
        if value.formula.unit == "number":
            exact = [int(value.formula.of(counts) or 0) for _k, _n, counts in ordered]
            cells, told = teller.counts(exact, int(value.formula.of(total) or 0))
        else:
            cells = [teller.value(value, counts) for _k, _n, counts in ordered]
            told = teller.value(value, total)
        columns.append(
            [NOTHING if row[0] in blank or (row[0], key) in hidden else cell
             for row, cell in zip(ordered, cells, strict=True)]
        )  # fmt: skip
        totals.append(NOTHING if ("", key) in hidden else told)
    most = max(came.values(), default=0)
    stands = [key in blank or teller.tells(counts["received"]) for key, _name, counts in ordered]
    lines = [
        Line(
            key, name, [column[place] for column in columns],
            teller.light(counts, {one for row, one in hidden if row == key}) if with_light else "",
            round(100 * came[key] / most) if most else 0,
        )
        for place, (key, name, counts) in enumerate(ordered[:MOST_ROWS])
        if stands[place]
    ]  # fmt: skip
    return Sheet(
        caption, head, [(key, str(VALUES[key].label)) for key in keys], lines,
        # Whether there is a row of few beside the only one that is told, is not told either.
        Line("", _("Together"), totals)
        if len(ordered) > 1 or (ordered and not teller.exact)
        else None,
        with_light,
        max(0, sum(stands) - MOST_ROWS),
    )  # fmt: skip


def agencies(
    counts: dict[int, Counts], known: dict[int, Agency], teller: Teller, language: str,
    untold: Untold | None = None,
) -> Sheet:  # fmt: skip
    """Agencies that had anything to do, each with its light."""
    hidden = _of_agencies(untold, known) if untold is not None else ()
    rows = [
        (known[pk].key, known[pk].label(language), found)
        for pk, found in counts.items()
        if pk in known and (found["received"] or found["decided"] or found["open"])
    ]
    return sheet(_("Agencies"), _("Agency"), rows, teller, with_light=True, hidden=hidden)


def _of_agencies(untold: Untold, known: Mapping[int, Agency]) -> set[tuple[str, str]]:
    """(key of the agency, key of the value) of what is not told; the total is ""."""
    hidden = {(known[pk].key, key) for pk, key in untold.agencies if pk in known}
    return hidden | {("", key) for key in untold.whole}


def by_cut(
    cut: str, period: Period, ids: Collection[int] | None, teller: Teller, language: str,
    untold: Untold | None = None, agency: int | None = None,
) -> Sheet:  # fmt: skip
    """One cut of all or some agencies; `untold` of `agency`, or of all."""
    counts = reading.by_value(reading.table(cut, period, ids, with_today=teller.exact))
    labels = names.of_values(cut, counts, language)
    rows = [
        (value, labels[value], found)
        for value, found in counts.items()
        if found["received"] or found["decided"] or found["open"]
    ]
    title = str(names.CUTS[Cut(cut)])
    hidden = untold.of_cut(cut, agency) if untold is not None else ()
    return sheet(title, title, rows, teller, hidden=hidden)


def appeals(
    ids: Collection[int] | None, teller: Teller, language: str, today: date,
    untold: Untold | None = None,
) -> Sheet:  # fmt: skip
    """Appeals of this year as of today, by agency."""
    period = Period(year(today.year).first, today)
    found: dict[int, Counts] = {}
    for (agency, kind), counts in reading.table(Cut.KIND, period, ids).items():
        if agency is not None and kind in APPEALED_KINDS:
            found.setdefault(agency, Counter()).update(counts)
    found = reading.by_heir(found)
    known = names.of_agencies(found, language)
    rows = [
        (known[pk].key, known[pk].label(language), counts)
        for pk, counts in found.items()
        if pk in known and (counts["received"] or counts["decided"])
    ]
    hidden = _of_agencies(untold, known) if untold is not None else ()
    return sheet(_("Appeals of this year"), _("Agency"), rows, teller, APPEALS, hidden=hidden)


def months(
    last: date, ids: Collection[int] | None, teller: Teller, language: str,
    hidden: Callable[[Period], Collection[str]] = lambda _month: (),
) -> dict[str, Any]:  # fmt: skip
    """Twelve months up to a day: two charts and the table that says the same.

    `hidden`: keys of what is not told of a month.
    """
    spans = trail(min(last, timezone.localdate()), MONTHS)
    counts = reading.monthly(spans, ids, with_today=teller.exact)
    untold = [hidden(span) for span in spans]
    labels = [f"{span.first:%m.%y}" for span in spans]
    whole = [format_month(span.first, language) for span in spans]
    keys = ("received", "decided", "on_time", "median")
    told = {
        key: [
            NOTHING if key in not_told else teller.value(VALUES[key], one)
            for one, not_told in zip(counts, untold, strict=True)
        ]
        for key in keys
    }
    drawn = {
        key: [
            None if key in not_told else teller.number(VALUES[key], one)
            for one, not_told in zip(counts, untold, strict=True)
        ]
        for key in keys
    }
    volume = charts.columns(
        "volume", _("Requests by month"),
        _("Columns of requests received and answered in each month; the table below has the numbers."),
        labels,
        [charts.Series(str(VALUES[key].label), drawn[key]) for key in keys[:2]],
        [told[key] for key in keys[:2]],
    )  # fmt: skip
    share = charts.lines(
        "share", _("Answers in time by month, per cent"),
        _("A line of the share of answers in time; the table below has the numbers."),
        labels, [charts.Series(str(VALUES["on_time"].label), drawn["on_time"])],
        [told["on_time"]], most=100,
    )  # fmt: skip
    return {
        "volume": volume,
        "share": share if any(value is not None for value in drawn["on_time"]) else None,
        "columns": [str(VALUES[key].label) for key in keys],
        "rows": [(name, [told[key][place] for key in keys]) for place, name in enumerate(whole)],
    }


def indicators(
    period: Period, ids: Collection[int] | None, teller: Teller,
    hidden: Collection[str] = (), hidden_before: Collection[str] = (),
) -> list[tuple[Indicator, list[dict[str, Any]]]]:  # fmt: skip
    """Every indicator with its values in a period and in the one before."""
    now = everything(period, ids, with_today=teller.exact)
    before = everything(period.before(), ids, with_today=teller.exact)
    return [
        (
            indicator,
            [
                {
                    "label": value.label,
                    "value": NOTHING if value.key in hidden else teller.value(value, now),
                    "before": NOTHING
                    if value.key in hidden_before
                    else teller.value(value, before),
                    "light": "" if value.key in hidden else _light(value, now, teller),
                    "threshold": value.threshold,
                }
                for value in indicator.values
            ],
        )
        for indicator in INDICATORS
        if indicator.of_requests or ids is None
    ]


def _light(value: Any, counts: Counts, teller: Teller) -> str:
    if value.threshold is None:
        return ""
    return str(value.threshold.light(teller.number(value, counts)))


def everything(
    period: Period, ids: Collection[int] | None = None, *, with_today: bool = True
) -> Counts:
    """All counts that any indicator is computed from, of all or some agencies."""
    read = reading.tables((Cut.AGENCY, Cut.HOUSE), period, ids, with_today=with_today)
    of_agencies = reading.of_agencies(read)
    total = added(of_agencies.values())
    for counted in (standing.plan(period), standing.registry(period)):
        total.update(added(c for pk, c in counted.items() if ids is None or pk in ids))
    if ids is None:
        total.update(read[Cut.HOUSE].get((None, ""), Counter()))
        total.update(standing.agencies(of_agencies))
    return total


def choices(today: date, first: date | None) -> list[tuple[str, list[Period]]]:
    """Periods to choose from in groups, newest first: years, quarters, months that have begun."""
    begun = first or today
    months_back = [span for span in reversed(trail(today, MONTHS)) if span.last >= begun]
    quarters = list(dict.fromkeys(quarter(span.first) for span in months_back))
    years = [year(number) for number in range(today.year, max(begun.year, today.year - 2) - 1, -1)]
    return [(_("Years"), years), (_("Quarters"), quarters), (_("Months"), months_back)]
