"""Kinds of values that indicators are made of. Each computes itself from counts and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from registry.monitoring.measures import histogram, quantile


class Formula(Protocol):
    """A value computed from counts; None where there is nothing to compute it from."""

    @property
    def unit(self) -> str:
        """What it is counted in: number, percent, days, points, minutes, ms."""
        ...

    def of(self, counts: Mapping[str, int]) -> float | None:
        """The exact value."""
        ...


def amount(counts: Mapping[str, int], terms: str) -> int:
    """`decided-late` → the one without the other; terms are names joined by + and -."""
    total = 0
    for positive in terms.split("+"):
        first, *rest = positive.split("-")
        total += counts.get(first, 0) - sum(counts.get(name, 0) for name in rest)
    return total


@dataclass(frozen=True)
class Number:
    """How many."""

    name: str
    unit: str = "number"

    def of(self, counts: Mapping[str, int]) -> float | None:
        """The count; nothing counted is nought."""
        return amount(counts, self.name)


@dataclass(frozen=True)
class Share:
    """Per cent that a part is of the whole."""

    part: str
    whole: str
    unit: str = "percent"

    def of(self, counts: Mapping[str, int]) -> float | None:
        """Per cent; None without a whole."""
        whole = amount(counts, self.whole)
        return 100 * amount(counts, self.part) / whole if whole else None


@dataclass(frozen=True)
class Mean:
    """A sum by the number of cases."""

    total: str
    cases: str
    unit: str = "days"
    #: What a unit of the sum is in units of the value: 60 for minutes from seconds.
    scale: int = 1

    def of(self, counts: Mapping[str, int]) -> float | None:
        """The mean; None without cases."""
        cases = amount(counts, self.cases)
        return amount(counts, self.total) / cases / self.scale if cases else None


@dataclass(frozen=True)
class Quantile:
    """The value that a share of the cases does not exceed, from a histogram."""

    prefix: str
    share: float
    cases: str
    unit: str = "days"

    def of(self, counts: Mapping[str, int]) -> float | None:
        """The least such value; None without cases."""
        return quantile(histogram(counts, self.prefix), self.share)


@dataclass(frozen=True)
class Threshold:
    """From where on a value is green or yellow; beyond both it is red."""

    green: float
    yellow: float
    #: Whether more is better.
    more: bool = True

    def light(self, value: float | None) -> str:
        """`green`, `yellow`, `red`, or empty where nothing is known."""
        if value is None:
            return ""
        good, fair = (
            (value >= self.green, value >= self.yellow)
            if self.more
            else (value <= self.green, value <= self.yellow)
        )
        return "green" if good else "yellow" if fair else "red"


@dataclass(frozen=True)
class Value:
    """One number of an indicator, with its name for people."""

    key: str
    label: Any
    formula: Formula
    threshold: Threshold | None = None
