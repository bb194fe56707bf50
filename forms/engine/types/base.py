"""What every question type can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.typed import seen
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


class PatternError(AnswerError):
    """The answer has another form than the pattern asks: a question may have its own words."""


UNREADABLE = _("The answer cannot be read. Write it again.")


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
            raise AnswerError(UNREADABLE)
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


def clean(text: str) -> str:
    """The text trimmed, without marks that nobody sees. Raises AnswerError on control characters."""
    if any(_is_control(ord(c)) for c in text):
        raise AnswerError(_("The answer holds a character that cannot be stored. Write it again."))
    return seen(text)


def _is_control(code: int) -> bool:
    if code < 0x20:
        return code not in (0x09, 0x0A, 0x0D)
    # Delete and the upper controls, halves of surrogate pairs, and what is no character at all.
    return 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE


@dataclass(frozen=True)
class Part:
    """One input of an answer that has several, such as the hour of a time."""

    name: str
    label: Message
    #: Letters that the input shows; one of those that the stylesheet knows, or 0.
    width: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: Name of the list that is chosen from; "" for a text.
    source: str = ""


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
    #: The inputs, where the answer has several.
    parts: ClassVar[tuple[Part, ...]] = ()
    #: Whether anything is answered: explanatory texts ask nothing.
    is_answered: ClassVar[bool] = True
    #: Whether the answer is files, which arrive apart from the texts.
    is_file: ClassVar[bool] = False
    #: Whether the answer follows from others; what a browser sends for it counts for nothing.
    is_computed: ClassVar[bool] = False
    #: Categories of personal data that such an answer always is.
    personal: ClassVar[frozenset[str]] = frozenset()
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
            raise AnswerError(UNREADABLE)
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


def typed_parts(question: Question, parts: Iterable[Part], raw: Raw) -> dict[str, str]:
    """What was typed into the inputs of an answer that has several."""
    boxes = {}
    for part in parts:
        try:
            boxes[part.name] = "".join(raw.all(f"{question.key}-{part.name}")[:1])[:1_000]
        except AnswerError:
            boxes[part.name] = ""
    return boxes


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
