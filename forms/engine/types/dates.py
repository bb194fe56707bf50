"""Dates as three number boxes: old phones have no date picker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.working_time import add_months
from forms.engine.schema import Question
from forms.engine.types.base import AnswerError, QuestionType, Raw, register
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
