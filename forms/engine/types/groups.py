"""Several of the same: children, vehicles, owners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.texts import pick
from forms.engine.schema import Question
from forms.engine.types.base import (
    UNREADABLE,
    AnswerError,
    QuestionType,
    Raw,
    get,
    register,
)

#: However many a form allows, more than this is refused.
MOST_ITEMS = 50


def input_name(group: str, index: int, key: str) -> str:
    """Name of the input of a question in one item: `children-0-pinfl`."""
    return f"{group}-{index}-{key}"


def inner(group: Question, index: int, question: Question) -> Question:
    """A question of a group as one item asks it: under the name of its input."""
    return replace(question, key=input_name(group.key, index, question.key))


def is_mark(text: str) -> bool:
    """Whether a text numbers an item."""
    return text.isascii() and text.isdigit() and len(text) < 4


def marks(group: Question, raw: Raw) -> list[int]:
    """Numbers of the items on the page: each names itself in a hidden field `KEY-item`.

    Raises AnswerError where they are no numbers, or too many.
    """
    sent = raw.all(f"{group.key}-item")
    if len(sent) > MOST_ITEMS:
        raise AnswerError(TOO_MANY, count=most(group))
    if not all(map(is_mark, sent)):
        raise AnswerError(UNREADABLE)
    return sorted(set(map(int, sent)))


def least(group: Question) -> int:
    """Fewest items."""
    return group.rule("min_items", 1 if group.required else 0)


def most(group: Question) -> int:
    """Most items."""
    return min(group.rule("max_items", 10), MOST_ITEMS)


TOO_MANY = _("Too many entries. At most: %(count)s")


@register
class RepeatType(QuestionType):
    """A repeating group; stored as `[{key: answer}]`.

    What is inside is read and checked by `engine.validation`, which knows what is asked.
    """

    name = "repeat"
    template = "forms/types/repeat.html"
    is_group = True
    stored = list
    missing = _("Add at least one entry.")

    def parse(self, question: Question, raw: Raw) -> Any:
        """An empty item for each that is on the page."""
        return [{} for _mark in marks(question, raw)] or None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """How many there are."""
        if not all(isinstance(item, Mapping) for item in value):
            raise AnswerError(UNREADABLE)
        if len(value) > most(question):
            raise AnswerError(TOO_MANY, count=most(question))
        if len(value) < least(question):
            raise AnswerError(_("Too few entries. At least: %(count)s"), count=least(question))

    def display(self, question: Question, value: Any, language: str) -> str:
        """One line for each answer; items are numbered."""
        lines = []
        for number, item in enumerate(value, start=1):
            for asked in question.questions:
                if asked.key in item:
                    text = get(asked.type).display(asked, item[asked.key], language)
                    lines.append(f"{number}. {pick(asked.label, language)}: {text}")
        return "\n".join(lines)

    def export(self, question: Question, value: Any) -> str:
        """JSON of the items, each answer as it is exported by itself."""
        rows = [
            {q.key: get(q.type).export(q, item[q.key]) for q in question.questions if q.key in item}
            for item in value
        ]
        return json.dumps(rows, ensure_ascii=False)

    def initial(self, question: Question, value: Any) -> Any:
        """A list."""
        return value or []

    def typed(self, question: Question, raw: Raw) -> Any:
        """Nothing: each input inside shows what was typed into it."""
        return []
