"""Which questions are asked: one pure function, used on each step and on sending.

`static/forms/conditions.js` decides by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from forms.engine.schema import Condition, Question, Schema

Answers = Mapping[str, Any]

#: Types whose answers are numbers; money is kept in tiyin and compared in soʻm.
_NUMBERS = frozenset({"number", "money"})


def is_filled(value: Any) -> bool:
    """Whether an answer says something: a box that is not ticked does not."""
    return value not in (None, "", [], {}, False)


def holds(condition: Condition | None, answers: Answers, asked: Question | None) -> bool:
    """Whether a condition holds, given the answers to questions that are asked.

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


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(answer: Any, asked: Question) -> Decimal | None:
    number = _decimal(answer)
    return number / 100 if number is not None and asked.type == "money" else number


def _same(answer: Any, value: Any, asked: Question) -> bool:
    if asked.type in _NUMBERS:
        left, right = _number(answer, asked), _decimal(value)
        return left is not None and left == right
    # In Python True == 1; in the JSON of a form it is not.
    return isinstance(answer, bool) == isinstance(value, bool) and bool(answer == value)


def _order(answer: Any, value: Any, asked: Question) -> int | None:
    """-1, 0 or 1 as the answer is less than, equal to or greater; None where it has no order."""
    left: Any
    right: Any
    if asked.type in _NUMBERS:
        left, right = _number(answer, asked), _decimal(value)
        if left is None or right is None:
            return None
    elif asked.type == "date" and isinstance(answer, str) and isinstance(value, str):
        left, right = answer, value
    else:
        return None
    return int(left > right) - int(left < right)


def visible(schema: Schema, answers: Answers) -> frozenset[str]:
    """Keys of the questions that are asked, given the answers.

    A condition looks only at earlier questions; an answer to a question that is not asked counts
    for nothing, so conditions chain.
    """
    asked: set[str] = set()
    for question in schema.questions():
        if is_asked(question, schema, answers, asked):
            asked.add(question.key)
    return frozenset(asked)


def is_asked(
    question: Question, schema: Schema, answers: Answers, asked: set[str] | frozenset[str]
) -> bool:
    """Whether a question is asked, `asked` being the keys of the earlier ones that are."""
    condition = question.condition
    if condition is None:
        return True
    seen = schema.by_key.get(condition.question) if condition.question in asked else None
    return holds(condition, answers, seen)


def kept(schema: Schema, answers: Answers) -> dict[str, Any]:
    """The answers without those to questions that are not asked."""
    asked = visible(schema, answers)
    return {key: value for key, value in answers.items() if key in asked}
