"""Dates as three number boxes: old phones have no date picker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.working_time import add_months
from forms.engine.schema import Question
from forms.engine.types.base import AnswerError, Part, QuestionType, Raw, register, typed_parts
from languages.dates import format_date

LIMIT = re.compile(r"today(?:([+-])([0-9]{1,5})([dmy]))?")
PARTS = ("day", "month", "year")
NO_SUCH_DATE = _("There is no such date. Example: 05.03.2026")


def resolve(limit: str, today: date) -> date:
    """A date limit: ISO 8601, or relative as `today`, `today+14d`, `today-1y`, `today+3m`.

    Raises ValueError where it is neither.
    """
    match = LIMIT.fullmatch(limit)
    if match is None:
        return date.fromisoformat(limit)
    if match[1] is None:
        return today
    count = int(match[2]) * (1 if match[1] == "+" else -1)
    if match[3] == "d":
        return today + timedelta(days=count)
    return add_months(today, count * (12 if match[3] == "y" else 1))


@register
class DateType(QuestionType):
    """A date; stored as ISO 8601."""

    name = "date"
    template = "forms/types/date.html"
    is_group = True
    missing = _("Write the date.")

    def parse(self, question: Question, raw: Raw) -> Any:
        """From `KEY-day`, `KEY-month`, `KEY-year`, or from one field `KEY`."""
        parts = [raw.one(f"{question.key}-{name}", 400) for name in PARTS]
        if not any(parts):
            whole = raw.one(question.key, 400)
            if not whole:
                return None
            match = re.fullmatch(r"([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})", whole)
            iso = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", whole)
            parts = list(
                match.groups() if match else reversed(iso.groups()) if iso else ("", "", "")
            )
        if not all(parts) and any(parts):
            raise AnswerError(_("Write day, month and year. Example: 05.03.2026"))
        if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
            raise AnswerError(NO_SUCH_DATE)
        day, month, year = map(int, parts)
        try:
            return date(year, month, day).isoformat()
        except ValueError as error:
            raise AnswerError(NO_SUCH_DATE) from error

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Limits, relative to today or to another answer."""
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise AnswerError(NO_SUCH_DATE) from error
        today = timezone.localdate()
        if day.year < 1800:
            raise AnswerError(NO_SUCH_DATE)
        least, most = question.validation.get("min"), question.validation.get("max")
        other = answers.get(question.validation.get("min_question") or "")
        earliest = [resolve(str(least), today)] if least else []
        if isinstance(other, str):
            earliest.append(date.fromisoformat(other))
        if earliest and day < max(earliest):
            raise AnswerError(
                _("The date is too early. At the earliest: %(limit)s"), limit=_shown(max(earliest))
            )
        if most and day > resolve(str(most), today):
            raise AnswerError(
                _("The date is too late. At the latest: %(limit)s"),
                limit=_shown(resolve(str(most), today)),
            )

    def display(self, question: Question, value: Any, language: str) -> str:
        """As the language writes dates."""
        return format_date(date.fromisoformat(value), language)

    def initial(self, question: Question, value: Any) -> Any:
        """The three boxes."""
        if not value:
            return dict.fromkeys(PARTS, "")
        year, month, day = str(value).split("-")
        return {"day": str(int(day)), "month": str(int(month)), "year": year}

    def typed(self, question: Question, raw: Raw) -> Any:
        """What was typed into the three boxes."""
        boxes = {}
        for name in PARTS:
            try:
                boxes[name] = "".join(raw.all(f"{question.key}-{name}")[:1])[:10]
            except AnswerError:
                boxes[name] = ""
        return boxes


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"


FROM, TO = "from", "to"


@register
class DateRangeType(QuestionType):
    """From a day to a day, both included; stored as `{"from", "to"}`, each ISO 8601."""

    name = "date_range"
    template = "forms/types/date_range.html"
    is_group = True
    stored = dict
    missing = _("Write both dates.")
    _day: ClassVar = DateType()

    def _ends(self, question: Question) -> tuple[tuple[str, Question], ...]:
        return tuple((end, replace(question, key=f"{question.key}-{end}")) for end in (FROM, TO))

    def parse(self, question: Question, raw: Raw) -> Any:
        """From the boxes `KEY-from-day` … `KEY-to-year`."""
        found = {end: self._day.parse(part, raw) for end, part in self._ends(question)}
        if not any(found.values()):
            return None
        if not all(found.values()):
            raise AnswerError(self.missing)
        return found

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Limits of each day, their order, and `max_days` between them."""
        if set(value) != {FROM, TO} or not all(isinstance(day, str) for day in value.values()):
            raise AnswerError(self.missing)
        for end, part in self._ends(question):
            self._day.check(part, value[end], answers)
        days = (date.fromisoformat(value[TO]) - date.fromisoformat(value[FROM])).days
        if days < 0:
            raise AnswerError(_("The last day is before the first one."))
        most = question.rule("max_days", 0)
        if most and days + 1 > most:
            raise AnswerError(_("Too many days: %(count)s. At most: %(limit)s"),
                              count=days + 1, limit=most)  # fmt: skip

    def display(self, question: Question, value: Any, language: str) -> str:
        """Both days."""
        return " – ".join(format_date(date.fromisoformat(value[end]), language)
                          for end in (FROM, TO))  # fmt: skip

    def export(self, question: Question, value: Any) -> str:
        """An interval of ISO 8601."""
        return f"{value[FROM]}/{value[TO]}"

    def initial(self, question: Question, value: Any) -> Any:
        """Three boxes for each end."""
        held = value or {}
        return {end: self._day.initial(part, held.get(end)) for end, part in self._ends(question)}

    def typed(self, question: Question, raw: Raw) -> Any:
        """What was typed into the six boxes."""
        return {end: self._day.typed(part, raw) for end, part in self._ends(question)}


_NO_SUCH_TIME = _("There is no such time. Example: 09:30")


@register
class TimeType(QuestionType):
    """A time of day as two number boxes; stored as `HH:MM`."""

    name = "time"
    template = "forms/types/parts.html"
    is_group = True
    missing = _("Write the time.")
    parts = (
        Part("hour", _("Hour"), 2, {"inputmode": "numeric"}),
        Part("minute", _("Minute"), 2, {"inputmode": "numeric"}),
    )

    def parse(self, question: Question, raw: Raw) -> Any:
        """From `KEY-hour` and `KEY-minute`, or from one field `KEY` such as `9:30`."""
        hour, minute = (raw.one(f"{question.key}-{part.name}", 400) for part in self.parts)
        if not hour and not minute:
            whole = raw.one(question.key, 400)
            if not whole:
                return None
            hour, _mark, minute = whole.replace(".", ":").partition(":")
        if not all(re.fullmatch(r"[0-9]{1,2}", part) for part in (hour, minute)):
            raise AnswerError(_NO_SUCH_TIME)
        if int(hour) > 23 or int(minute) > 59:
            raise AnswerError(_NO_SUCH_TIME)
        return f"{int(hour):02}:{int(minute):02}"

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Within `min` and `max`."""
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value, re.ASCII):
            raise AnswerError(_NO_SUCH_TIME)
        least, most = question.validation.get("min"), question.validation.get("max")
        if least and value < str(least):
            raise AnswerError(_("The time is too early. At the earliest: %(limit)s"), limit=least)
        if most and value > str(most):
            raise AnswerError(_("The time is too late. At the latest: %(limit)s"), limit=most)

    def initial(self, question: Question, value: Any) -> Any:
        """The two boxes."""
        hour, _mark, minute = (value or "").partition(":")
        return {"hour": hour, "minute": minute}

    def typed(self, question: Question, raw: Raw) -> Any:
        """What was typed into the two boxes."""
        return typed_parts(question, self.parts, raw)
