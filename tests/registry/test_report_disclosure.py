"""The public edition of a report, whose year ends in October, gives nobody away together with the
public pages of months, quarters and years: a reader is played who has read them all."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.models import Report
from registry.monitoring.dashboard import sheet
from registry.monitoring.margins import untold
from registry.monitoring.periods import month, quarter
from registry.monitoring.telling import Public
from registry.monitoring.withholding import Untold
from registry.reports import showing, withheld
from registry.reports.parts import Section, Table
from registry.reports.withheld import Withheld
from tests.registry.readers import (
    Answers,
    Fact,
    Matrix,
    answered,
    answers,
    attack_shares,
    nobody_is_found,
    pages,
    read,
)

#: November and December of a year, January, October and November of the next one.
FIRSTS = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 10, 1),
          date(2026, 11, 1)]  # fmt: skip
SPAN = (date(2025, 11, 1), date(2026, 10, 31))
MINE = [0, 1, 2, 3]
#: Months × agencies × districts.
_years = st.lists(
    st.lists(st.lists(st.integers(0, 8), min_size=2, max_size=2), min_size=2, max_size=2),
    min_size=5, max_size=5,
)  # fmt: skip


def tables(matrices: list[Matrix]) -> Any:
    return {
        first: {
            "district": {
                (a + 1, str(v)): Counter({"received": n})
                for a, row in enumerate(matrix)
                for v, n in enumerate(row)
                if n
            }
        }
        for first, matrix in zip(FIRSTS, matrices, strict=True)
    }


def whole(matrices: list[Matrix], months: list[int]) -> list[Any]:
    return [(m, a, v) for m in months for a in range(2) for v in range(2)]


def edition(matrices: list[Matrix], hidden: Withheld) -> dict[str, Section]:
    """The sections of the public edition, as everybody reads them."""

    def total(places: Any) -> Counter[str]:
        number = sum(matrices[m][a][v] for m, a, v in places)
        return Counter({"received": number} if number else {})

    cuts: dict[str, Any] = {cut: {} for cut in ("service", "channel", "applicant", "kind")}
    cuts["district"] = {
        str(v): total([(m, a, v) for m in MINE for a in range(2)]) for v in range(2)
    }
    figures = {
        "total": total(whole(matrices, MINE)), "house": {}, "plan": {}, "registry": {},
        "late": [], "proposals": [], "grounds": {}, "cuts": cuts,
        "names": {cut: {"en": {}} for cut in ("service", "district")},
        "months": [
            {"month": month(FIRSTS[m]).key, **total(whole(matrices, [m]))} for m in MINE
        ],
        "agencies": [
            {"key": f"a{a}", "name": {"en": f"a{a}"}, "head": "",
             "counts": total([(m, a, v) for m in MINE for v in range(2)])}
            for a in range(2)
        ],
        "withheld": hidden.as_json(),
    }  # fmt: skip
    report = Report(year=2026, first_day=SPAN[0], last_day=SPAN[1], figures=figures)
    with translation.override("en"):
        return {part.key: part for part in showing.sections(report, "en", None, Public("en"))}


def rows(table: Table) -> dict[str, str]:
    """Name of a row → its number received."""
    place = table.head.index("Received")
    return {row[0].text: row[place].text for row in table.rows}


def told_by(parts: dict[str, Section]) -> list[tuple[list[tuple[int, int, int]], tuple[int, int]]]:
    """What the edition says of places: each sum with the numbers between which it lies."""
    facts: list[Fact] = []
    volumes = {table.title: table for table in parts["volumes"].tables}
    summary = {row[0].text: row[1].text for row in parts["volumes"].tables[0].rows}
    facts.append((whole([], MINE), read(summary["Received"])))
    by_month = [row[1].text for row in volumes["By month"].rows]
    facts += [(whole([], [m]), read(text)) for m, text in zip(MINE, by_month, strict=True)]
    districts = rows(volumes["By city and district"])
    agencies = rows(parts["responsibility"].tables[0])
    for n in range(2):
        own = [(m, n, v) for m in MINE for v in range(2)]
        of_value = [(m, a, n) for m in MINE for a in range(2)]
        facts += [(own, read(agencies.get(f"a{n}"))), (of_value, read(districts.get(str(n))))]
    return facts


def attack(matrices: list[Matrix], *, guarded: bool = True) -> None:
    """Everything that is public, narrowed down until nothing moves."""
    data = tables(matrices)
    years = {n: {f: t for f, t in data.items() if f.year == n} for n in (2025, 2026)}
    found = {n: untold(months, {}) for n, months in years.items()}
    told = {key: one for of_year in found.values() for key, one in of_year.items()}
    hidden = Withheld()
    if guarded:
        flows = withheld.solved(data, SPAN, told, {})
        hidden = Withheld(
            frozenset((f"a{pk - 1}", name) for pk, name in flows.agencies),
            frozenset(flows.values),
            frozenset(flows.whole),
            frozenset((key, name) for key, one in told.items() for name in one.whole),
        )
    spans: dict[str, list[int]] = {}
    for number, first in enumerate(FIRSTS):
        for key in (month(first).key, quarter(first).key, str(first.year)):
            spans.setdefault(key, []).append(number)
    facts = told_by(edition(matrices, hidden))
    for key, months in spans.items():
        facts += pages(key, months, matrices, told.get(key, Untold()))
    nobody_is_found(facts, lambda place: matrices[place[0]][place[1]][place[2]], matrices)


#: Years whose public edition would give somebody away: found by playing four thousand.
FOUND: list[list[Matrix]] = [
    [[[9, 2], [2, 3]], [[4, 4], [0, 0]], [[1, 0], [2, 6]], [[4, 0], [4, 1]], [[1, 0], [9, 6]]],
    [[[4, 4], [0, 0]], [[1, 3], [0, 0]], [[3, 9], [8, 6]], [[9, 0], [5, 5]], [[0, 3], [4, 1]]],
    [[[3, 3], [3, 4]], [[0, 0], [4, 4]], [[6, 8], [0, 0]], [[1, 7], [4, 0]], [[6, 7], [0, 2]]],
    [[[4, 6], [7, 6]], [[6, 7], [0, 0]], [[9, 2], [8, 5]], [[9, 7], [8, 8]], [[3, 2], [9, 7]]],
    [[[0, 1], [5, 8]], [[0, 0], [4, 9]], [[9, 2], [5, 6]], [[0, 1], [9, 7]], [[8, 1], [7, 7]]],
    [[[6, 0], [7, 8]], [[8, 8], [0, 1]], [[7, 0], [0, 8]], [[9, 2], [6, 1]], [[1, 4], [5, 9]]],
]


@settings(max_examples=250, deadline=None)
@given(_years)
@example(FOUND[0])
@example(FOUND[1])
@example(FOUND[2])
@example(FOUND[3])
@example(FOUND[4])
@example(FOUND[5])
def test_the_year_to_october_less_public_months_gives_nobody_away(matrices: list[Matrix]) -> None:
    attack(matrices)


@pytest.mark.parametrize("matrices", FOUND)
def test_the_reader_who_is_played_finds_what_is_not_withheld(matrices: list[Matrix]) -> None:
    with pytest.raises(AssertionError):
        attack(matrices, guarded=False)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(answers, min_size=2, max_size=2), min_size=5, max_size=5))
def test_its_shares_give_nobody_away_either(months: Answers) -> None:
    data = answered(FIRSTS, months)
    told, spans = {}, dict[str, list[int]]()
    for year in (2025, 2026):
        told |= untold({first: one for first, one in data.items() if first.year == year}, {})
    for number, first in enumerate(FIRSTS):
        for key in (month(first).key, quarter(first).key, str(first.year)):
            spans.setdefault(key, []).append(number)
    years = [(spans[key], told.get(f"{key}:appeals", Untold())) for key in ("2025", "2026")]
    told_of = [(held, told.get(key, Untold())) for key, held in spans.items()]
    attack_shares(months, [*told_of, (MINE, withheld.solved(data, SPAN, told, {}))], years)


def test_a_report_of_many_withholds_nothing() -> None:
    many = [[[40 + 7 * m + a, 60 + 5 * v] for v, a in enumerate(range(2))] for m in range(5)]
    assert withheld.solved(tables(many), SPAN, {}, {}) == Untold()


def test_how_many_rows_of_few_there_are_is_not_said() -> None:
    """Two rows that are left out, of a total that leaves two cases for them, are one each."""
    one = edition([[[6, 1], [0, 0]]] + [[[0, 0], [0, 0]]] * 4, Withheld())
    none = edition([[[7, 0], [0, 0]]] + [[[0, 0], [0, 0]]] * 4, Withheld())
    for key in ("volumes", "responsibility"):
        for with_few, without in zip(one[key].tables, none[key].tables, strict=True):
            assert with_few == without
    teller = Public("en")
    few = [("a", "a", Counter({"received": 6})), ("b", "b", Counter({"received": 1}))]
    alone = [("a", "a", Counter({"received": 7}))]
    told = [sheet("", "", rows, teller, ("received",)) for rows in (few, alone)]
    assert told[0] == told[1] and told[0].total is not None
