"""Numbers that nobody computes with: phone, PINFL, STIR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.numbers import is_pinfl, is_stir
from accounts.phones import clean_phone, spaced_phone
from core.typed import ungrouped
from forms.engine.schema import Question
from forms.engine.types.base import AnswerError, PatternError, Raw, register
from forms.engine.types.texts import TextType

PHONE_INCOMPLETE = _("The phone number is not complete. Example: +998 90 123 45 67")


@register
class PhoneType(TextType):
    """A telephone number."""

    name = "phone"
    personal = frozenset({"contact"})
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
            raise PatternError(PHONE_INCOMPLETE)

    def display(self, question: Question, value: Any, language: str) -> str:
        """In groups of digits."""
        return spaced_phone(str(value))

    def initial(self, question: Question, value: Any) -> Any:
        """In groups of digits."""
        return spaced_phone(value) if value else ""


#: Cyrillic letters that look like Latin ones, as a Russian keyboard writes them into a number.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХУІ", "ABEKMHOPCTXYI")


def latin_capitals(text: str) -> str:
    """Capitals without spaces and dashes, Cyrillic look-alikes as Latin letters."""
    return ungrouped(text).upper().translate(_LOOKALIKES)


@register
class PassportType(TextType):
    """Series and number of a passport or an ID card: two Latin letters, seven digits."""

    name = "passport"
    personal = frozenset({"passport"})
    attributes: ClassVar = {"autocomplete": "off", "autocapitalize": "characters",
                            "spellcheck": "false"}  # fmt: skip

    def parse(self, question: Question, raw: Raw) -> Any:
        """`AA1234567`, typed with or without spaces, in small or Cyrillic letters."""
        return latin_capitals(raw.one(question.key, 400)) or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """The form, and the pattern of the question where it has one."""
        pattern = question.validation.get("regex")
        fits = re.fullmatch(r"[A-Z]{2}[0-9]{7}", value)
        if not fits or (pattern and not re.fullmatch(pattern, value, re.ASCII)):
            raise PatternError(_("Write two Latin letters and seven digits. Example: AA1234567"))

    def display(self, question: Question, value: Any, language: str) -> str:
        """The series apart."""
        return f"{value[:2]} {value[2:]}"


@register
class PlateType(TextType):
    """Number plate of a vehicle registered in Uzbekistan.

    `95 A 123 BC` for people, `95 123 ABC` for organisations; the first two digits are the region.
    """

    name = "plate"
    personal = frozenset({"vehicle"})
    attributes: ClassVar = {"autocomplete": "off", "autocapitalize": "characters",
                            "spellcheck": "false"}  # fmt: skip

    def parse(self, question: Question, raw: Raw) -> Any:
        """`95A123BC`, typed with or without spaces, in small or Cyrillic letters."""
        return latin_capitals(raw.one(question.key, 400)) or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """One of the two forms, with the code of a region."""
        person, firm = r"[A-Z][0-9]{3}[A-Z]{2}", r"[0-9]{3}[A-Z]{3}"
        if not re.fullmatch(rf"(?!00)[0-9]{{2}}({person}|{firm})", value):
            raise PatternError(
                _("The number plate is not complete. Example: 95 A 123 BC or 95 123 ABC")
            )

    def display(self, question: Question, value: Any, language: str) -> str:
        """In its groups."""
        groups = re.fullmatch(r"(\d{2})([A-Z]?)(\d{3})([A-Z]+)", str(value))
        return " ".join(filter(None, groups.groups())) if groups else str(value)


class DigitsType(TextType):
    """A number of fixed length."""

    digits: ClassVar[int]
    attributes: ClassVar = {"inputmode": "numeric", "autocomplete": "off"}

    def parse(self, question: Question, raw: Raw) -> Any:
        """The digits, typed with or without spaces and dashes."""
        return ungrouped(raw.one(question.key, 400)) or None


@register
class PinflType(DigitsType):
    """Personal number (JShShIR): 14 digits."""

    name = "pinfl"
    personal = frozenset({"pinfl"})
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
    """Tax number (STIR): 9 digits; of a firm's, the last is a control digit."""

    name = "stir"
    digits = 9

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Length and control digit."""
        if not re.fullmatch(r"[0-9]{9}", value):
            raise AnswerError(
                _("The tax number has 9 digits. Now: %(count)s"),
                count=len(re.findall(r"[0-9]", value)),
            )
        pattern = question.validation.get("regex")
        if not is_stir(value) or (pattern and not re.fullmatch(pattern, value, re.ASCII)):
            raise AnswerError(
                _(
                    "There is a mistake in the tax number. "
                    "Copy it again from the certificate of registration."
                )
            )
