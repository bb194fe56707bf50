"""From what a browser sends to answers and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from forms.engine import types
from forms.engine.conditions import decide, is_asked, is_filled, narrowed, visible_in
from forms.engine.schema import Question, Schema, Step
from forms.engine.types.groups import inner, input_name, marks

REPEATED = _("This answer stands in another place already. Each may be given once.")


@dataclass(frozen=True)
class Result:
    """What was read."""

    #: Good answers to the questions that were read and are asked. A repeating group stands here
    #: with its good parts even where `errors` names others.
    cleaned: dict[str, Any]
    #: What is wrong, by question, in the language asked for; inside a repeating group by the name
    #: of the input, `children-0-pinfl`.
    errors: dict[str, str]
    #: Keys of all questions that are asked now.
    asked: frozenset[str]


def question_of(name: str) -> str:
    """Key of the question to which a key of `Result.errors` belongs."""
    return name.partition("-")[0]


def errors_of_step(errors: Mapping[str, str], step: Step) -> dict[str, str]:
    """Those of the errors that belong to questions of a step."""
    own = {question.key for question in step.questions}
    return {name: text for name, text in errors.items() if question_of(name) in own}


@dataclass
class _Reading:
    """One pass over a form: what counts so far."""

    schema: Schema
    language: str
    counted: dict[str, Any] = field(default_factory=dict)
    cleaned: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def result(self) -> Result:
        return Result(self.cleaned, self.errors, frozenset(self.asked))

    def fail(self, question: Question, name: str, error: types.AnswerError) -> None:
        """Say what is wrong, in the question's own words where it has some for its pattern."""
        own = isinstance(error, types.PatternError) and question.message
        self.errors[name] = pick(question.message, self.language) if own else error.text()

    def count(self, question: Question, value: Any) -> None:
        if is_filled(value):
            self.counted[question.key] = self.cleaned[question.key] = value

    def check_across(self, read: set[str]) -> None:
        """The rules across questions, said at questions that were read and are right so far."""
        for check in self.schema.checks:
            key = check.question
            if key not in read & self.asked or key in {question_of(name) for name in self.errors}:
                continue
            if decide(check.condition, self.schema.by_key, self.counted, self.asked):
                self.errors[key] = pick(check.message, self.language)
                self.cleaned.pop(key, None)


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
    reading = _Reading(schema, language or translation.get_language() or "uz")
    here: set[str] = set()
    with translation.override(reading.language):
        for question in schema.questions():
            if not is_asked(question, schema, reading.counted, reading.asked):
                continue
            offered = narrowed(question, schema, reading.counted, reading.asked)
            reading.asked.add(question.key)
            if step_key is not None and schema.step_of[question.key] != step_key:
                if is_filled(known.get(question.key)):
                    reading.counted[question.key] = known[question.key]
                continue
            here.add(question.key)
            if types.get(question.type).is_file:
                _stored(reading, offered, known.get(question.key))
            elif question.questions:
                _read_group(reading, question, source)
            else:
                _read(reading, offered, source)
        reading.check_across(here)
    return reading.result()


def _read(reading: _Reading, question: Question, source: types.Raw) -> None:
    kind = types.get(question.type)
    try:
        if isinstance(kind, types.CalculatedType):
            reading.count(question, kind.compute(question, reading.counted, reading.schema.by_key))
            return
        value = kind.parse(question, source)
        if is_filled(value):
            kind.check(question, value, reading.counted)
            _check_different(question, value, reading.counted)
        elif question.required and kind.is_answered:
            raise types.AnswerError(kind.missing)
    except types.AnswerError as error:
        reading.fail(question, question.key, error)
        return
    reading.count(question, value)


def _check_different(question: Question, value: Any, counted: Mapping[str, Any]) -> None:
    other = question.validation.get("different_from")
    if other and counted.get(other) == value:
        raise types.AnswerError(REPEATED)


def _read_group(reading: _Reading, group: Question, source: types.Raw) -> None:
    """The items of a repeating group, each question of each by itself."""
    try:
        numbers = marks(group, source)
    except types.AnswerError as error:
        reading.fail(group, group.key, error)
        return
    raws = [
        {q.key: _parse(reading, q, inner(group, number, q), source) for q in group.questions}
        for number in numbers
    ]
    _take_group(reading, group, raws, numbers)


def _parse(reading: _Reading, question: Question, named: Question, source: types.Raw) -> Any:
    """What one input says; an AnswerError where it cannot be read."""
    try:
        return types.get(question.type).parse(named, source)
    except types.AnswerError as error:
        return error


def _take_group(
    reading: _Reading, group: Question, items: list[dict[str, Any]], numbers: list[int]
) -> None:
    """Keep what is good of the items, say what is wrong at each input.

    `items` hold answers, or the errors of reading them; `numbers` are those in the inputs' names.
    """
    kept: list[dict[str, Any]] = []
    seen: dict[str, list[Any]] = {}
    for number, item in zip(numbers, items, strict=True):
        good: dict[str, Any] = {}
        for question in group.questions:
            here = visible_in(group, good, reading.schema, reading.counted, reading.asked)
            if question.key not in here:
                continue
            name = input_name(group.key, number, question.key)
            known = {**reading.counted, **good}
            offered = narrowed(question, reading.schema, known, reading.asked | here)
            try:
                value = _one_of_item(offered, item.get(question.key), known)
                if question.validation.get("unique") and is_filled(value):
                    if value in seen.setdefault(question.key, []):
                        raise types.AnswerError(REPEATED)
                    seen[question.key].append(value)
            except types.AnswerError as error:
                reading.fail(question, name, error)
                continue
            if is_filled(value):
                good[question.key] = value
        kept.append(good)
    # Too many or too few: what was typed into them stays all the same.
    reading.count(group, kept)
    try:
        if kept:
            types.get(group.type).check(group, kept, reading.counted)
        elif group.required:
            raise types.AnswerError(types.get(group.type).missing)
    except types.AnswerError as error:
        reading.fail(group, group.key, error)


def _one_of_item(question: Question, value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, types.AnswerError):
        raise value
    kind = types.get(question.type)
    if is_filled(value):
        kind.check_stored(question, value, known)
    elif question.required and kind.is_answered:
        raise types.AnswerError(kind.missing)
    return value


def validate_answers(
    schema: Schema, answers: Mapping[str, Any], language: str | None = None
) -> Result:
    """Check stored answers again, as a form is sent. `cleaned` holds what may be sent."""
    reading = _Reading(schema, language or translation.get_language() or "uz")
    with translation.override(reading.language):
        for question in schema.questions():
            if not is_asked(question, schema, reading.counted, reading.asked):
                continue
            offered = narrowed(question, schema, reading.counted, reading.asked)
            reading.asked.add(question.key)
            value = answers.get(question.key)
            if question.questions and isinstance(value, list):
                items = [item if isinstance(item, dict) else {} for item in value]
                _take_group(reading, question, items, list(range(len(items))))
            elif types.get(question.type).is_computed:
                _read(reading, question, types.Raw({}))
            else:
                _stored(reading, offered, value)
        reading.check_across({question.key for question in schema.questions()})
    return reading.result()


def _stored(reading: _Reading, question: Question, value: Any) -> None:
    """Take an answer from the database, a file too."""
    kind = types.get(question.type)
    try:
        if is_filled(value):
            kind.check_stored(question, value, reading.counted)
            _check_different(question, value, reading.counted)
        elif question.required and kind.is_answered:
            raise types.AnswerError(kind.missing)
    except types.AnswerError as error:
        reading.fail(question, question.key, error)
        return
    reading.count(question, value)
