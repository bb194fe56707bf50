"""Answers in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from forms.engine.schema import Question
from forms.engine.types.base import TOO_LONG, AnswerError, PatternError, QuestionType, Raw, register


@register
class TextType(QuestionType):
    """One line."""

    name = "text"
    #: However long a form allows an answer to be, more than this is refused.
    longest: ClassVar[int] = 1_000

    def parse(self, question: Question, raw: Raw) -> Any:
        """The text with single spaces."""
        text = raw.one(question.key, self.longest * 10)
        return " ".join(unicodedata.normalize("NFC", text).split()) or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Length and pattern."""
        limit = min(question.rule("max_length", self.longest), self.longest)
        if len(value) > limit:
            raise AnswerError(TOO_LONG, length=len(value), limit=limit)
        shortest = question.rule("min_length", 0)
        if len(value) < shortest:
            raise AnswerError(
                _("The answer is too short. At least %(limit)s characters."), limit=shortest
            )
        pattern = question.validation.get("regex")
        if pattern and not re.fullmatch(pattern, value, re.ASCII):
            raise PatternError(_("The answer does not have the right form. Look at the example."))


@register
class TextareaType(TextType):
    """Several lines."""

    name = "textarea"
    template = "forms/types/textarea.html"
    longest = 10_000

    def parse(self, question: Question, raw: Raw) -> Any:
        """The text with its line breaks."""
        text = raw.one(question.key, self.longest * 10)
        return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")) or None


@register
class AddressType(TextType):
    """Street, house, flat."""

    name = "address"
    personal = frozenset({"address"})


@register
class EmailType(TextType):
    """An e-mail address."""

    name = "email"
    personal = frozenset({"contact"})
    longest = 254
    attributes: ClassVar = {"type": "email", "autocomplete": "email", "spellcheck": "false"}

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """A mail address."""
        super().check(question, value, answers)
        try:
            validate_email(value)
        except ValidationError as error:
            raise AnswerError(
                _("The e-mail address is not complete. Example: name@example.org")
            ) from error
