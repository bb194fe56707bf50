"""What waits for somebody of the staff: rooms say it, the admin's first page shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from wagtail.admin.ui.components import Component


@dataclass(frozen=True)
class Waiting:
    """A pile on somebody's desk, and where it lies."""

    label: str | Promise
    count: int
    url: str
    #: Something in it is late already.
    late: bool = False
    #: Counting stopped here; 0 where all were counted.
    most: int = 0

    @property
    def text(self) -> str:
        """`12`, or `99+` where counting stopped."""
        return f"{self.most}+" if 0 < self.most < self.count else str(self.count)


#: No pile is counted further than this: whoever sees `99+` has enough to do.
MOST = 99


def counted(label: str | Promise, rows: QuerySet[Any], url: str, *, late: bool = False) -> Waiting:
    """A pile of rows, in one query that stops beyond MOST."""
    return Waiting(label, rows.order_by()[: MOST + 1].count(), url, late, MOST)


#: Gives the piles of a user that the room knows of, with a bounded number of queries.
Provider = Callable[[Any], Iterable[Waiting]]
_providers: dict[str, tuple[int, Provider]] = {}


def register(name: str, provider: Provider, order: int) -> None:
    """Let a room say what waits. Small `order` stands first; a second call replaces the first."""
    _providers[name] = (order, provider)


def waiting_for(user: Any) -> list[Waiting]:
    """The piles of a user that are not empty; late ones first, else as the rooms stand."""
    rooms = sorted(_providers.values(), key=lambda pair: pair[0])
    piles = [pile for _order, provider in rooms for pile in provider(user) if pile.count]
    return sorted(piles, key=lambda pile: not pile.late)


class WaitingPanel(Component):
    """The first thing that staff see in the admin."""

    name = "waiting"
    order = 10
    template_name = "core/admin/waiting.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """`piles`, which may be empty: that nothing waits is news too."""
        return {"piles": waiting_for(self.user)}
