"""Whether the parts of a form fit together: everything that an editor must mend, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms.engine import types
from forms.engine.routing import PLACE
from forms.engine.schema import WITHOUT_VALUE, Condition, Question, Schema
from forms.engine.types.base import Message
from forms.engine.types.dates import resolve
from forms.engine.types.files import ENDINGS

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: Addresses beside the steps of a draft.
RESERVED_STEPS = frozenset({"check", "delete"})
_WHOLE = (
    "min_length", "max_length", "min_choices", "max_choices", "max_size_kb", "max_files",
    "min_width_px", "min_height_px",
)  # fmt: skip


class Flaw:
    """One thing that makes a form unusable."""

    def __init__(self, message: Message, **values: Any) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        return str(self.message) % self.values


def problems(schema: Schema) -> list[Flaw]:
    """Everything that makes the form unusable; empty where nothing does."""
    return [*_keys(schema), *_questions(schema), *_rules(schema)]


def _keys(schema: Schema) -> Iterator[Flaw]:
    if not any(True for _question in schema.questions()):
        yield Flaw(_("The form has no questions."))
    steps: set[str] = set()
    for step in schema.steps:
        if not _KEY.fullmatch(step.key) or step.key in RESERVED_STEPS:
            yield Flaw(_("“%(key)s” cannot be the key of a step."), key=step.key)
        if step.key in steps:
            yield Flaw(_("Two steps have the key “%(key)s”."), key=step.key)
        steps.add(step.key)
        if not step.questions:
            yield Flaw(_("Step “%(key)s” has no questions."), key=step.key)
    keys: set[str] = set()
    for question in schema.questions():
        if not _KEY.fullmatch(question.key):
            yield Flaw(_("“%(key)s” cannot be the key of a question."), key=question.key)
        if question.key in keys:
            yield Flaw(_("Two questions have the key “%(key)s”."), key=question.key)
        keys.add(question.key)


def _questions(schema: Schema) -> Iterator[Flaw]:
    earlier: dict[str, Question] = {}
    for question in schema.questions():
        if question.type not in types.known():
            yield Flaw(
                _("Question “%(key)s”: there is no type “%(type)s”."),
                key=question.key,
                type=question.type,
            )
        if question.condition:
            yield from _condition(question.condition, earlier, question.key)
        yield from _options(question)
        yield from _limits(question, earlier)
        earlier[question.key] = question


def _condition(condition: Condition, earlier: dict[str, Question], key: str) -> Iterator[Flaw]:
    asked = earlier.get(condition.question)
    if asked is None:
        yield Flaw(
            _("“%(key)s” depends on “%(other)s”, which is not asked before it."),
            key=key,
            other=condition.question,
        )
        return
    operator, kind = condition.operator, asked.type
    fits = {
        "contains": kind == "multi_choice",
        "gt": kind in {"number", "money", "date"},
        "lt": kind in {"number", "money", "date"},
        "equals": kind not in {"multi_choice", "file"},
        "not_equals": kind not in {"multi_choice", "file"},
        "in": kind not in {"multi_choice", "file"},
    }
    if not fits.get(operator, True):
        yield Flaw(
            _("“%(key)s”: the operator “%(operator)s” does not suit “%(other)s”."),
            key=key,
            operator=operator,
            other=asked.key,
        )
    if operator not in WITHOUT_VALUE and condition.value in (None, "", []):
        yield Flaw(_("“%(key)s”: its condition has no value."), key=key)
        return
    if operator in {"gt", "lt"} and not _comparable(condition.value, kind):
        yield Flaw(_("“%(key)s”: “%(value)s” cannot be compared."), key=key, value=condition.value)
    if kind == "checkbox" and not all(value is True for value in condition.values):
        # A box that is not ticked is no answer, so nothing else can ever hold.
        yield Flaw(_("“%(key)s”: a box can only be compared with “true”."), key=key)
    if kind in {"choice", "multi_choice"} and not asked.validation.get("options_from"):
        for value in condition.values:
            if asked.option(value) is None:
                yield Flaw(
                    _("“%(key)s” depends on the answer “%(value)s”, which “%(other)s” lacks."),
                    key=key,
                    value=value,
                    other=asked.key,
                )


def _comparable(value: Any, kind: str) -> bool:
    try:
        if kind == "date":
            date.fromisoformat(str(value))
        else:
            Decimal(str(value))
    except (ValueError, InvalidOperation):
        return False
    return True


def _options(question: Question) -> Iterator[Flaw]:
    if question.type not in {"choice", "multi_choice"}:
        return
    if not question.options and not question.validation.get("options_from"):
        yield Flaw(_("Question “%(key)s” offers no answers."), key=question.key)
    values = [option.value for option in question.options]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Flaw(_("Question “%(key)s” offers “%(value)s” twice."), key=question.key, value=value)


def _limits(question: Question, earlier: dict[str, Question]) -> Iterator[Flaw]:
    rules = question.validation
    wrong = [name for name in _WHOLE if name in rules and not _is_whole(rules[name])]
    if "regex" in rules:
        try:
            re.compile(str(rules["regex"]))
        except re.error:
            wrong.append("regex")
    for name in ("min", "max", "step"):
        if name in rules and not _is_limit(rules[name], question.type):
            wrong.append(name)
    other = rules.get("min_question")
    if other and (other not in earlier or earlier[other].type != "date"):
        wrong.append("min_question")
    if question.type == "file":
        known = {ending for endings in ENDINGS.values() for ending in endings}
        if not set(rules.get("accept") or []) <= set(ENDINGS):
            wrong.append("accept")
        if not {str(e).lower() for e in rules.get("extensions") or []} <= known:
            wrong.append("extensions")
    for name in wrong:
        yield Flaw(
            _("Question “%(key)s”: the rule “%(rule)s” cannot be used."),
            key=question.key,
            rule=name,
        )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_limit(value: Any, kind: str) -> bool:
    try:
        if kind == "date":
            resolve(str(value), date(2000, 1, 1))
        else:
            return Decimal(str(value)).is_finite()
    except (ValueError, InvalidOperation, OverflowError):
        return False
    return True


def _rules(schema: Schema) -> Iterator[Flaw]:
    groups = [("fee", schema.fee_rules), ("term", schema.term_rules)]
    if schema.discount_rule:
        groups.append(("discount", (schema.discount_rule,)))
    for name, rules in groups:
        for rule in rules:
            if rule.condition:
                yield from _condition(rule.condition, dict(schema.by_key), f"{name}: {rule.target}")
    if schema.fee_mode != "none" and not schema.fee_rules:
        yield Flaw(_("The form has a fee, but no rule says which."))
    if schema.routing_rule:
        for place in PLACE.findall(schema.routing_rule.agency_pattern):
            if place not in schema.by_key:
                yield Flaw(
                    _("The routing rule needs the question “%(key)s”, which is not asked."),
                    key=place,
                )
