"""Sums that are not told to the public, since with the parts they would give a small count away.

A sum stands on many pages: of an agency in the table of agencies, over its tiles and under each of
its tables; of a district under the whole and beside each agency's share. So whether it is told is
decided once, from all tables whose parts it is the sum of, and then holds wherever it stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accounts.selectors import heirs
from registry.monitoring import reading
from registry.monitoring.disclosure import guarded
from registry.monitoring.formulas import Number, amount
from registry.monitoring.indicators import VALUES
from registry.monitoring.measures import Counts
from registry.monitoring.names import CUTS
from registry.monitoring.periods import Period

#: Keys of values that are counts of requests.
COUNTED = tuple(
    key
    for key in ("received", "decided", "open", "overdue", "repeats", "approved_count",
                "refused_count", "late")
    if isinstance(VALUES[key].formula, Number)
)  # fmt: skip


@dataclass
class Untold:
    """Sums that are not told: of an agency, of a value of a cut, of everything."""

    agencies: set[tuple[int, str]] = field(default_factory=set)
    values: set[tuple[str, str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def of_agency(self, agency: int | None) -> set[str]:
        """Keys of values that are not told of an agency; None: of all together."""
        if agency is None:
            return self.whole
        return {key for pk, key in self.agencies if pk == agency}


def untold(tables: Mapping[str, reading.Table]) -> Untold:
    """What may not be told, given the tables of a period by cut."""
    found = Untold()
    after = heirs()
    of_agencies: dict[int, Counts] = {}
    for cut, table in tables.items():
        rows: dict[int, dict[str, Counts]] = {}
        columns: dict[str, dict[int, Counts]] = {}
        for (agency, value), counts in table.items():
            if agency is not None:
                heir = after.get(agency, agency)
                rows.setdefault(heir, {}).setdefault(value, Counter()).update(counts)
                columns.setdefault(value, {}).setdefault(heir, Counter()).update(counts)
        for agency, by_value in rows.items():
            found.agencies |= {(agency, key) for key in _giving_away(by_value.values())}
            of_agencies.setdefault(agency, reading.added(by_value.values()))
        for value, by_agency in columns.items():
            found.values |= {(cut, value, key) for key in _giving_away(by_agency.values())}
        # Values of a cut are parts of the whole, too.
        found.whole |= _giving_away(reading.added(part.values()) for part in columns.values())
    found.whole |= _giving_away(of_agencies.values())
    return found


def of_period(period: Period) -> Untold:
    """What may not be told of a period."""
    return untold({str(cut): reading.table(cut, period) for cut in CUTS})


def _giving_away(parts: Iterable[Counts]) -> set[str]:
    """Keys whose sum would leave a hidden part of it one value only."""
    rows = list(parts)
    found = set()
    for key in COUNTED:
        formula = VALUES[key].formula
        assert isinstance(formula, Number)
        numbers = [amount(counts, formula.name) for counts in rows]
        total = sum(numbers)
        if total and guarded(numbers, total)[1] is None:
            found.add(key)
    return found
