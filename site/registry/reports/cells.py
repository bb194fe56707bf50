"""Fields of a report's tables, in the reader's language and as the teller tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.texts import pick, pick_noted, pick_with_language
from languages.dates import format_date, format_number
from registry.monitoring import disclosure
from registry.monitoring.indicators import VALUES
from registry.monitoring.telling import NOTHING, Exact, Teller
from registry.reports.parts import Cell

#: Values that tell of no person: always told exactly.
_OF_NOBODY = frozenset({
    "registry", "online", "plan_due", "plan_kept", "uptime", "errors", "p95", "searches",
    "searches_empty",
})  # fmt: skip


class Cells:
    """Makes them."""

    def __init__(self, language: str, teller: Teller) -> None:
        self.language, self.teller = language, teller

    def day(self, day: str | date) -> str:
        """A day as people write it."""
        return format_date(date.fromisoformat(day) if isinstance(day, str) else day, self.language)

    def value(self, key: str, counts: Mapping[str, int], *, withheld: bool = False) -> Cell:
        """A value of an indicator, or a dash where it is not told."""
        if withheld:
            return Cell(NOTHING, right=True)
        value = VALUES[key]
        teller = Exact(self.language) if key in _OF_NOBODY else self.teller
        number = teller.number(value, counts)
        rounded = None if number is None else round(number, 2)
        return Cell(teller.value(value, counts), rounded, right=True)

    def count(self, number: int) -> Cell:
        """A number that tells of no person: services, versions."""
        return Cell(format_number(number, self.language), number, right=True)

    def people(self, number: int) -> Cell:
        """A number behind which people stand."""
        told = self.teller.counts([number], number)[0][0]
        exact = number if self.teller.exact else disclosure.count(number)
        return Cell(told, exact, right=True)

    def said(self, texts: Mapping[str, str] | str) -> Cell:
        """A text that may lack the reader's language. Reports that were frozen before have some
        texts in one language, which was Uzbek."""
        texts = {"uz": texts} if isinstance(texts, str) else texts
        text, language = pick_noted(texts, self.language)
        return Cell(text or NOTHING, language=language)

    def service(self, row: Mapping[str, Any]) -> Cell:
        """A service by number and title; reports that were frozen before have the number alone."""
        title = pick(row.get("title") or {}, self.language)
        return Cell(" · ".join(filter(None, [row["number"], title])) or NOTHING)

    def reasons(self, reasons: Sequence[Mapping[str, str] | str]) -> Cell:
        """Why a day moved, once or several times."""
        cells = [self.said(reason) for reason in reasons]
        if not cells:
            return Cell(NOTHING)
        return Cell("; ".join(cell.text for cell in cells), language=cells[-1].language)

    def act(self, row: Mapping[str, Any]) -> Cell:
        """An act with its clause, as it is cited: whether or not its name is there in the language."""
        named = {"uz": row["act"]} if isinstance(row["act"], str) else row["act"]
        text, language = pick_with_language(named, self.language)
        cited = f"{text} {row['clause']}".strip()
        return Cell(cited, language="" if language == self.language else language)
