"""Whether the parts of a form fit together: everything that an editor must mend, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.typed import number_typed
from forms.engine import formulas, limits, types
from forms.engine.conditions import ORDERED, TIMES
from forms.engine.parts import AnyCondition, Condition, leaves, looked_at
from forms.engine.reaching import unreachable
from forms.engine.routing import PLACE
from forms.engine.schema import WITHOUT_VALUE, Question, Schema
from forms.engine.types.base import Message

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: Values stand in addresses of lists, in conditions apart by spaces, in files.
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
#: Beyond this a form is no form, and checking it would only cost time.
MOST_QUESTIONS = 500
_PREFILL = re.compile(r"((profile|organisation)\.[a-z_]+)?")
#: Addresses beside the steps of a draft.
RESERVED_STEPS = frozenset({"all", "changes", "check", "delete", "file", "sign"})
#: Types that cannot stand in a repeating group.
_NOT_INSIDE = frozenset({"file", "image", "repeat", "calculated", "content", "reception_day"})
_CHOSEN = frozenset({"choice", "select", "search_select", "multi_choice"})
#: Types whose answer is no single value that could be the same as another.
_NOT_ONE = frozenset(
    {"multi_choice", "file", "image", "repeat", "date_range", "postal_address", "coordinates",
     "bank_account"}
)  # fmt: skip


class Flaw:
    """One thing that makes a form unusable."""

    def __init__(self, message: Message, **values: Any) -> None:
        self.message, self.values = message, values

    def __str__(self) -> str:
        return str(self.message) % self.values


def problems(schema: Schema) -> list[Flaw]:
    """Everything that makes the form unusable; empty where nothing does."""
    if sum(1 for _question in _all_questions(schema)) > MOST_QUESTIONS:
        return [Flaw(_("The form has more than %(count)s questions."), count=MOST_QUESTIONS)]
    found = [*_keys(schema), *_loops(schema), *_questions(schema), *_rules(schema)]
    # Whether a question can ever be asked means something only where its parts fit.
    return found or [*_unreachable(schema)]


def _all_questions(schema: Schema) -> Iterator[Question]:
    for question in schema.questions():
        yield question
        yield from question.questions


def _keys(schema: Schema) -> Iterator[Flaw]:
    if not any(question.type != "content" for question in schema.questions()):
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
    for question in _all_questions(schema):
        if not _KEY.fullmatch(question.key):
            yield Flaw(_("“%(key)s” cannot be the key of a question."), key=question.key)
        if question.key in keys:
            yield Flaw(_("Two questions have the key “%(key)s”."), key=question.key)
        keys.add(question.key)


def _loops(schema: Schema) -> Iterator[Flaw]:
    """Questions that wait for each other are never asked."""
    needs = {
        question.key: looked_at(question.condition)
        | looked_at(schema.step_conditions.get(question.key))
        for question in _all_questions(schema)
    }
    told: set[str] = set()
    for start in needs:
        path = _path_back(start, needs)
        if path and not told & set(path):
            told |= set(path)
            yield Flaw(
                _("These questions wait for each other: %(keys)s"),
                keys=" → ".join([*path, path[0]]),
            )


def _path_back(start: str, needs: Mapping[str, frozenset[str]]) -> list[str]:
    """Keys from a question along its conditions back to itself; empty where no way leads back."""
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop()
        for key in sorted(needs.get(path[-1], frozenset())):
            if key == start:
                return path
            if key not in seen:
                seen.add(key)
                paths.append([*path, key])
    return []


def _questions(schema: Schema) -> Iterator[Flaw]:
    earlier: dict[str, Question] = {}
    for step in schema.steps:
        # The condition of a step looks at earlier steps, those of questions at earlier ones.
        yield from _condition(step.condition, dict(earlier), step.key, schema)
        own = {question.key for question in step.questions}
        for question in step.questions:
            if question.validation.get("agency_question") in own:
                yield Flaw(
                    _("“%(key)s”: its agency is asked on an earlier step."), key=question.key
                )
            yield from _question(question, earlier, schema)
            inside = dict(earlier)
            for asked in question.questions:
                if asked.type in _NOT_INSIDE:
                    yield Flaw(_("“%(key)s” cannot stand in a repeating group."), key=asked.key)
                yield from _question(asked, inside, schema)
                inside[asked.key] = asked
            earlier[question.key] = question


def _question(
    question: Question, earlier: Mapping[str, Question], schema: Schema
) -> Iterator[Flaw]:
    if question.type not in types.known():
        yield Flaw(
            _("Question “%(key)s”: there is no type “%(type)s”."),
            key=question.key,
            type=question.type,
        )
        return
    if (question.type == "repeat") != bool(question.questions):
        yield Flaw(_("“%(key)s”: a repeating group, and only it, holds questions."),
                   key=question.key)  # fmt: skip
    if not _PREFILL.fullmatch(question.prefill):
        yield Flaw(_("“%(key)s” cannot be filled in from “%(source)s”."),
                   key=question.key, source=question.prefill)  # fmt: skip
    yield from _condition(question.condition, earlier, question.key, schema)
    yield from _options(question, earlier, schema)
    yield from _limits(question, earlier)
    if question.type == "calculated":
        yield from _formula(question, earlier)


def _condition(
    condition: AnyCondition | None, earlier: Mapping[str, Question], key: str, schema: Schema
) -> Iterator[Flaw]:
    for leaf in leaves(condition):
        for name in sorted(looked_at(leaf)):
            if name not in schema.by_key:
                yield Flaw(
                    _("“%(key)s” depends on “%(other)s”, which does not exist."),
                    key=key,
                    other=name,
                )
            elif name not in earlier:
                yield Flaw(
                    _("“%(key)s” depends on “%(other)s”, which is not asked before it."),
                    key=key,
                    other=name,
                )
        asked = earlier.get(leaf.question)
        if asked is not None:
            yield from _comparison(leaf, asked, key)


def _comparison(condition: Condition, asked: Question, key: str) -> Iterator[Flaw]:
    operator, kind = condition.operator, asked.type
    single = kind not in _NOT_ONE
    fits = {
        "contains": kind == "multi_choice",
        "gt": kind in ORDERED,
        "lt": kind in ORDERED,
        "equals": single,
        "not_equals": single,
        "in": single and not condition.other,
    }
    if not fits.get(operator, True) or kind == "content":
        yield Flaw(
            _("“%(key)s”: the operator “%(operator)s” does not suit “%(other)s”."),
            key=key,
            operator=operator,
            other=asked.key,
        )
    if operator in WITHOUT_VALUE or condition.other:
        return
    if condition.value in (None, "", []):
        yield Flaw(_("“%(key)s”: its condition has no value."), key=key)
        return
    for value in condition.values:
        if kind in ORDERED and not _comparable(value, kind):
            yield Flaw(_("“%(key)s”: “%(value)s” cannot be compared."), key=key, value=value)
    if kind in {"checkbox", "declaration"} and not all(v is True for v in condition.values):
        # A box that is not ticked is no answer, so nothing else can ever hold.
        yield Flaw(_("“%(key)s”: a box can only be compared with “true”."), key=key)
    if kind == "yes_no" or (kind in _CHOSEN and not asked.validation.get("options_from")):
        offered = set(types.choices.YES_NO) if kind == "yes_no" else {
            option.value for option in asked.options
        }  # fmt: skip
        for value in condition.values:
            if value not in offered:
                yield Flaw(
                    _("“%(key)s” depends on the answer “%(value)s”, which “%(other)s” lacks."),
                    key=key,
                    value=value,
                    other=asked.key,
                )


def _comparable(value: Any, kind: str) -> bool:
    if kind not in TIMES:
        return not isinstance(value, bool) and number_typed(str(value)) is not None
    if kind != "date":
        return isinstance(value, str)
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _options(question: Question, earlier: Mapping[str, Question], schema: Schema) -> Iterator[Flaw]:
    if question.type not in _CHOSEN:
        return
    if not question.options and not question.validation.get("options_from"):
        yield Flaw(_("Question “%(key)s” offers no answers."), key=question.key)
    values = [option.value for option in question.options]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Flaw(_("Question “%(key)s” offers “%(value)s” twice."), key=question.key, value=value)
    for option in question.options:
        if not _VALUE.fullmatch(option.value):
            yield Flaw(_("Question “%(key)s”: “%(value)s” cannot be the value of an answer."),
                       key=question.key, value=option.value)  # fmt: skip
        name = f"{question.key}: {option.value}"
        yield from _condition(option.condition, earlier, name, schema)


def _limits(question: Question, earlier: Mapping[str, Question]) -> Iterator[Flaw]:
    for name in limits.wrong(question, earlier):
        yield Flaw(
            _("Question “%(key)s”: the rule “%(rule)s” cannot be used."),
            key=question.key,
            rule=name,
        )


def _formula(question: Question, earlier: Mapping[str, Question]) -> Iterator[Flaw]:
    try:
        names = formulas.names(str(question.validation.get("formula") or ""))
    except formulas.FormulaError as error:
        yield Flaw(_("“%(key)s”: its formula cannot be read. %(reason)s"),
                   key=question.key, reason=error)  # fmt: skip
        return
    for name in sorted(names):
        group, _dot, inner = name.partition(".")
        asked = earlier.get(group)
        if asked is None or (inner and inner not in {q.key for q in asked.questions}):
            yield Flaw(
                _("“%(key)s” depends on “%(other)s”, which is not asked before it."),
                key=question.key,
                other=name,
            )


def _rules(schema: Schema) -> Iterator[Flaw]:
    groups = [("fee", schema.fee_rules), ("term", schema.term_rules)]
    if schema.discount_rule:
        groups.append(("discount", (schema.discount_rule,)))
    every = {question.key: question for question in schema.questions()}
    for name, rules in groups:
        for rule in rules:
            yield from _condition(rule.condition, every, f"{name}: {rule.target}", schema)
    for check in schema.checks:
        if check.question not in every:
            yield Flaw(
                _("A rule across questions names “%(key)s”, which is not asked."),
                key=check.question,
            )
        yield from _condition(check.condition, every, check.question, schema)
    if schema.fee_mode != "none" and not schema.fee_rules:
        yield Flaw(_("The form has a fee, but no rule says which."))
    if schema.routing_rule:
        for place in PLACE.findall(schema.routing_rule.agency_pattern):
            if place not in every:
                yield Flaw(
                    _("The routing rule needs the question “%(key)s”, which is not asked."),
                    key=place,
                )


def _unreachable(schema: Schema) -> Iterator[Flaw]:
    steps, questions = unreachable(schema)
    for key in steps:
        yield Flaw(_("No answer ever leads to the step “%(key)s”."), key=key)
    for key in questions:
        yield Flaw(_("No answer ever leads to the question “%(key)s”."), key=key)
