"""What a form says or computes: nothing is typed here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from forms.engine.formulas import FormulaError, evaluate
from forms.engine.schema import Question
from forms.engine.types.base import QuestionType, Raw, register
from forms.engine.types.numbers import plain
from languages.dates import format_money, format_number


@register
class ContentType(QuestionType):
    """An explanatory text between questions: its label is a heading, its help the text."""

    name = "content"
    template = "forms/types/content.html"
    is_answered = False

    def parse(self, question: Question, raw: Raw) -> Any:
        """Nothing is asked."""
        return None


@register
class CalculatedType(QuestionType):
    """A number that follows from other answers (`formula`); stored as a text.

    With `unit: money` it is a sum in soʻm.
    """

    name = "calculated"
    template = "forms/types/calculated.html"
    is_computed = True

    def parse(self, question: Question, raw: Raw) -> Any:
        """Nothing: what a browser sends counts for nothing."""
        return None

    def compute(self, question: Question, answers: Mapping[str, Any],
                questions: Mapping[str, Question]) -> str | None:  # fmt: skip
        """The value from the answers; None where one that it needs is missing."""
        try:
            result = evaluate(str(question.validation.get("formula") or ""), answers, questions)
        except FormulaError:
            # Publishing refuses such a formula; a reader of an old version must not pay for it.
            return None
        return None if result is None else plain(result)

    def display(self, question: Question, value: Any, language: str) -> str:
        """With thousands apart, or with the currency."""
        number = Decimal(value)
        if question.validation.get("unit") == "money":
            return format_money(int(number * 100), language)
        whole = number == number.to_integral_value()
        return format_number(int(number) if whole else number, language)

    def initial(self, question: Question, value: Any) -> Any:
        """The number."""
        return value or ""
