"""What every question type can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forms.engine.schema import Question

Message = str | Promise


class AnswerError(Exception):
    """An answer that cannot be taken; the message says what is wrong, then what to do."""

    def __init__(self, message: Message, **values: Any) -> None:
        self.message, self.values = message, values
        super().__init__(message)

    def text(self) -> str:
        """The message in the active language."""
        text = str(self.message)
        return text % self.values if self.values else text


_UNREADABLE = _("The answer cannot be read. Write it again.")


class Raw:
    """What a browser (or anybody) sends: Django's QueryDict or any mapping. Nothing is trusted."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    def all(self, name: str) -> list[str]:
        """All values of a name. Raises AnswerError where one is no text."""
        getlist = getattr(self._data, "getlist", None)
        found = getlist(name) if getlist else self._data.get(name)
        if found is None:
            return []
        values = list(found) if isinstance(found, list | tuple) else [found]
        if not all(isinstance(value, str) for value in values):
            raise AnswerError(_UNREADABLE)
        return values

    def one(self, name: str, limit: int) -> str:
        """The one value of a name, trimmed; "" where there is none.

        Raises AnswerError on several values, more than `limit` characters, or characters that
        cannot be stored or would show the text in another order than it is written.
        """
        values = self.all(name)
        if len(values) > 1:
            raise AnswerError(_("Give one answer only."))
        text = values[0] if values else ""
        if len(text) > limit:
            raise AnswerError(TOO_LONG, length=len(text), limit=limit)
        return clean(text)


TOO_LONG = _("The answer is too long: %(length)s characters. At most: %(limit)s")
#: Marks that turn the direction of writing: `gpj.exe` may be shown as `exe.jpg`.
_TURNS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(text: str) -> str:
    """The text trimmed, without marks of direction. Raises AnswerError on control characters."""
    text = text.translate(_TURNS)
    if any((ord(c) < 32 and c not in "\t\n\r") or 0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise AnswerError(_("The answer holds a character that cannot be stored. Write it again."))
    return text.strip()


class QuestionType:
    """A type of question. Subclasses parse, check and show one kind of answer."""

    name: ClassVar[str]
    #: Template of the input.
    template: ClassVar[str] = "forms/types/text.html"
    #: Attributes of the HTML input.
    attributes: ClassVar[Mapping[str, str]] = {}
    #: Whether several inputs form the answer: then they stand in a fieldset.
    is_group: ClassVar[bool] = False
    #: The Python type of a stored answer.
    stored: ClassVar[type] = str
    #: What is said where a required answer is missing.
    missing: ClassVar[Message] = _("The answer is missing.")

    def parse(self, question: Question, raw: Raw) -> Any:
        """The answer as JSON, or None where nothing was answered. Raises AnswerError."""
        raise NotImplementedError(self.name)

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Raises AnswerError where a parsed answer breaks a rule of the question."""

    def check_stored(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """As `check`, for an answer that comes from the database. Raises AnswerError."""
        if not isinstance(value, self.stored):
            raise AnswerError(_UNREADABLE)
        self.check(question, value, answers)

    def display(self, question: Question, value: Any, language: str) -> str:
        """The answer as people read it."""
        return str(value)

    def export(self, question: Question, value: Any) -> str:
        """The answer as a table of data holds it: in every language the same."""
        return str(value)

    def initial(self, question: Question, value: Any) -> Any:
        """The answer as its template shows it in the input; None gives an empty one."""
        return "" if value is None else value

    def typed(self, question: Question, raw: Raw) -> Any:
        """What was typed, as the template shows it again after an error."""
        try:
            return "".join(raw.all(question.key)[:1])[:10_000]
        except AnswerError:
            return ""


_types: dict[str, QuestionType] = {}


def register(cls: type[QuestionType]) -> type[QuestionType]:
    """Class decorator: make a type known under its name."""
    _types[cls.name] = cls()
    return cls


def get(name: str) -> QuestionType:
    """The type of a name. Raises KeyError where there is none."""
    return _types[name]


def known() -> Iterable[str]:
    """Names of all types."""
    return sorted(_types)
