"""The pages on which a form is filled in: its steps, or all of them on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forms.engine.conditions import visible
from forms.engine.parts import Group
from forms.engine.schema import Question, Schema, Step

#: Key of the page that holds all steps.
ALL = "all"
#: What comes after the last page.
CHECK = "check"


def pages(schema: Schema) -> tuple[Step, ...]:
    """The pages in their order."""
    return (_whole(schema),) if schema.layout == "one_page" else schema.steps


def page(schema: Schema, key: str) -> Step | None:
    """The page with a key."""
    return next((one for one in pages(schema) if one.key == key), None)


def page_of(schema: Schema, question: str) -> str:
    """Key of the page on which a question is asked."""
    return ALL if schema.layout == "one_page" else schema.step_of[question]


def asked_pages(schema: Schema, answers: Mapping[str, Any]) -> list[str]:
    """Keys of the pages on which something is asked."""
    asked = visible(schema, answers)
    return [one.key for one in pages(schema) if any(q.key in asked for q in one.questions)]


def following(schema: Schema, key: str, answers: Mapping[str, Any]) -> str:
    """Key of the next page on which something is asked; `check` after the last."""
    order = [one.key for one in pages(schema)]
    later = [
        found for found in asked_pages(schema, answers) if order.index(found) > order.index(key)
    ]
    return later[0] if later else CHECK


def furthest(schema: Schema, first: str, second: str) -> str:
    """The later one of two pages: where to go on another day."""
    order = [*(one.key for one in pages(schema)), CHECK]
    known = [key for key in (first, second) if key in order]
    return max(known, key=order.index, default=order[0])


def _whole(schema: Schema) -> Step:
    """All steps as one, each begun by its title, which is asked for as its step is."""
    questions: list[Question] = []
    for step in schema.steps:
        if len(schema.steps) > 1:
            questions.append(_heading(step))
        questions.extend(_in_step(question, step) for question in step.questions)
    return Step(key=ALL, title=schema.title, questions=tuple(questions))


def _heading(step: Step) -> Question:
    return Question(
        # No question can have such a key.
        key=f"-{step.key}", type="content", label=step.title, help={}, required=False, prefill="",
        validation={}, options=(), condition=step.condition,
    )  # fmt: skip


def _in_step(question: Question, step: Step) -> Question:
    """The question with its step's condition beside its own."""
    if step.condition is None or question.condition is None:
        return replace(question, condition=question.condition or step.condition)
    return replace(
        question, condition=Group(any=False, conditions=(step.condition, question.condition))
    )
