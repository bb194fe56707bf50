"""Numbers and sums."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.money import TIYIN_IN_SOUM, typed_soums
from core.typed import number_typed
from forms.engine.schema import Question
from forms.engine.types.base import AnswerError, Message, QuestionType, Raw, register
from languages.dates import format_money, format_number


def parse_decimal(text: str, wrong: Message) -> Decimal:
    """A number as people type it: `1 234,5`. Raises AnswerError with `wrong`."""
    number = number_typed(text)
    if number is None:
        raise AnswerError(wrong)
    return number


def plain(number: Decimal) -> str:
    """The shortest way to write a number without an exponent: `12.50` → `12.5`, `-0` → `0`."""
    text = f"{number.normalize():f}"
    return "0" if number == 0 else text


def _shown(limit: Any) -> str:
    return plain(Decimal(str(limit)))


def check_range(question: Question, value: Decimal) -> None:
    """Raises AnswerError outside `min`, `max` and off the `step`.

    Without a step a number is whole, unless a limit has a fraction.
    """
    least, most, step = (question.validation.get(name) for name in ("min", "max", "step"))
    if least is not None and value < Decimal(str(least)):
        raise AnswerError(_("The number is too small. At least: %(limit)s"), limit=_shown(least))
    if most is not None and value > Decimal(str(most)):
        raise AnswerError(_("The number is too large. At most: %(limit)s"), limit=_shown(most))
    if step is not None:
        if (value - Decimal(str(least or 0))) % Decimal(str(step)):
            raise AnswerError(_("Write the number in steps of %(step)s."), step=_shown(step))
    elif is_whole(question) and value != value.to_integral_value():
        raise AnswerError(_("Write a whole number. Example: 12"))


def is_whole(question: Question) -> bool:
    """Whether only whole numbers are asked for."""
    limits = (question.validation.get(name) for name in ("min", "max", "step"))
    numbers = [Decimal(str(limit)) for limit in limits if limit is not None]
    return all(number == number.to_integral_value() for number in numbers)


@register
class NumberType(QuestionType):
    """A number; stored as a text, since JSON has no exact decimals."""

    name = "number"
    attributes: ClassVar = {"inputmode": "decimal", "autocomplete": "off"}

    def parse(self, question: Question, raw: Raw) -> Any:
        """The number in its shortest form."""
        text = raw.one(question.key, 400)
        return (
            plain(parse_decimal(text, _("Write a number in digits. Example: 12"))) if text else None
        )

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Range and step."""
        check_range(question, parse_decimal(value, _("Write a number in digits. Example: 12")))

    def display(self, question: Question, value: Any, language: str) -> str:
        """With thousands apart."""
        number = Decimal(value)
        whole = number == number.to_integral_value()
        return format_number(int(number) if whole else number, language)

    def initial(self, question: Question, value: Any) -> Any:
        """With a decimal comma, as it is typed here."""
        return "" if value is None else str(value).replace(".", ",")


_NO_SUM = _("Write the sum in digits, in soʻm. Example: 150 000")


@register
class MoneyType(QuestionType):
    """A sum; typed in soʻm, stored in whole tiyin. Limits are in soʻm."""

    name = "money"
    stored = int
    template = "forms/types/money.html"
    attributes: ClassVar = {"inputmode": "decimal", "autocomplete": "off"}

    def parse(self, question: Question, raw: Raw) -> Any:
        """Tiyin."""
        text = raw.one(question.key, 400)
        if not text:
            return None
        try:
            return int(typed_soums(text))
        except ValueError as error:
            raise AnswerError(_NO_SUM) from error

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Range in soʻm."""
        if isinstance(value, bool) or value < 0:
            raise AnswerError(_NO_SUM)
        for name, message in (
            ("min", _("The sum is too small. At least: %(limit)s")),
            ("max", _("The sum is too large. At most: %(limit)s")),
        ):
            limit = question.validation.get(name)
            if limit is None:
                continue
            bound = int(Decimal(str(limit)) * TIYIN_IN_SOUM)
            if value < bound if name == "min" else value > bound:
                raise AnswerError(message, limit=Sum(bound))

    def display(self, question: Question, value: Any, language: str) -> str:
        """With the currency."""
        return format_money(value, language)

    def export(self, question: Question, value: Any) -> str:
        """In soʻm."""
        return plain(Decimal(value) / TIYIN_IN_SOUM)

    def initial(self, question: Question, value: Any) -> Any:
        """In soʻm, thousands apart by a space that people can type."""
        if value is None:
            return ""
        return format_number(Decimal(plain(Decimal(value) / TIYIN_IN_SOUM)), "uz").replace(
            "\u00a0", " "
        )


class Sum:
    """A sum that is written in the language of the message it stands in."""

    def __init__(self, tiyin: int) -> None:
        self.tiyin = tiyin

    def __str__(self) -> str:
        return format_money(self.tiyin, _language())


def _language() -> str:
    return get_language() or "uz"
