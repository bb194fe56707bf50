"""From what a browser sends to answers and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from forms.engine import types
from forms.engine.conditions import is_asked, is_filled
from forms.engine.schema import Question, Schema, Step


@dataclass(frozen=True)
class Result:
    """What was read."""

    #: Good answers to the questions that were read and are asked.
    cleaned: dict[str, Any]
    #: What is wrong, by question, in the language asked for.
    errors: dict[str, str]
    #: Keys of all questions that are asked now.
    asked: frozenset[str]


def validate(
    schema: Schema,
    step: Step | str | None,
    raw: Mapping[str, Any],
    language: str | None = None,
    *,
    known: Mapping[str, Any] | None = None,
) -> Result:
    """Read one step (None: all) from what a browser sent.

    `known` are stored answers: those of other steps, and the files of this one, which arrive
    apart from the texts. A question that is not asked is not read. Nothing that is sent raises.
    """
    step_key = step.key if isinstance(step, Step) else step
    source = types.Raw(raw)
    known = known or {}
    counted: dict[str, Any] = {}
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    asked: set[str] = set()
    with translation.override(language or translation.get_language()):
        for question in schema.questions():
            if not is_asked(question, schema, counted, asked):
                continue
            asked.add(question.key)
            if step_key is not None and schema.step_of[question.key] != step_key:
                if is_filled(known.get(question.key)):
                    counted[question.key] = known[question.key]
                continue
            try:
                value = _read(question, source, known, counted)
            except types.AnswerError as error:
                errors[question.key] = error.text()
                continue
            if is_filled(value):
                counted[question.key] = cleaned[question.key] = value
    return Result(cleaned, errors, frozenset(asked))


def _read(
    question: Question, source: types.Raw, known: Mapping[str, Any], counted: Mapping[str, Any]
) -> Any:
    kind = types.get(question.type)
    if question.type == "file":
        value = known.get(question.key)
        if is_filled(value):
            kind.check_stored(question, value, counted)
    else:
        value = kind.parse(question, source)
        if is_filled(value):
            kind.check(question, value, counted)
    if not is_filled(value) and question.required:
        raise types.AnswerError(kind.missing)
    return value


def validate_answers(
    schema: Schema, answers: Mapping[str, Any], language: str | None = None
) -> Result:
    """Check stored answers again, as a form is sent. `cleaned` holds what may be sent."""
    counted: dict[str, Any] = {}
    errors: dict[str, str] = {}
    asked: set[str] = set()
    with translation.override(language or translation.get_language()):
        for question in schema.questions():
            if not is_asked(question, schema, counted, asked):
                continue
            asked.add(question.key)
            value, kind = answers.get(question.key), types.get(question.type)
            try:
                if is_filled(value):
                    kind.check_stored(question, value, counted)
                    counted[question.key] = value
                elif question.required:
                    raise types.AnswerError(kind.missing)
            except types.AnswerError as error:
                errors[question.key] = error.text()
    return Result(counted, errors, frozenset(asked))
