"""A day at an agency: offered are the days on which it receives people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms.engine import references
from forms.engine.schema import Question
from forms.engine.types.base import AnswerError, QuestionType, Raw, register
from languages.dates import format_date


def agency_of(question: Question, answers: Mapping[str, Any]) -> str:
    """Key of the agency that receives: the answer to `agency_question`, or the rule `agency`."""
    asked = question.validation.get("agency_question")
    return str((answers.get(asked) if asked else question.validation.get("agency")) or "")


@register
class ReceptionDayType(QuestionType):
    """A day with reception hours of an agency; stored as `2026-03-04 10:00`."""

    name = "reception_day"
    template = "forms/types/select.html"
    missing = _("Choose a day.")

    def offered(self, question: Question, answers: Mapping[str, Any]) -> tuple[str, ...]:
        """Days with the hour at which they begin, that still have room."""
        return references.reception_days(agency_of(question, answers))

    def parse(self, question: Question, raw: Raw) -> Any:
        """The value of a day."""
        return raw.one(question.key, 200) or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """It is offered now."""
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", value, re.ASCII):
            raise AnswerError(self.missing)
        if value not in self.offered(question, answers):
            raise AnswerError(_("There is no room on this day any more. Choose another one."))

    def display(self, question: Question, value: Any, language: str) -> str:
        """The day and the hour."""
        day, _space, hour = str(value).partition(" ")
        return f"{format_date(date.fromisoformat(day), language)}, {hour}"
