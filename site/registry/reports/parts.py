"""What a report is made of once it is in words: sections with tables and charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from core import charts
from languages.registry import by_code

#: Values that its tables tell of each service, district, channel, and of each agency.
OF_VALUES = ("received", "decided", "open", "on_time", "overdue", "median")
OF_AGENCIES = ("received", "on_time", "overdue", "rating")


class Cell(NamedTuple):
    """What stands in a field of a table; `number` is its exact value for spreadsheets."""

    text: str
    number: float | None = None
    #: Stands to the right, as numbers do.
    right: bool = False
    #: Code of its language, where that is not the reader's.
    language: str = ""

    @property
    def bcp47(self) -> str:
        """As HTML says it; empty where it is the reader's language."""
        return by_code(self.language).bcp47 if self.language else ""


@dataclass
class Table:
    """A table; `widths` are shares of the width, the first column names the row."""

    title: str
    head: list[str]
    rows: list[list[Cell]]
    widths: list[float] = field(default_factory=list)
    #: Whether rows that tell of few are left out. How many is not said: a sum of few and their
    #: number would give them away.
    leaves_out: bool = False

    @property
    def rights(self) -> list[bool]:
        """Which columns hold numbers."""
        if not self.rows:
            return [False] * len(self.head)
        return [cell.right for cell in self.rows[0]]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """The head of each column, and whether it stands to the right."""
        return list(zip(self.head, self.rights, strict=True))


@dataclass
class Section:
    """A section of the report."""

    key: str
    title: str
    comment: str
    tables: list[Table] = field(default_factory=list)
    charts: list[charts.Chart] = field(default_factory=list)
    #: Said where there is neither comment nor table.
    empty: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not self.comment and not any(table.rows for table in self.tables)
