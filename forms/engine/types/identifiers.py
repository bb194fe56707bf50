"""Numbers that nobody computes with: phone, PINFL, STIR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.phones import clean_phone, spaced_phone
from forms.engine.schema import Question
from forms.engine.types.base import AnswerError, Raw, register
from forms.engine.types.texts import TextType

PHONE_INCOMPLETE = _("The phone number is not complete. Example: +998 90 123 45 67")


@register
class PhoneType(TextType):
    """A telephone number."""

    name = "phone"
    longest = 40
    attributes: ClassVar = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}

    def parse(self, question: Question, raw: Raw) -> Any:
        """E.164, typed with or without +998, spaces or dashes."""
        text = raw.one(question.key, 400)
        if not text:
            return None
        try:
            return clean_phone(text)
        except ValidationError as error:
            raise AnswerError(PHONE_INCOMPLETE) from error

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """The form that the question asks for."""
        pattern = question.validation.get("regex") or r"\+[1-9]\d{7,14}"
        if not re.fullmatch(pattern, value, re.ASCII):
            raise AnswerError(PHONE_INCOMPLETE)

    def display(self, question: Question, value: Any, language: str) -> str:
        """In groups of digits."""
        return spaced_phone(str(value))

    def initial(self, question: Question, value: Any) -> Any:
        """In groups of digits."""
        return spaced_phone(value) if value else ""


class DigitsType(TextType):
    """A number of fixed length."""

    digits: ClassVar[int]
    attributes: ClassVar = {"inputmode": "numeric", "autocomplete": "off"}

    def parse(self, question: Question, raw: Raw) -> Any:
        """The digits, typed with or without spaces and dashes."""
        return re.sub(r"[\s\-‐‑–—]", "", raw.one(question.key, 400)) or None


def is_pinfl(number: str) -> bool:
    """Whether 14 digits can be a PINFL.

    1: century and sex (1–6), 2–7: date of birth as DDMMYY, 8–10: district, 11–13: serial number,
    14: a control digit. Its algorithm has no public source, so a wrong guess of ours would refuse
    people their own number: it is not checked until the issuer's rule is known.
    """
    if not re.fullmatch(r"[1-6][0-9]{13}", number):
        return False
    century = 1800 + 100 * ((int(number[0]) - 1) // 2)
    try:
        date(century + int(number[5:7]), int(number[3:5]), int(number[1:3]))
    except ValueError:
        return False
    return True


@register
class PinflType(DigitsType):
    """Personal number (JShShIR): 14 digits."""

    name = "pinfl"
    digits = 14

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Length, then what the number says of itself."""
        if not re.fullmatch(r"[0-9]{14}", value):
            raise AnswerError(
                _("The personal number has 14 digits. Now: %(count)s"),
                count=len(re.findall(r"[0-9]", value)),
            )
        pattern = question.validation.get("regex")
        if not is_pinfl(value) or (pattern and not re.fullmatch(pattern, value, re.ASCII)):
            raise AnswerError(
                _(
                    "There is a mistake in the personal number. "
                    "Copy it again from the back of the ID card."
                )
            )


@register
class StirType(DigitsType):
    """Tax number (STIR): 9 digits.

    The ninth is a control digit whose algorithm the tax authority keeps to itself (rules on the
    numbers of taxpayers, lex.uz/acts/499945), so only the form is checked.
    """

    name = "stir"
    digits = 9

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Length, and digits that are not all the same."""
        if not re.fullmatch(r"[0-9]{9}", value):
            raise AnswerError(
                _("The tax number has 9 digits. Now: %(count)s"),
                count=len(re.findall(r"[0-9]", value)),
            )
        pattern = question.validation.get("regex")
        if len(set(value)) == 1 or (pattern and not re.fullmatch(pattern, value, re.ASCII)):
            raise AnswerError(
                _(
                    "There is a mistake in the tax number. "
                    "Copy it again from the certificate of registration."
                )
            )
