"""Formulas of calculated values: `+ - * /`, brackets, a few functions; never Python's `eval`.

A name is the key of a question: a number, a sum in soʻm, or another calculated value.
`count(children)` is the number of items of a repeating group, `sum(vehicles.power)` adds an answer
over its items, `age(birth)` is full years since a date; `min`, `max` and `round` are as usual.
`static/forms/conditions.js` computes the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from django.utils import timezone

from core.typed import number_typed
from forms.engine.conditions import comparable
from forms.engine.schema import Question

_TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)|([-+*/(),]))", re.ASCII
)
_ORDER = {"+": 1, "-": 1, "*": 2, "/": 2}
#: Function → whether it takes several values, and whether it takes the name of a question.
_SEVERAL, _OF_NAMES = frozenset({"min", "max"}), frozenset({"count", "sum", "age"})
FUNCTIONS = _SEVERAL | _OF_NAMES | {"round"}
MOST_LETTERS, MOST_DEPTH = 300, 20
_CENT = Decimal("0.01")
_BEYOND = Decimal(10) ** 18


class FormulaError(ValueError):
    """A formula that cannot be read; the text says where."""


@dataclass(frozen=True)
class Instruction:
    """One step of a formula in reverse Polish notation.

    `kind`: "number", "answer", "operator", "function"; `name` is the number, key or sign, `count`
    how many values a function takes.
    """

    kind: str
    name: str
    count: int = 0


def compiled(formula: str) -> list[Instruction]:
    """A formula in reverse Polish notation. Raises FormulaError."""
    if len(formula) > MOST_LETTERS:
        raise FormulaError("The formula is too long.")
    reader = _Reader(list(_tokens(formula)))
    program = list(reader.expression(0))
    if reader.at < len(reader.tokens):
        raise FormulaError(f"{reader.tokens[reader.at]!r} is not expected here.")
    return program


def names(formula: str) -> frozenset[str]:
    """Keys of the questions that a formula looks at (`group.key` for those of a group)."""
    of_names = {step.name for step in compiled(formula) if step.kind == "answer"}
    return frozenset(of_names)


def _tokens(formula: str) -> Iterator[str]:
    at = 0
    text = formula.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"{text[at:].strip()[:10]!r} cannot be read.")
        yield match[0].strip()
        at = match.end()


class _Reader:
    """Precedence climbing over the tokens."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def _next(self, expected: str = "") -> str:
        if self.at >= len(self.tokens):
            raise FormulaError("The formula ends too early.")
        token = self.tokens[self.at]
        if expected and token != expected:
            raise FormulaError(f"{expected!r} is expected instead of {token!r}.")
        self.at += 1
        return token

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def expression(self, least: int) -> Iterator[Instruction]:
        yield from self._operand()
        while (order := _ORDER.get(self._peek(), -1)) > least:
            sign = self._next()
            yield from self.expression(order)
            yield Instruction("operator", sign)

    def _operand(self) -> Iterator[Instruction]:
        sign = self._next()
        if sign == "-":
            yield Instruction("number", "0")
            yield from self._operand()
            yield Instruction("operator", "-")
        elif sign == "(":
            self.depth += 1
            if self.depth > MOST_DEPTH:
                raise FormulaError("There are too many brackets.")
            yield from self.expression(0)
            self._next(")")
            self.depth -= 1
        elif sign[0].isdigit():
            yield Instruction("number", sign)
        elif sign in FUNCTIONS and self._peek() == "(":
            yield from self._call(sign)
        elif sign[0].isalpha():
            yield Instruction("answer", sign)
        else:
            raise FormulaError(f"{sign!r} is not expected here.")

    def _call(self, name: str) -> Iterator[Instruction]:
        self._next("(")
        count = 1
        if name in _OF_NAMES:
            key = self._next()
            if not key[0].isalpha():
                raise FormulaError(f"{name} needs the key of a question.")
            yield Instruction("answer", key)
        else:
            yield from self.expression(0)
            while self._peek() == ",":
                self._next()
                yield from self.expression(0)
                count += 1
            if count > 1 and name not in _SEVERAL:
                raise FormulaError(f"{name} takes one value.")
        self._next(")")
        yield Instruction("function", name, count)


def evaluate(
    formula: str, answers: Mapping[str, Any], questions: Mapping[str, Question]
) -> Decimal | None:
    """The value, rounded to two places; None where an answer is missing or nothing sensible comes.

    Raises FormulaError on a formula that cannot be read.
    """
    stack: list[Any] = []
    for step in compiled(formula):
        match step.kind:
            case "number":
                stack.append(Decimal(step.name))
            case "answer":
                stack.append(_answer(step.name, answers, questions))
            case "operator":
                right, left = stack.pop(), stack.pop()
                stack.append(_apply(step.name, left, right))
            case "function":
                values = stack[-step.count :]
                del stack[-step.count :]
                stack.append(_call(step.name, values))
    result = stack[-1]
    if not isinstance(result, Decimal) or not abs(result) < _BEYOND:
        return None
    return result.quantize(_CENT, ROUND_HALF_UP)


def _answer(name: str, answers: Mapping[str, Any], questions: Mapping[str, Question]) -> Any:
    """A number, a date, or a list: whatever stands for the answer."""
    group, _dot, inner = name.partition(".")
    value, question = answers.get(group), questions.get(group)
    if question is None:
        return None
    if question.type == "repeat":
        items = value if isinstance(value, list) else []
        asked = questions.get(inner)
        if not inner or asked is None:
            return items
        return [_single(asked, item.get(inner)) for item in items]
    return _single(question, value)


def _single(question: Question, value: Any) -> Any:
    if value is None:
        return None
    if question.type == "date":
        return date.fromisoformat(str(value))
    return number_typed(str(comparable(question, value)))


def _apply(sign: str, left: Any, right: Any) -> Decimal | None:
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    try:
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        return left / right
    except (DivisionByZero, InvalidOperation, Overflow):
        return None


def _call(name: str, values: list[Any]) -> Decimal | None:
    first = values[0]
    match name:
        case "count":
            return Decimal(len(first)) if isinstance(first, list) else None
        case "sum" if isinstance(first, list):
            return sum((value for value in first if isinstance(value, Decimal)), Decimal(0))
        case "age" if isinstance(first, date):
            today = timezone.localdate()
            return Decimal(
                today.year - first.year - ((today.month, today.day) < (first.month, first.day))
            )
    if not all(isinstance(value, Decimal) for value in values):
        return None
    if name in _SEVERAL:
        return min(values) if name == "min" else max(values)
    if name != "round" or not abs(first) < _BEYOND:
        return None
    return first.quantize(Decimal(1), ROUND_HALF_UP)
