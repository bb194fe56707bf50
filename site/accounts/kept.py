"""What the portal keeps of people, why and how long: rooms say it beside the setting that rules it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Part:
    """Something that is kept, in words."""

    what: str | Promise
    why: str | Promise
    how_long: str | Promise


#: Parts in the order to show.
Teller = Callable[[], list[Part]]
_tellers: list[tuple[int, Teller]] = []


def register(order: int, teller: Teller) -> None:
    """Tell what a room keeps; lower orders stand first."""
    if (order, teller) not in _tellers:
        _tellers.append((order, teller))


def parts() -> list[Part]:
    """Everything that is kept, in the reader's language."""
    ordered = sorted(_tellers, key=lambda pair: pair[0])
    return [part for _order, teller in ordered for part in teller()]
