"""Terms of the law in real time: minutes, hours, working hours and days, calendar days, months.

Working time is that of state bodies (Monday to Friday, 09:00–18:00 with a break from 13:00 to
14:00) less public holidays (library `holidays`) and what a decree moved (`CalendarDay`, data).
All moments are aware; days are those of Asia/Samarkand (UTC+5 all year).
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Asia/Samarkand")
OPENS, BREAK_FROM, BREAK_TO, CLOSES = time(9), time(13), time(14), time(18)

UNITS = (
    "automatic",
    "minutes",
    "hours",
    "working_hours",
    "working_days",
    "calendar_days",
    "months",
)


@dataclass(frozen=True)
class Day:
    """What a decree says of one date: a working day or not, and a shorter day's closing time."""

    is_working: bool
    closes_at: time | None = None


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("UZ", years=year))


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked and for how long. `days` holds only what differs from the rule."""

    days: Mapping[date, Day] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        if day in self.days:
            closes = self.days[day].closes_at
            # A day that closes before it opens is none, whatever the row says.
            return self.days[day].is_working and (closes is None or closes > OPENS)
        return day.weekday() < 5 and day not in _public_holidays(day.year)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of `day`, in order; empty on a day off."""
        if not self.is_working(day):
            return []
        closes = CLOSES
        if day in self.days and self.days[day].closes_at:
            closes = self.days[day].closes_at or CLOSES
        parts = [(OPENS, min(BREAK_FROM, closes)), (BREAK_TO, closes)]
        return [
            (datetime.combine(day, begin, ZONE), datetime.combine(day, end, ZONE))
            for begin, end in parts
            if begin < end
        ]

    def closing(self, day: date) -> datetime:
        """The end of the working day `day`. Raises ValueError on a day off."""
        spans = self.spans(day)
        if not spans:
            raise ValueError(f"{day} is not worked.")
        return spans[-1][1]

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def this_or_next_working_day(self, day: date) -> date:
        """`day` if it is worked, else the first working day after it."""
        return day if self.is_working(day) else self.next_working_day(day)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (0: this or the next working day)."""
        day = self.this_or_next_working_day(day) if count == 0 else day
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and including `last` (0 if none)."""
        count, day = 0, first
        while day < last:
            day += timedelta(days=1)
            count += self.is_working(day)
        return count

    def registration_moment(self, received: datetime) -> datetime:
        """When a request received at `received` is registered: the same working day, or, outside
        working hours, at the opening of the next (law on appeals ZRU-445, art. 23)."""
        local = received.astimezone(ZONE)
        spans = self.spans(local.date())
        if spans and local < spans[0][0]:
            return spans[0][0]
        if spans and local < spans[-1][1]:
            return local
        return self.spans(self.next_working_day(local.date()))[0][0]

    def add_working_time(self, start: datetime, length: timedelta) -> datetime:
        """The moment when `length` of working time has passed since `start`."""
        day, moment = start.astimezone(ZONE).date(), start.astimezone(ZONE)
        while True:
            for begin, end in self.spans(day):
                begin = max(begin, moment)
                if begin >= end:
                    continue
                if length <= end - begin:
                    return begin + length
                length -= end - begin
            day = self.next_working_day(day)

    def working_time_between(self, first: datetime, last: datetime) -> timedelta:
        """How much working time lies between two moments (none where `last` is not later)."""
        day, end = first.astimezone(ZONE).date(), last.astimezone(ZONE).date()
        total = timedelta()
        while day <= end:
            for begin, close in self.spans(day):
                total += max(min(close, last) - max(begin, first), timedelta())
            day += timedelta(days=1)
        return total

    def add_term(self, start: datetime, value: int | None, unit: str) -> datetime:
        """When a term of `value` `unit` that starts at `start` ends.

        `automatic` ends at once. Day and month terms begin the day after the start and end with
        the working day they fall on; one that would end on a day off ends on the next working
        day. Raises ValueError on an unknown unit or a negative value.
        """
        if unit == "automatic":
            return start
        if unit not in UNITS or value is None or value < 0:
            raise ValueError(f"No such term: {value!r} {unit!r}.")
        local = start.astimezone(ZONE)
        if unit == "minutes":
            return start + timedelta(minutes=value)
        if unit == "hours":
            return start + timedelta(hours=value)
        if unit == "working_hours":
            return self.add_working_time(start, timedelta(hours=value))
        if unit == "working_days":
            return self.closing(self.add_working_days(local.date(), value))
        if unit == "calendar_days":
            return self.closing(self.this_or_next_working_day(local.date() + timedelta(days=value)))
        return self.closing(self.this_or_next_working_day(add_months(local.date(), value)))


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or that month's last day."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
