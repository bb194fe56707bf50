"""Figures in words of the reader: exactly, or as the public may see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Protocol

from django.utils.translation import gettext as _

from languages.dates import NBSP, format_money, format_number, format_percent
from registry.monitoring import disclosure, indicators
from registry.monitoring.formulas import Share, Value
from registry.monitoring.measures import Counts
from registry.monitoring.terms import names_in, terms_in, terms_of

NOTHING = "–"
#: Decimal places of a value by its unit.
_PLACES = {"percent": 1, "days": 1, "points": 1, "minutes": 1}
#: Sums of money are told to the public in hundreds of thousands of soʻm.
_SUM = 100_000_00
_BOUNDS = {"least": "≥", "most": "≤"}
#: Values that are made of counts that lights are made of.
_LIT = {
    key
    for key, value in indicators.VALUES.items()
    if not set(names_in(terms_of(value.formula))).isdisjoint(names_in(terms_in(indicators.LIGHTS)))
}


def written(value: float, unit: str, language: str) -> str:
    """`95,3 %`, `1 405`: whole numbers without places."""
    places = _PLACES.get(unit, 0)
    # Nearly all is not all, and hardly anything is not nothing.
    if unit == "percent" and (0 < value < 0.1 or 99.9 < value < 100):
        places = 2
    rounded = round(value, places)
    number = int(rounded) if rounded == int(rounded) else rounded
    return (format_percent if unit == "percent" else format_number)(number, language)


class Teller(Protocol):
    """Says figures to somebody."""

    #: Whether everything is told.
    exact: bool

    def counts(self, parts: Sequence[int], total: int) -> tuple[list[str], str]:
        """Counts and their total."""
        ...

    def tells(self, received: int) -> bool:
        """Whether a row of so many requests is told at all."""
        ...

    def value(self, value: Value, counts: Mapping[str, int]) -> str:
        """A value of an indicator."""
        ...

    def number(self, value: Value, counts: Mapping[str, int]) -> float | None:
        """The same for a drawing; None is left out."""
        ...

    def money(self, tiyin: int, cases: int | None) -> tuple[str, int | None]:
        """A sum of so many payments (None: nobody counted them), in words and in tiyin."""
        ...

    def light(self, counts: Counts, hidden: Collection[str] = ()) -> str:
        """The light of an agency of which some values are not told."""
        ...


class Exact:
    """For those who answer for the figures."""

    exact = True

    def __init__(self, language: str) -> None:
        self.language = language

    def counts(self, parts: Sequence[int], total: int) -> tuple[list[str], str]:
        """As they are."""
        return [format_number(part, self.language) for part in parts], format_number(
            total, self.language
        )

    def tells(self, received: int) -> bool:
        """Always."""
        return True

    def value(self, value: Value, counts: Mapping[str, int]) -> str:
        """As it is."""
        found = value.formula.of(counts)
        return NOTHING if found is None else written(found, value.formula.unit, self.language)

    def number(self, value: Value, counts: Mapping[str, int]) -> float | None:
        """As it is."""
        return value.formula.of(counts)

    def money(self, tiyin: int, cases: int | None) -> tuple[str, int | None]:
        """As it is."""
        return format_money(tiyin, self.language), tiyin

    def light(self, counts: Counts, hidden: Collection[str] = ()) -> str:
        """By the published thresholds."""
        return indicators.light(counts)


class Public:
    """For everybody: disclosure.py."""

    exact = False

    def __init__(self, language: str) -> None:
        self.language = language

    def _count(self, shown: int | None) -> str:
        return (
            f"<{NBSP}{disclosure.SMALLEST}"
            if shown is None
            else format_number(shown, self.language)
        )

    def counts(self, parts: Sequence[int], total: int) -> tuple[list[str], str]:
        """Rounded, small ones hidden."""
        shown, whole = disclosure.guarded(parts, total)
        told = format_number(whole, self.language) if whole is not None else self._hidden(total)
        return [self._count(part) for part in shown], told

    def _hidden(self, total: int) -> str:
        return self._count(None) if total < disclosure.SMALLEST else NOTHING

    def tells(self, received: int) -> bool:
        """Not of few: a row of hidden numbers says nothing."""
        return received >= disclosure.SMALLEST

    def value(self, value: Value, counts: Mapping[str, int]) -> str:
        """Rounded, bounded or hidden."""
        shown = disclosure.figure(value, counts)
        if shown.value is None:
            if not shown.few:
                return NOTHING
            return self._count(None) if shown.unit == "number" else _("too few")
        text = written(shown.value, shown.unit, self.language)
        return f"{_BOUNDS[shown.bound]}{NBSP}{text}" if shown.bound else text

    def number(self, value: Value, counts: Mapping[str, int]) -> float | None:
        """What is told, without bounds."""
        return disclosure.figure(value, counts).value

    def money(self, tiyin: int, cases: int | None) -> tuple[str, int | None]:
        """Rounded, so that nobody's payment stands out; of few cases not at all."""
        if tiyin and cases is not None and cases < disclosure.MANY:
            return _("too few"), None
        told = _SUM * ((tiyin + _SUM // 2) // _SUM)
        if tiyin and not told:
            return f"<{NBSP}{format_money(_SUM, self.language)}", None
        return format_money(told, self.language), told

    def light(self, counts: Counts, hidden: Collection[str] = ()) -> str:
        """As exactly, where it would be the same whatever its small counts are."""
        if counts.get("decided", 0) < indicators.LEAST_FOR_LIGHT or not _LIT.isdisjoint(hidden):
            return ""
        colours = []
        for key in indicators.LIGHTS:
            share = indicators.VALUES[key].formula
            assert isinstance(share, Share)
            by = indicators.threshold(key)
            colours.append({by.light(value) for value in disclosure.possible(share, counts)})
        found = {indicators.worst(world) for world in product(*colours)}
        return found.pop() if len(found) == 1 else ""
