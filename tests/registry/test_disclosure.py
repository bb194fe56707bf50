"""Nobody is found in what is public: neither in a cell nor in a difference of two."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.monitoring import disclosure
from registry.monitoring.dashboard import sheet, tiles
from registry.monitoring.disclosure import count, guarded, shown, span
from registry.monitoring.formulas import Mean, Number, Quantile, Share
from registry.monitoring.margins import untold
from registry.monitoring.telling import NOTHING, Public

counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1003, 1005)],
)
def test_small_counts_are_hidden_and_others_rounded(number: int, told: int | None) -> None:
    assert count(number) == told


@given(counts)
def test_what_is_shown_says_its_bounds(number: int) -> None:
    low, high = span(count(number))
    assert low <= number <= high
    assert all(count(other) == count(number) for other in range(low, high + 1))


def _worlds(parts: list[int | None], total: int | None) -> list[tuple[int, ...]]:
    """All tables that would be shown like this: what anybody can work out, by brute force."""
    ranges = [range(span(part)[0], span(part)[1] + 1) for part in parts]
    return [world for world in product(*ranges) if total is None or count(sum(world)) == total]


@given(st.lists(st.integers(0, 14), min_size=1, max_size=4))
def test_a_total_gives_no_hidden_part_away(parts: list[int]) -> None:
    told, whole = guarded(parts, sum(parts))
    worlds = _worlds(told, whole)
    assert tuple(parts) in worlds
    for place, part in enumerate(told):
        if part is None:
            assert len({world[place] for world in worlds}) > 1


def test_two_fours_do_not_stand_out_by_their_sum() -> None:
    assert guarded([4, 4], 8) == ([None, None], None)
    assert guarded([4, 9], 13) == ([None, 10], 15)


@given(st.lists(st.integers(0, 14), min_size=2, max_size=3), st.integers(1, 4))
def test_a_year_less_its_months_gives_no_month_away(months: list[int], hidden: int) -> None:
    """The total is rounded by itself, so its difference to the parts is off by several."""
    parts = [hidden, *months]
    told, whole = guarded(parts, sum(parts))
    assert len({world[0] for world in _worlds(told, whole)}) > 1


@given(st.integers(0, 500), st.integers(1, 4))
def test_today_less_yesterday_is_nought_or_five(yesterday: int, came: int) -> None:
    before, after = count(yesterday), count(yesterday + came)
    if before is not None and after is not None and yesterday >= 5:
        assert after - before in {0, 5}


@given(st.integers(20, 400), st.data())
def test_a_share_tells_no_small_part(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    told = shown(Share("part", "whole"), {"part": part, "whole": whole})
    exact = 100 * part / whole
    assert told.value is not None
    match told.bound:
        case "most":
            assert 1 <= part <= 4 and told.value >= exact
        case "least":
            assert 1 <= whole - part <= 4 and told.value <= exact
        case _:
            assert told.value == round(exact)
    if told.bound:
        # Whichever of the four it is, the same is told.
        same = range(1, 5) if told.bound == "most" else range(whole - 4, whole)
        assert {
            shown(Share("part", "whole"), {"part": other, "whole": whole}).value for other in same
        } == {told.value}


@pytest.mark.parametrize(
    "formula",
    [Share("n", "cases"), Mean("n", "cases"), Quantile("took:", 0.5, "cases")],
)
def test_shares_and_means_of_few_are_hidden(formula: object) -> None:
    few = {"n": 9, "cases": disclosure.MANY - 1, "took:3": disclosure.MANY - 1}
    assert shown(formula, few).value is None and shown(formula, few).few
    many = few | {"cases": disclosure.MANY, "took:3": disclosure.MANY}
    assert shown(formula, many).value is not None
    none = shown(formula, {})
    assert none.value is None and not none.few


def test_numbers_follow_the_rule_of_counts() -> None:
    assert shown(Number("open"), {"open": 3}).few
    assert shown(Number("open"), {"open": 11}).value == 10


#: Counts of three agencies in three values of a cut.
_small = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=3)


def _read(text: str) -> tuple[int, int]:
    """Between which numbers a cell of a page lies, for whoever knows the rules."""
    if text == NOTHING:
        return 0, 10_000
    return span(None if text.startswith("<") else int(text))


def _publish(matrix: list[list[int]]) -> tuple[dict[tuple[int, int], tuple[int, int]], list[Any]]:
    """(bounds of each cell, [cells and bounds of each sum]) as all pages together tell them."""
    counts: dict[tuple[int | None, str], Counter[str]] = {
        (pk + 1, str(v)): Counter({"received": n})
        for pk, row in enumerate(matrix)
        for v, n in enumerate(row)
        if n
    }
    teller = Public("en")
    found = untold({"district": counts})
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    sums: list[Any] = []
    agencies, values = range(len(matrix)), range(3)

    def told(
        rows: list[tuple[str, int]], hidden: set[tuple[str, str]]
    ) -> tuple[dict[str, str], str]:
        made = sheet("", "", [(key, key, Counter({"received": n})) for key, n in rows if n],
                     teller, ("received",), hidden=hidden)  # fmt: skip
        shown = {line.key: line.cells[0] for line in made.lines}
        whole = made.total.cells[0] if made.total else next(iter(shown.values()), NOTHING)
        return shown, whole

    for a in agencies:
        hidden = {("", key) for key in found.of_agency(a + 1)}
        shown, whole = told([(str(v), matrix[a][v]) for v in values], hidden)
        for v in values:
            cells[a, v] = _read(shown[str(v)]) if str(v) in shown else (0, 4)
        sums.append(([(a, v) for v in values], _read(whole)))
        tile = tiles(
            Counter({"received": sum(matrix[a])}), Counter(), teller, found.of_agency(a + 1)
        )
        sums.append(([(a, v) for v in values], _read(tile[0]["value"])))
    hidden = {(value, key) for _cut, value, key in found.values}
    shown, whole = told([(str(v), sum(row[v] for row in matrix)) for v in values], hidden)
    for v in values:
        sums.append(
            ([(a, v) for a in agencies], _read(shown[str(v)]) if str(v) in shown else (0, 4))
        )
    everything = [(a, v) for a in agencies for v in values]
    tile = tiles(Counter({"received": sum(map(sum, matrix))}), Counter(), teller, found.whole)
    sums.append((everything, _read(tile[0]["value"])))
    return cells, sums


@settings(max_examples=300, deadline=None)
@given(_small)
@example([[4, 4, 0], [9, 9, 9]])
@example([[6, 0, 1], [7, 0, 4]])
@example([[4, 12, 2], [4, 12, 2]])
@example([[1, 1, 5], [20, 0, 0], [0, 0, 0]])
def test_totals_less_what_is_visible_give_no_hidden_cell_away(matrix: list[list[int]]) -> None:
    """Somebody who reads every page and knows the rules narrows down each cell by each sum."""
    with patch("registry.monitoring.margins.heirs", dict):
        cells, sums = _publish(matrix)
    for _round in range(12):
        for places, (low, high) in sums:
            for place in places:
                others = [cells[other] for other in places if other != place]
                least = low - sum(most for _least, most in others)
                most = high - sum(least for least, _most in others)
                cells[place] = max(cells[place][0], least), min(cells[place][1], most)
    for (a, v), (least, most) in cells.items():
        assert least <= matrix[a][v] <= most
        if 0 < matrix[a][v] < disclosure.SMALLEST:
            assert least < most, (matrix, a, v)
