"""Readers who know the rules of what is public and have read every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import strategies as st

from registry.monitoring import disclosure
from registry.monitoring.dashboard import sheet, tiles
from registry.monitoring.disclosure import count, span
from registry.monitoring.telling import NOTHING, Public
from registry.monitoring.withholding import Untold

Matrix = list[list[int]]
#: (month, agency, value)
Place = tuple[int, int, int]
#: Places that are summed, and between which numbers the sum is known to lie.
Fact = tuple[list[Place], tuple[int, int]]


def nobody_is_found(facts: list[Any], number: Callable[[Any], int], what: object) -> None:
    """Somebody who knows the rules narrows each count down by each sum, until nothing moves: none of
    1 to 4, and no sum that is so few, has a single value left. `facts`: places that are summed, and
    between which numbers the sum lies; `number`: the true count of a place."""
    cells = {place: (0, 10_000) for held, _bounds in facts for place in held}
    for _round in range(14):
        for held, (low, high) in facts:
            least, most = (sum(cells[place][n] for place in held) for n in (0, 1))
            for place in held:
                mine = cells[place]
                cells[place] = (
                    max(mine[0], low - (most - mine[1])), min(mine[1], high - (least - mine[0])),
                )  # fmt: skip
                least, most = least + cells[place][0] - mine[0], most + cells[place][1] - mine[1]
    for held, bounds in facts:
        exact = sum(map(number, held))
        least = max(bounds[0], sum(cells[place][0] for place in held))
        most = min(bounds[1], sum(cells[place][1] for place in held))
        assert least <= exact <= most
        if 0 < exact < disclosure.SMALLEST:
            assert least < most, (what, held)


def read(text: str | None) -> tuple[int, int]:
    """Between which numbers a cell of a page lies, for whoever knows the rules."""
    if text is None:  # no row: too few
        return 0, 4
    if text == NOTHING:
        return 0, 10_000
    return span(None if text.startswith("<") else int(text))


def pages(period: str, months: list[int], matrices: list[Matrix], found: Untold) -> list[Fact]:
    """What the pages of a period say: every agency's and the whole's, tables and tiles."""
    teller, facts = Public("en"), list[Fact]()
    agencies, values = range(len(matrices[0])), range(len(matrices[0][0]))

    def places(these: Any, those: Any) -> list[Place]:
        return [(m, a, v) for m in months for a in these for v in those]

    def total(chosen: list[Place]) -> int:
        return sum(matrices[m][a][v] for m, a, v in chosen)

    def page(
        groups: dict[str, list[Place]], hidden: set[tuple[str, str]], untold: set[str]
    ) -> None:
        rows = [(key, key, Counter({"received": total(held)})) for key, held in groups.items()]
        made = sheet("", "", [row for row in rows if row[2]["received"]], teller, ("received",),
                     hidden=hidden)  # fmt: skip
        shown = {line.key: line.cells[0] for line in made.lines}
        facts.extend((held, read(shown.get(key))) for key, held in groups.items())
        everything = [place for held in groups.values() for place in held]
        if made.total:
            facts.append((everything, read(made.total.cells[0])))
        [tile, *_rest] = tiles(Counter({"received": total(everything)}), Counter(), teller, untold)
        facts.append((everything, read(tile["value"])))

    for a in agencies:
        page({str(v): places([a], [v]) for v in values}, found.of_cut("district", a + 1),
             found.of_agency(a + 1))  # fmt: skip
    page({str(v): places(agencies, [v]) for v in values}, found.of_cut("district", None),
         found.whole)  # fmt: skip
    page({str(a): places([a], values) for a in agencies},
         {(str(pk - 1), key) for pk, key in found.agencies} | {("", k) for k in found.whole},
         found.whole)  # fmt: skip
    return facts


#: (late, answered) of two agencies in some months.
answers = st.tuples(st.integers(0, 9), st.integers(0, 60)).map(lambda n: (n[0], n[0] + n[1]))
Answers = list[list[tuple[int, int]]]
#: Whose answers were complaints; the other's were requests for services.
KINDS = ("request", "complaint")


def answered(firsts: list[date], months: Answers) -> Any:
    """The tables of months in which two agencies answered, one requests and one complaints."""
    return {
        first: {
            "kind": {
                (a + 1, KINDS[a]): Counter(received=n, decided=n, late=late)
                for a, (late, n) in enumerate(row)
            }
        }
        for first, row in zip(firsts, months, strict=True)
    }


def _share_says(part: int, whole: int, is_hidden: bool) -> tuple[int, int]:
    """Between which counts a part lies for whoever sees its share, or that of the others."""
    if is_hidden or whole < disclosure.MANY:
        return 0, 10_000
    return span(count(part))


def attack_shares(
    months: Answers, spans: list[tuple[list[int], Untold]], years: list[tuple[list[int], Untold]]
) -> None:
    """Somebody who reads every share of answers in time, and the late ones of the appeals of years,
    narrows down how many were late, or in time, in each month. Spans: numbers of the months with
    what is not told."""
    for of_rest in (False, True):
        parts = [[n - late if of_rest else late for late, n in row] for row in months]
        facts: list[tuple[list[tuple[int, int]], tuple[int, int]]] = []
        for held, untold_here in spans:
            for agencies in ([0], [1], [0, 1]):
                places = [(m, a) for m in held for a in agencies]
                hidden = untold_here.of_agency(agencies[0] + 1 if len(agencies) == 1 else None)
                part = sum(parts[m][a] for m, a in places)
                whole = sum(months[m][a][1] for m, a in places)
                facts.append((places, _share_says(part, whole, "on_time" in hidden)))
        for held, untold_here in years:
            places = [(m, 1) for m in held]
            part, whole = (sum(months[m][1][n] for m in held) for n in (0, 1))
            for whose in (2, None):
                if not of_rest and whole >= 5 and "late" not in untold_here.of_agency(whose):
                    facts.append((places, span(count(part))))
        nobody_is_found(facts, lambda place, of=parts: of[place[0]][place[1]], (months, of_rest))
