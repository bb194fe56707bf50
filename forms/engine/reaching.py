"""Whether some answers lead to each question: conditions may contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import product
from math import prod
from typing import Any

from forms.engine import types
from forms.engine.conditions import COUNTED, NUMBERS, is_asked, is_filled, narrowed
from forms.engine.parts import AnyCondition, Condition, leaves, looked_at
from forms.engine.schema import Question, Schema

#: So many combinations of answers are tried for a question; with more nothing is claimed.
MOST_TRIES = 20_000


def unreachable(schema: Schema) -> tuple[list[str], list[str]]:
    """Keys of steps, and of questions of other steps, that no answers ever lead to.

    Tried are the answers that conditions name, others beside them, and no answer. The schema must
    have no other flaws.
    """
    lost = {q.key for q in schema.questions() if not _is_reachable(schema, q)}
    steps = [s.key for s in schema.steps if {q.key for q in s.questions} <= lost]
    return steps, [key for key in lost if schema.step_of[key] not in steps]


def _conditions(schema: Schema, question: Question) -> tuple[AnyCondition | None, ...]:
    options = tuple(option.condition for option in question.options)
    return (question.condition, schema.step_conditions[question.key], *options)


def _needed(schema: Schema, question: Question) -> frozenset[str]:
    """Keys of all questions that decide whether one is asked, directly or through others."""
    found: set[str] = set()
    waiting = list(looked_at(question.condition) | looked_at(schema.step_conditions[question.key]))
    while waiting:
        key = waiting.pop()
        if key in found or key not in schema.step_of:
            continue
        found.add(key)
        for condition in _conditions(schema, schema.by_key[key]):
            waiting.extend(looked_at(condition))
    return frozenset(found)


def _is_reachable(schema: Schema, question: Question) -> bool:
    needed = _needed(schema, question)
    if not needed:
        return True
    values = {key: list(_candidates(schema, schema.by_key[key])) for key in needed}
    if prod(map(len, values.values())) > MOST_TRIES:
        return True
    order = [q for q in schema.questions() if q.key in needed]
    return any(
        _leads_to(schema, question, order, dict(zip((q.key for q in order), chosen, strict=True)))
        for chosen in product(*(values[q.key] for q in order))
    )


def _leads_to(
    schema: Schema, question: Question, order: list[Question], chosen: Mapping[str, Any]
) -> bool:
    """Whether the chosen answers are possible together and ask the question."""
    asked: set[str] = set()
    counted: dict[str, Any] = {}
    for earlier in order:
        if not is_asked(earlier, schema, counted, asked):
            continue
        offers = {o.value for o in narrowed(earlier, schema, counted, asked).options}
        asked.add(earlier.key)
        value = chosen[earlier.key]
        given = value if isinstance(value, list) else [value]
        if earlier.options and not all(v in offers or v is None for v in given):
            return False
        if is_filled(value):
            counted[earlier.key] = value
    return is_asked(question, schema, counted, asked)


def _candidates(schema: Schema, question: Question) -> Iterator[Any]:
    """Answers that conditions can tell apart."""
    named = [value for leaf in _leaves_on(schema, question.key) for value in leaf.values]
    if not question.required:
        yield None
    kind = question.type
    if kind in {"checkbox", "declaration"}:
        yield from (None, True)
    elif kind == "yes_no":
        yield from types.choices.YES_NO
    elif kind == "multi_choice":
        values = [value for value, _texts in types.offered(question)] or ["-"]
        yield from ([value] for value in values)
        yield values
    elif question.options:
        yield from (option.value for option in question.options)
    elif kind in NUMBERS | COUNTED:
        yield from _around_numbers(named, question)
    elif kind == "date":
        yield from _around_days(named)
    else:
        # Two answers beside those that are named: one may be compared with another.
        yield from (*named, "00:00", "23:59")


def _leaves_on(schema: Schema, key: str) -> Iterator[Condition]:
    for question in schema.questions():
        for condition in _conditions(schema, question):
            yield from (leaf for leaf in leaves(condition) if leaf.question == key)


def _around_numbers(named: list[Any], question: Question) -> Iterator[Any]:
    numbers = {Decimal(1), Decimal(2)}
    for value in [*named, question.validation.get("min"), question.validation.get("max")]:
        try:
            numbers |= {Decimal(str(value)) + step for step in (-1, 0, 1)}
        except InvalidOperation:
            continue
    for number in sorted(number for number in numbers if number.is_finite()):
        if question.type == "money":
            yield int(number * 100)
        elif question.type in COUNTED:
            yield [{"-": "-"}] * max(1, min(int(number), 60))
        else:
            yield str(number)


def _around_days(named: list[Any]) -> Iterator[str]:
    days = {date(2000, 1, 1), date(2000, 1, 2)}
    for value in named:
        day = date.fromisoformat(str(value))
        days |= {day - timedelta(days=1), day, day + timedelta(days=1)}
    yield from (day.isoformat() for day in sorted(days))
