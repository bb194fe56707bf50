"""Live figures of the statistics page. Rooms above register what they can count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Figure:
    """One aggregate: a label in the reader's language and a whole number."""

    label: str | Promise
    value: int


_providers: dict[str, Callable[[], list[Figure]]] = {}


def register(name: str, provider: Callable[[], list[Figure]]) -> None:
    """Offer figures: aggregates only, never about a person."""
    _providers[name] = provider


def all_figures() -> list[Figure]:
    """The figures of every room, in the order of the rooms' names."""
    return [figure for name in sorted(_providers) for figure in _providers[name]()]
