"""Choices: what is stored is the option's value, never its label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from forms.engine import references
from forms.engine.schema import Question, Texts
from forms.engine.types.base import AnswerError, QuestionType, Raw, register

NOT_OFFERED = _("Choose one of the answers offered.")


def offered(question: Question) -> list[tuple[str, Texts]]:
    """(value, text map) of everything that may be chosen.

    A list named by `options_from` (and the districts of a `district`) stands behind the question's
    own options, which keep their labels.
    """
    own: list[tuple[str, Texts]] = [(o.value, o.label) for o in question.options]
    source = "districts" if question.type == "district" else question.validation.get("options_from")
    if not source:
        return own
    values = {value for value, _label in own}
    return own + [(key, texts) for key, texts in references.rows(source) if key not in values]


def _label(question: Question, value: Any, language: str) -> str:
    texts = next((texts for key, texts in offered(question) if key == value), None)
    return pick(texts, language) if texts else str(value)


#: Values of a question with yes or no.
YES_NO: Mapping[str, Promise] = {"yes": _("Yes"), "no": _("No")}


@register
class ChoiceType(QuestionType):
    """One of several."""

    name = "choice"
    template = "forms/types/choice.html"
    is_group = True
    missing = _("Choose an answer.")
    #: With more answers than this they stand in a list that opens.
    most_boxes: ClassVar[int] = 10

    def parse(self, question: Question, raw: Raw) -> Any:
        """The value of an option."""
        return raw.one(question.key, 200) or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """It is offered."""
        if value not in {key for key, _texts in offered(question)}:
            raise AnswerError(NOT_OFFERED)

    def display(self, question: Question, value: Any, language: str) -> str:
        """The option's label."""
        return _label(question, value, language)


@register
class DistrictType(ChoiceType):
    """A city or district of Karakalpakstan: a key of the reference rows."""

    name = "district"
    template = "forms/types/select.html"
    is_group = False
    missing = _("Choose a city or district.")


@register
class SelectType(ChoiceType):
    """One of several, in a list that opens."""

    name = "select"
    template = "forms/types/select.html"
    is_group = False


@register
class SearchSelectType(SelectType):
    """One of many, in a list that opens; with the script it is searched by typing."""

    name = "search_select"


@register
class YesNoType(ChoiceType):
    """Yes or no: unlike a box, a no is an answer."""

    name = "yes_no"

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """One of the two."""
        if value not in YES_NO:
            raise AnswerError(NOT_OFFERED)

    def display(self, question: Question, value: Any, language: str) -> str:
        """Yes or no."""
        with translation.override(language):
            return str(YES_NO[value])


@register
class MultiChoiceType(QuestionType):
    """Any number of several."""

    name = "multi_choice"
    template = "forms/types/multi_choice.html"
    is_group = True
    stored = list
    missing = _("Choose at least one answer.")

    def parse(self, question: Question, raw: Raw) -> Any:
        """Values in the order of the options."""
        sent = [value for value in raw.all(question.key) if value]
        order = [value for value, _texts in offered(question)]
        if not set(sent) <= set(order):
            raise AnswerError(NOT_OFFERED)
        return [value for value in order if value in sent] or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """They are offered, and their number fits."""
        values = {key for key, _texts in offered(question)}
        if not all(isinstance(item, str) and item in values for item in value):
            raise AnswerError(NOT_OFFERED)
        least, most = question.rule("min_choices", 0), question.rule("max_choices", len(values))
        if len(value) < least:
            raise AnswerError(_("Choose more answers. At least: %(count)s"), count=least)
        if len(value) > most:
            raise AnswerError(_("Choose fewer answers. At most: %(count)s"), count=most)

    def display(self, question: Question, value: Any, language: str) -> str:
        """The labels."""
        return "; ".join(_label(question, item, language) for item in value)

    def export(self, question: Question, value: Any) -> str:
        """The values."""
        return "; ".join(value)

    def initial(self, question: Question, value: Any) -> Any:
        """A list."""
        return value or []

    def typed(self, question: Question, raw: Raw) -> Any:
        """What was ticked."""
        try:
            return raw.all(question.key)
        except AnswerError:
            return []


_TICKED, _OPEN = frozenset({"on", "true", "1", "yes"}), frozenset({"", "off", "false", "0", "no"})


@register
class CheckboxType(QuestionType):
    """One box: a yes, or a declaration where it is required."""

    name = "checkbox"
    template = "forms/types/checkbox.html"
    stored = bool
    missing = _("Tick the box to go on.")

    def parse(self, question: Question, raw: Raw) -> Any:
        """True, or None where it is not ticked."""
        value = raw.one(question.key, 20).lower()
        if value not in _TICKED | _OPEN:
            raise AnswerError(NOT_OFFERED)
        return True if value in _TICKED else None

    def display(self, question: Question, value: Any, language: str) -> str:
        """Yes or no."""
        with translation.override(language):
            return gettext("Yes") if value else gettext("No")

    def export(self, question: Question, value: Any) -> str:
        """yes or no."""
        return "yes" if value else "no"

    def initial(self, question: Question, value: Any) -> Any:
        """Whether it is ticked."""
        return bool(value)

    def typed(self, question: Question, raw: Raw) -> Any:
        """Whether it was ticked."""
        return super().typed(question, raw) in _TICKED


@register
class DeclarationType(CheckboxType):
    """What the applicant declares by ticking: always to be ticked."""

    name = "declaration"
    missing = _("Tick the box: without this declaration the request cannot be sent.")
