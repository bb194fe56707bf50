"""Nobody is found in what is public: neither in a cell nor in a difference of two."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.models.figures import Cut
from registry.monitoring import dashboard, disclosure, indicators, periods
from registry.monitoring.dashboard import APPEALS, COLUMNS, TILES, sheet
from registry.monitoring.disclosure import count, guarded, shown, span
from registry.monitoring.formulas import Mean, Number, Quantile, Share
from registry.monitoring.indicators import VALUES
from registry.monitoring.margins import untold
from registry.monitoring.measures import is_state
from registry.monitoring.telling import NOTHING, Exact, Public
from registry.monitoring.terms import OF_APPEALS, OF_THE_WHOLE, TABLED, terms_of
from registry.monitoring.withholding import Untold
from tests.registry.readers import (
    Answers,
    Matrix,
    answered,
    answers,
    attack_shares,
    nobody_is_found,
    pages,
)

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
        case _ if part in {0, whole}:
            assert told.value == exact
        case _:
            # As the rounded counts say it: each is off by two at most.
            assert (part - 2) / (whole + 2) - 0.005 <= told.value / 100
            assert told.value / 100 <= min(1, (part + 2) / (whole - 2)) + 0.005
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


def test_sums_of_money_tell_of_nobody() -> None:
    teller = Public("en")
    assert teller.money(18_540_00, None) == ("<\u00a0100,000\u00a0UZS", None)  # one person's refund
    assert teller.money(1_422_915_00, 3)[1] is None
    assert teller.money(1_422_915_00, 25) == ("1,400,000\u00a0UZS", 1_400_000_00)
    assert teller.money(0, 0) == ("0\u00a0UZS", 0)
    assert Exact("ru").money(18_540_00, 1) == ("18\u00a0540\u00a0сум", 18_540_00)


#: Counts of two or three agencies in three values of a cut, in one month or in three.
_small = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=3)
_year = st.lists(
    st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2),
    min_size=2, max_size=4,
)  # fmt: skip


def _attack(matrices: list[Matrix]) -> None:
    """Somebody who reads every page and knows the rules narrows down each cell by each sum."""
    firsts = [date(2026, 1 + number, 1) for number in range(len(matrices))]
    tables: Any = {
        first: {
            "district": {
                (a + 1, str(v)): Counter({"received": n})
                for a, row in enumerate(matrix)
                for v, n in enumerate(row)
                if n
            }
        }
        for first, matrix in zip(firsts, matrices, strict=True)
    }
    found = untold(tables, {})
    quarters: dict[str, list[int]] = {}
    for number, first in enumerate(firsts):
        quarters.setdefault(periods.quarter(first).key, []).append(number)
    spans = {
        **{periods.month(first).key: [number] for number, first in enumerate(firsts)},
        **quarters,
        "2026": list(range(len(matrices))),
    }
    facts = [
        fact
        for period, months in spans.items()
        for fact in pages(period, months, matrices, found.get(period, Untold()))
    ]
    nobody_is_found(facts, lambda place: matrices[place[0]][place[1]][place[2]], matrices)


@settings(max_examples=300, deadline=None)
@given(_small)
@example([[4, 4, 0], [9, 9, 9]])
@example([[6, 0, 1], [7, 0, 4]])
@example([[4, 12, 2], [4, 12, 2]])
@example([[1, 1, 5], [20, 0, 0], [0, 0, 0]])
def test_totals_less_what_is_visible_give_no_hidden_cell_away(matrix: Matrix) -> None:
    _attack([matrix])


@settings(max_examples=300, deadline=None)
@given(_year)
@example([[[4, 9], [9, 9]], [[4, 9], [9, 9]]])  # a quarter of eight: both of its months are four
@example([[[1, 7], [7, 7]], [[1, 7], [7, 7]], [[7, 7], [7, 7]]])
@example([[[4, 0], [0, 9]], [[0, 0], [9, 0]], [[0, 9], [0, 0]], [[4, 0], [9, 9]]])
def test_a_year_less_its_months_and_quarters_gives_no_hidden_cell_away(
    matrices: list[Matrix],
) -> None:
    _attack(matrices)


def test_figures_of_many_are_told() -> None:
    """What is hidden is of few: of large counts no sum goes."""
    tables: Any = {
        date(2026, month, 1): {
            "district": {
                (a, str(v)): Counter({"received": 40 + 7 * a + 11 * v + 13 * month})
                for a in range(1, 9)
                for v in range(12)
            }
        }
        for month in range(1, 13)
    }
    assert untold(tables, {}) == {}
    # A single hidden part is told apart from its total by the rounding alone.
    tables[date(2026, 5, 1)]["district"][3, "4"] = Counter({"received": 2})
    found = untold(tables, {})
    keys = [
        row[-1]
        for one in found.values()
        for row in (*one.agencies, *one.values, *one.cells, *((key,) for key in one.whole))
    ]
    assert keys.count("received") <= 2 and not {"decided", "on_time"} & set(keys)


_late = st.lists(st.lists(answers, min_size=2, max_size=2), min_size=2, max_size=4)


@settings(max_examples=300, deadline=None)
@given(_late)
@example([[(4, 50), (0, 40)], [(4, 50), (0, 40)]])  # eight in the quarter: four in each month
@example([[(0, 50), (1, 40)], [(0, 50), (4, 40)]])
@example([[(46, 50), (0, 40)], [(36, 40), (0, 40)]])  # all but four, twice
@example([[(0, 50), (1, 40)], [(0, 50), (1, 40)], [(1, 40), (1, 40)]])  # few, of four that are seen
def test_the_share_of_a_year_gives_no_month_away(months: Answers) -> None:
    firsts = [date(2026, number + 1, 1) for number in range(len(months))]
    found = untold(answered(firsts, months), {})
    numbers: dict[str, list[int]] = {}
    for number, first in enumerate(firsts):
        for key in (periods.month(first).key, periods.quarter(first).key, "2026"):
            numbers.setdefault(key, []).append(number)
    attack_shares(
        months,
        [(held, found.get(key, Untold())) for key, held in numbers.items()],
        [(numbers["2026"], found.get("2026:appeals", Untold()))],
    )


def test_the_reader_of_shares_who_is_played_finds_what_is_not_withheld() -> None:
    everything = [([0], Untold()), ([1], Untold()), ([0, 1], Untold())]
    for months in ([[(4, 50), (0, 40)], [(4, 50), (0, 40)]],
                   [[(46, 50), (0, 40)], [(36, 40), (0, 40)]]):  # fmt: skip
        with pytest.raises(AssertionError):
            attack_shares(months, everything, [])


def test_what_only_the_whole_portal_is_told_is_tried_too() -> None:
    """Two months with four refusals each: the quarter does not say eight."""
    counted: Any = {
        date(2026, month, 1): {
            str(Cut.AGENCY): {(1, ""): Counter(received=90, decided=80, asked=4, rated=9)}
        }
        for month in (1, 2)
    }
    found = untold(counted, {})
    assert {"asked"} <= found["2026-q1"].whole & found["2026"].whole
    assert "rated" not in found["2026-q1"].whole


def test_every_share_and_number_of_flows_is_tried() -> None:
    for key in (*COLUMNS, *TILES, *APPEALS):
        for term in terms_of(VALUES[key].formula):
            names = re.findall(r"\w+", term)
            assert (
                any(map(is_state, names))
                or term in TABLED
                or (term in OF_APPEALS and key not in COLUMNS + TILES)
            ), (key, term)
    assert not {*OF_THE_WHOLE} & {*TABLED, *OF_APPEALS}


@given(
    st.integers(20, 120), st.integers(0, 30), st.integers(0, 60), st.integers(0, 12),
    st.integers(0, 6), st.data(),
)  # fmt: skip
def test_a_light_tells_no_small_count(
    decided: int, late: int, stands: int, overdue: int, repeats: int, data: st.DataObject
) -> None:
    """Whichever small number stands there, the light is the same, or there is none."""
    counts = Counter(decided=decided, late=min(late, decided), received=decided, repeats=repeats,
                     open=max(stands, overdue), overdue=overdue)  # fmt: skip
    light = Public("en").light(counts)
    assert light in {"", indicators.light(counts)}
    for name in ("late", "repeats", "overdue"):
        if 0 < counts[name] < disclosure.SMALLEST:
            other = Counter({**counts, name: data.draw(st.integers(1, 4))})
            if other["overdue"] <= other["open"]:
                assert Public("en").light(other) == light
    assert Public("en").light(counts, {"on_time"}) == ""


def test_lights_of_many_are_told() -> None:
    many = Counter(decided=200, received=210, late=4, open=300, overdue=3, repeats=1)
    assert Public("en").light(many) == indicators.light(many) == "green"
    # One answer in twenty late is green, two are not: of so few it would be known which.
    assert Public("en").light(Counter(decided=20, received=20, late=1)) == ""


def test_rows_that_are_not_told_look_alike() -> None:
    rows = [("a", "a", Counter(received=30, decided=25)), ("b", "b", Counter(received=2)),
            ("c", "c", Counter(received=60, decided=50))]  # fmt: skip
    made = sheet("", "", rows, Public("en"), ("received", "decided"),
                 hidden={("b", "received"), ("c", "received")})  # fmt: skip
    assert [line.key for line in made.lines] == ["a", "b", "c"]
    assert [(line.cells, line.bar) for line in made.lines[1:]] == [([NOTHING, NOTHING], 0)] * 2


def test_what_is_not_told_has_no_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "everything", lambda *_a, **_k: Counter(decided=100, late=50))

    def in_time(hidden: set[str]) -> tuple[str, str]:
        for indicator, values in dashboard.indicators(
            periods.year(2026), None, Public("en"), hidden
        ):
            if indicator.code == "M2":
                return values[0]["value"], values[0]["light"]
        raise AssertionError

    assert in_time(set()) == ("50%", "red")
    assert in_time({"on_time"}) == (NOTHING, "")
