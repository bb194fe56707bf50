"""Charts drawn on the server as SVG: places in user units, so that one drawing serves page and PDF.

Every series has a shape of its own beside its colour (full, hatched; disc, square), and every chart
stands beside a table that says the same. A value that is not known or not told is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 720, 300
#: Families of letters: on a page as its text, in a PDF as the document's.
ON_PAGES, IN_PDF = "Noto Sans, DejaVu Sans, sans-serif", "Noto Sans, Libertinus Serif"
#: Room for numbers on the left, names below, a line above.
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 12, 16, 40
_STEPS = (1, 2, 2.5, 5, 10)
#: Width of a name in user units, about.
_NAME = 58
#: Height of a bar with its gap, room for names before bars and for values behind them.
_BAR, _BEFORE, _BEHIND = 24, 200, 70


@dataclass(frozen=True)
class Series:
    """A named row of values, as many as the chart has names."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Mark:
    """A column or a point; `text` says its value to whoever points at it."""

    x: float
    y: float
    width: float
    height: float
    text: str

    @property
    def end(self) -> float:
        """Where a bar ends."""
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class Drawn:
    """A series as it is drawn: columns, or points with the lines between them."""

    name: str
    number: int
    marks: list[Mark]
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tick:
    """A line of the grid, or a name below."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A drawing with its title and the sentence that says what it shows."""

    key: str
    title: str
    description: str
    #: `columns`, `lines` or `bars`.
    kind: str
    series: list[Drawn]
    rows: list[Tick]
    names: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    floor: int = HEIGHT - _BOTTOM

    @property
    def legend(self) -> list[tuple[int, str, int]]:
        """(number, name, place) of each series where there are several."""
        if len(self.series) < 2:
            return []
        return [
            (one.number, one.name, _LEFT + place * 220) for place, one in enumerate(self.series)
        ]

    def svg(self, fonts: str = ON_PAGES) -> SafeString:
        """The drawing, its letters in the first of some families that is there."""
        return render_to_string("core/chart.svg", {"chart": self, "fonts": fonts})


def columns(
    key: str, title: str, description: str, names: Sequence[str], series: Sequence[Series],
    texts: Sequence[Sequence[str]] | None = None,
) -> Chart:  # fmt: skip
    """Columns side by side. `texts` are the values as people read them."""
    most, rows = _scale([v for one in series for v in one.values], None)
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(names))
    width = step * 0.76 / max(1, len(series))
    drawn = []
    for number, one in enumerate(series):
        marks = []
        for place, value in enumerate(one.values):
            if value is None:
                continue
            height = _field() * value / most
            x = _LEFT + place * step + step * 0.12 + number * width
            marks.append(
                Mark(round(x, 1), round(HEIGHT - _BOTTOM - height, 1), round(width - 1, 1),
                     round(height, 1), _text(one, names[place], texts, number, place))
            )  # fmt: skip
        drawn.append(Drawn(one.name, number, marks))
    return Chart(key, title, description, "columns", drawn, rows, _names(names, step))


def bars(
    key: str, title: str, description: str, names: Sequence[str], one: Series,
    texts: Sequence[str] | None = None,
) -> Chart:  # fmt: skip
    """Bars below one another, each with its name before it and its value behind it: for many
    long names."""
    most = max([value for value in one.values if value is not None], default=0) or 1
    room = WIDTH - _BEFORE - _BEHIND
    marks, labels = [], []
    for place, value in enumerate(one.values):
        y = place * _BAR + 4
        labels.append(Tick(y + _BAR / 2, names[place]))
        if value is not None:
            text = texts[place] if texts else f"{value:g}"
            marks.append(Mark(_BEFORE, y, round(room * value / most, 1), _BAR - 6, text))
    height = _BAR * len(names) + 8
    return Chart(
        key, title, description, "bars", [Drawn(one.name, 0, marks)], [], labels,
        height=height, left=_BEFORE, floor=height,
    )  # fmt: skip


def lines(
    key: str, title: str, description: str, names: Sequence[str], series: Sequence[Series],
    texts: Sequence[Sequence[str]] | None = None, most: float | None = None,
) -> Chart:  # fmt: skip
    """Points joined by lines; where a value is missing, the line is broken."""
    top, rows = _scale([v for one in series for v in one.values], most)
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(names))
    drawn = []
    for number, one in enumerate(series):
        places: list[tuple[float, float] | None] = [
            None
            if value is None
            else (
                round(_LEFT + (place + 0.5) * step, 1),
                round(HEIGHT - _BOTTOM - _field() * value / top, 1),
            )
            for place, value in enumerate(one.values)
        ]
        marks = [
            Mark(at[0], at[1], 0, 0, _text(one, names[place], texts, number, place))
            for place, at in enumerate(places)
            if at is not None
        ]
        joined = [
            f"M{a[0]} {a[1]}L{b[0]} {b[1]}"
            for a, b in pairwise(places)
            if a is not None and b is not None
        ]
        drawn.append(Drawn(one.name, number, marks, joined))
    return Chart(key, title, description, "lines", drawn, rows, _names(names, step))


def _field() -> int:
    return HEIGHT - _TOP - _BOTTOM - 18


def _text(
    one: Series, name: str, texts: Sequence[Sequence[str]] | None, number: int, place: int
) -> str:
    value = texts[number][place] if texts else f"{one.values[place]:g}"
    return f"{name}, {one.name}: {value}"


def _scale(values: Sequence[float | None], most: float | None) -> tuple[float, list[Tick]]:
    """The greatest value of the field, and the lines of its grid: four or five round numbers."""
    top = most or max([value for value in values if value is not None], default=0) or 1
    size = 10 ** math.floor(math.log10(top / 4)) if top >= 4 else 1
    step = next((size * s for s in _STEPS if size * s * 5 >= top), size * 10)
    step = max(1, step) if most is None else step
    count = max(1, math.ceil(top / step))
    highest = most or step * count
    ticks = [
        Tick(round(HEIGHT - _BOTTOM - _field() * step * n / highest, 1), f"{step * n:g}")
        for n in range(count + 1)
        if step * n <= highest
    ]
    return highest, ticks


def _names(names: Sequence[str], step: float) -> list[Tick]:
    """Names below, as many as there is room for; the last one always."""
    every = max(1, math.ceil(_NAME / step))
    last = len(names) - 1
    return [
        Tick(round(_LEFT + (place + 0.5) * step, 1), name)
        for place, name in enumerate(names)
        if (last - place) % every == 0
    ]
