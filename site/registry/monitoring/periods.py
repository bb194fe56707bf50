"""Spans of time that figures are shown for, and how they stand in addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from languages.dates import format_date, format_month

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(\d{4})-q([1-4])")
_YEAR = re.compile(r"\d{4}")
#: Years that addresses may name.
_FIRST, _LAST = 2000, 2100


def begin_of(day: date) -> datetime:
    """The first moment of a day where the portal stands."""
    return timezone.make_aware(datetime.combine(day, time.min))


def last_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return first_of_next(day) - timedelta(days=1)


def first_of_next(day: date) -> date:
    """The first day of the month after that of a day."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last one, both counted."""

    first: date
    last: date

    @property
    def is_of_calendar(self) -> bool:
        """Whether it is a month, a quarter or a year."""
        return self in (year(self.first.year), quarter(self.first), month(self.first))

    @property
    def key(self) -> str:
        """As an address has it: `2026`, `2026-q2`, `2026-05`, or both days."""
        if self.is_of_calendar:
            return self._name()
        return f"{self.first.isoformat()}.{self.last.isoformat()}"

    def _name(self) -> str:
        months = (self.last.month - self.first.month) + 1
        if months == 12:
            return str(self.first.year)
        if months == 3:
            return f"{self.first.year}-q{(self.first.month + 2) // 3}"
        return f"{self.first.year}-{self.first.month:02}"

    def label(self, language: str) -> str:
        """For people."""
        key = self.key
        if _YEAR.fullmatch(key):
            return _("Year: %(year)s") % {"year": key}
        if found := _QUARTER.fullmatch(key):
            return f"{found[1]} · {_('quarter')} {found[2]}"
        if _MONTH.fullmatch(key):
            return format_month(self.first, language)
        return f"{format_date(self.first, language)} – {format_date(self.last, language)}"

    def before(self) -> Period:
        """The span of the same kind before: month, quarter, year, or as many days."""
        end = self.first - timedelta(days=1)
        key = self.key
        if _YEAR.fullmatch(key):
            return year(end.year)
        if _QUARTER.fullmatch(key):
            return quarter(end)
        if _MONTH.fullmatch(key):
            return month(end)
        if self.first.day == 1 and self.last == last_of_month(self.last):
            return Period(back(self.first, self.months), end)
        return Period(end - (self.last - self.first), end)

    @property
    def months(self) -> int:
        """How many months the span touches."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def quarter(day: date) -> Period:
    """The quarter of a day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(first, last_of_month(back(first, -2)))


def month(day: date) -> Period:
    """The month of a day."""
    return Period(day.replace(day=1), last_of_month(day))


def back(first: date, months: int) -> date:
    """The first of a month so many months before the first of another."""
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def read(text: str) -> Period | None:
    """A period from an address; None for anything else."""
    if found := _MONTH.fullmatch(text):
        made = month(date(int(found[1]), int(found[2]), 1)) if _known(found[1]) else None
    elif found := _QUARTER.fullmatch(text):
        made = quarter(date(int(found[1]), 3 * int(found[2]), 1)) if _known(found[1]) else None
    elif _YEAR.fullmatch(text):
        made = year(int(text)) if _known(text) else None
    else:
        made = _days(text)
    return made


def _known(number: str) -> bool:
    return _FIRST <= int(number) <= _LAST


def _days(text: str) -> Period | None:
    first, _dot, last = text.partition(".")
    try:
        made = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None
    in_order = made.first <= made.last and (made.last - made.first).days <= 800
    return made if in_order and _known(str(made.first.year)) else None


def trail(last: date, count: int) -> list[Period]:
    """The `count` months up to that of a day, oldest first."""
    first = last.replace(day=1)
    return [month(back(first, number)) for number in range(count - 1, -1, -1)]
