"""Two windows answered the same page: what each says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.texts import pick
from forms.engine import types
from forms.engine.conditions import is_filled
from forms.engine.schema import Question, Schema, Step


@dataclass(frozen=True)
class Difference:
    """A question that the two windows answer differently."""

    label: str
    #: As it was saved from the other window, and as it was typed here; "" for no answer.
    saved: str
    typed: str


def differing(
    schema: Schema,
    current: Step,
    saved: Mapping[str, Any],
    typed: Mapping[str, Any],
    language: str,
) -> list[Difference]:
    """Where the answers of a page that were saved differ from those that were typed."""
    found = []
    for question in current.questions:
        if question.key not in schema.step_of or types.get(question.type).is_file:
            continue
        texts = (_shown(question, saved, language), _shown(question, typed, language))
        if texts[0] != texts[1]:
            found.append(Difference(pick(question.label, language), *texts))
    return found


def _shown(question: Question, answers: Mapping[str, Any], language: str) -> str:
    value = answers.get(question.key)
    if not is_filled(value):
        return ""
    return types.get(question.type).display(question, value, language)


def is_open_question(step: Step, key: str) -> bool:
    """Whether something is to be answered at a question of a page."""
    question = next((q for q in step.questions if q.key == key), None)
    if question is None:
        return False
    kind = types.get(question.type)
    return kind.is_answered and not kind.is_computed
