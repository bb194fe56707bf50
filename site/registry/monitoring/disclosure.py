"""What of the figures anybody may see, so that nobody is found in them (ADR 36).

1. A count of 1 to 4 is hidden. Nought is shown: it tells of nobody.
2. Every other count is rounded to the nearest 5. Totals are rounded by themselves, not added up
   from what is shown, so neither a total less its parts, nor a year less its months, nor today
   less yesterday gives a hidden count.
3. Where what is shown would still leave a hidden count only one value, the total is hidden too.
4. A share is computed from the counts as they are rounded, so that it says no more than they would;
   where a part is hidden, it is told as "at least" or "at most" what any of the hidden counts would
   make it. Means, medians and lights need MANY cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.monitoring.formulas import Formula, Mean, Number, Quantile, Share, Value, amount

#: Counts below it are hidden.
SMALLEST = 5
STEP = 5
#: Cases that a mean, a median or a light needs.
MANY = 20


@dataclass(frozen=True)
class Shown:
    """A figure as the public sees it: a number, a bound, or nothing."""

    value: float | None
    unit: str
    #: `least`, `most`, or empty where the value is told itself.
    bound: str = ""
    #: Hidden because it is of few; without it there is nothing to be hidden.
    few: bool = False


def count(number: int) -> int | None:
    """A count as it is shown; None where it is hidden."""
    if 0 < number < SMALLEST:
        return None
    return STEP * ((number + STEP // 2) // STEP)


def span(shown: int | None) -> tuple[int, int]:
    """The least and the greatest count that is shown so."""
    if shown is None:
        return 1, SMALLEST - 1
    if shown == 0:
        return 0, 0
    return max(SMALLEST, shown - STEP // 2), shown + STEP // 2


def guarded(parts: Sequence[int], total: int) -> tuple[list[int | None], int | None]:
    """Parts of a total as they are shown, and the total: hidden where it would give one away.

    Anybody can work out between which bounds a hidden part lies, given the total and the bounds of
    the others; with one value left it would be known.
    """
    shown = [count(part) for part in parts]
    whole = count(total)
    if whole is None or None not in shown:
        return shown, whole
    bounds = [span(part) for part in shown]
    low, high = span(whole)
    least, most = sum(b[0] for b in bounds), sum(b[1] for b in bounds)
    for part, (lowest, highest) in zip(shown, bounds, strict=True):
        if part is None:
            first = max(lowest, low - (most - highest))
            last = min(highest, high - (least - lowest))
            if last <= first:
                return shown, None
    return shown, whole


def figure(value: Value, counts: Mapping[str, int]) -> Shown:
    """A value of an indicator as it is shown."""
    return shown(value.formula, counts)


def shown(formula: Formula, counts: Mapping[str, int]) -> Shown:
    """A formula's value as it is shown."""
    unit = formula.unit
    if isinstance(formula, Number):
        number = amount(counts, formula.name)
        plain = count(number)
        return Shown(plain, unit, few=plain is None)
    if isinstance(formula, Share):
        return _share(amount(counts, formula.part), amount(counts, formula.whole), unit)
    if isinstance(formula, Mean | Quantile):
        cases = amount(counts, formula.cases)
        if cases < MANY:
            return Shown(None, unit, few=cases > 0)
        return Shown(formula.of(counts), unit)
    raise TypeError(f"No rule for {type(formula).__name__}.")


def possible(share: Share, counts: Mapping[str, int]) -> list[float | None]:
    """What a share may be for whoever does not know its counts of 1 to 4, nor what it leaves where
    that is so few."""
    part, whole = amount(counts, share.part), amount(counts, share.whole)
    few = range(1, SMALLEST)
    found: list[float | None] = []
    for of in few if 0 < whole < SMALLEST else [whole]:
        if part == 0:
            parts = [0]
        elif part < SMALLEST:
            parts = [one for one in few if one <= of]
        elif 0 < whole - part < SMALLEST:
            parts = [of - left for left in few]
        else:
            parts = [part]
        found += [100 * one / of if of else None for one in parts]
    return found


def _share(part: int, whole: int, unit: str) -> Shown:
    if whole < MANY:
        return Shown(None, unit, few=whole > 0)
    rest = whole - part
    least, _most = span(count(whole))
    # Any count from 1 to 4 may stand there: the bound is that of the greatest.
    if 0 < part < SMALLEST:
        return Shown(_whole_percent(SMALLEST - 1, least, up=True), unit, bound="most")
    if 0 < rest < SMALLEST:
        return Shown(_whole_percent(least - SMALLEST + 1, least, up=False), unit, bound="least")
    if not rest:
        return Shown(100.0, unit)
    told, of = count(part) or 0, count(whole) or 1
    return Shown(float(min(100, round(100 * told / of))), unit)


def _whole_percent(part: int, whole: int, *, up: bool) -> float:
    """Rounded away from what it bounds."""
    return float(-(-100 * part // whole) if up else 100 * part // whole)
