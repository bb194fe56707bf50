"""Which questions are asked: pure functions, used on each step and on sending.

`static/forms/conditions.js` decides by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from forms.engine.parts import AnyCondition, Condition, Group
from forms.engine.schema import Question, Schema

Answers = Mapping[str, Any]

#: Types whose answers are numbers; money is kept in tiyin and compared in soʻm.
NUMBERS = frozenset({"number", "money", "calculated"})
#: Types whose answers, as texts, stand in the order of time.
TIMES = frozenset({"date", "time", "reception_day"})
#: Types of which the number of items is compared.
COUNTED = frozenset({"repeat"})
ORDERED = NUMBERS | TIMES | COUNTED


def is_filled(value: Any) -> bool:
    """Whether an answer says something: a box that is not ticked does not, a sum of 0 does."""
    # In Python 0 == False, so that one is told apart by identity.
    return value is not None and value is not False and value not in ("", [], {})


def holds(condition: Condition | None, answers: Answers, asked: Question | None) -> bool:
    """Whether a single condition holds, given the answers to questions that are asked.

    `asked` is the question it looks at, None where that one is hidden: then it is false, as it is
    on an unanswered question for every operator but `empty`.
    """
    if condition is None:
        return True
    if asked is None:
        return False
    answer = answers.get(condition.question)
    filled = is_filled(answer)
    if condition.operator == "empty":
        return not filled
    if not filled:
        return False
    match condition.operator:
        case "filled":
            return True
        case "equals":
            return _same(answer, condition.value, asked)
        case "not_equals":
            return not _same(answer, condition.value, asked)
        case "in":
            return any(_same(answer, value, asked) for value in condition.values)
        case "contains":
            return isinstance(answer, list) and condition.value in answer
        case "gt":
            order = _order(answer, condition.value, asked)
            return order is not None and order > 0
        case "lt":
            order = _order(answer, condition.value, asked)
            return order is not None and order < 0
    return False


def decide(
    condition: AnyCondition | None,
    questions: Mapping[str, Question],
    answers: Answers,
    asked: Set[str],
) -> bool:
    """Whether a condition, or a group of them, holds; `asked` are keys of the questions asked."""
    if condition is None:
        return True
    if isinstance(condition, Group):
        parts = (decide(part, questions, answers, asked) for part in condition.conditions)
        return any(parts) if condition.any else all(parts)
    seen = questions.get(condition.question) if condition.question in asked else None
    if condition.other:
        other = questions.get(condition.other) if condition.other in asked else None
        if other is None or not is_filled(answers.get(condition.other)):
            return False
        value = comparable(other, answers[condition.other])
        condition = replace(condition, value=value, other="")
    return holds(condition, answers, seen)


def comparable(question: Question, value: Any) -> Any:
    """An answer as another one is compared with it: sums in soʻm, repeating groups by number."""
    if question.type == "money" and (number := _decimal(value)) is not None:
        return str(number / 100)
    if question.type in COUNTED and isinstance(value, list):
        return len(value)
    return value


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(answer: Any, asked: Question) -> Decimal | None:
    return _decimal(comparable(asked, answer))


def _same(answer: Any, value: Any, asked: Question) -> bool:
    if asked.type in NUMBERS | COUNTED:
        left, right = _number(answer, asked), _decimal(value)
        return left is not None and left == right
    # In Python True == 1; in the JSON of a form it is not.
    return isinstance(answer, bool) == isinstance(value, bool) and bool(answer == value)


def _order(answer: Any, value: Any, asked: Question) -> int | None:
    """-1, 0 or 1 as the answer is less than, equal to or greater; None where it has no order."""
    left: Any
    right: Any
    if asked.type in NUMBERS | COUNTED:
        left, right = _number(answer, asked), _decimal(value)
        if left is None or right is None:
            return None
    elif asked.type in TIMES and isinstance(answer, str) and isinstance(value, str):
        left, right = answer, value
    else:
        return None
    return int(left > right) - int(left < right)


def visible(schema: Schema, answers: Answers) -> frozenset[str]:
    """Keys of the questions that are asked, given the answers; those of groups apart.

    A condition looks only at earlier questions; an answer to a question that is not asked counts
    for nothing, so conditions chain.
    """
    asked: set[str] = set()
    for question in schema.questions():
        if is_asked(question, schema, answers, asked):
            asked.add(question.key)
    return frozenset(asked)


def is_asked(question: Question, schema: Schema, answers: Answers, asked: Set[str]) -> bool:
    """Whether a question is asked, `asked` being the keys of the earlier ones that are."""
    conditions = (schema.step_conditions.get(question.key), question.condition)
    return all(decide(part, schema.by_key, answers, asked) for part in conditions)


def visible_in(
    group: Question, item: Answers, schema: Schema, answers: Answers, asked: Set[str]
) -> frozenset[str]:
    """Keys of the questions of one item of a repeating group that are asked.

    They look at earlier ones of the same item, and at what is asked before the group.
    """
    known, merged = set(asked), {**answers, **item}
    for question in group.questions:
        if decide(question.condition, schema.by_key, merged, known):
            known.add(question.key)
    return frozenset(known & {question.key for question in group.questions})


def narrowed(question: Question, schema: Schema, answers: Answers, asked: Set[str]) -> Question:
    """The question with those of its options that are offered, given the answers."""
    if all(option.condition is None for option in question.options):
        return question
    options = tuple(
        option
        for option in question.options
        if decide(option.condition, schema.by_key, answers, asked)
    )
    return replace(question, options=options)


def kept(schema: Schema, answers: Answers) -> dict[str, Any]:
    """The answers without those to questions that are not asked."""
    asked = visible(schema, answers)
    result: dict[str, Any] = {}
    for question in schema.questions():
        if question.key not in asked or question.key not in answers:
            continue
        value = answers[question.key]
        if question.questions and isinstance(value, list):
            value = [_kept_item(question, item, schema, answers, asked) for item in value]
        result[question.key] = value
    return result


def _kept_item(
    group: Question, item: Any, schema: Schema, answers: Answers, asked: Set[str]
) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        return {}
    here = visible_in(group, item, schema, answers, asked)
    return {key: value for key, value in item.items() if key in here}
