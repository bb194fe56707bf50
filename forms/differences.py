"""What changed between two versions of a form, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.texts import pick
from forms.engine.schema import Question, Schema

ADDED, REMOVED, CHANGED = _("New"), _("No longer asked"), _("Changed")
#: Member of a question → what people call it.
_PARTS = (
    ("label", _("the words of the question")),
    ("help", _("the help")),
    ("example", _("the example")),
    ("type", _("how it is answered")),
    ("required", _("whether it must be answered")),
    ("options", _("the answers to choose from")),
    ("validation", _("the rules for the answer")),
    ("condition", _("when it is asked")),
    ("questions", _("the questions of the group")),
    ("sensitive", _("whether it is sensitive")),
    ("prefill", _("what it is filled in from")),
    ("message", _("the message")),
)


@dataclass(frozen=True)
class Change:
    """One question that is not what it was."""

    kind: str | Promise
    key: str
    label: str
    #: What of it changed.
    parts: tuple[str | Promise, ...] = ()

    def __str__(self) -> str:
        parts = f" ({', '.join(map(str, self.parts))})" if self.parts else ""
        return f"{self.kind}: {self.label}{parts}"


def between(old: Schema, new: Schema, language: str) -> list[Change]:
    """Questions that came, went or changed, in the order of the new form."""
    before = {question.key: question for question in old.questions()}
    after = {question.key: question for question in new.questions()}
    found = []
    for key, question in after.items():
        label = pick(question.label, language)
        if key not in before:
            found.append(Change(ADDED, key, label))
        elif parts := _parts(before[key], question, language):
            found.append(Change(CHANGED, key, label, parts))
    found += [
        Change(REMOVED, key, pick(question.label, language))
        for key, question in before.items()
        if key not in after
    ]
    return [*found, *_beside(old, new, language)]


def _beside(old: Schema, new: Schema, language: str) -> Iterator[Change]:
    """What changed for the reader beside the questions: when steps are asked, rules across
    questions, how the form is sent."""
    before = {step.key: step.condition for step in old.steps}
    for step in new.steps:
        if step.key in before and step.condition != before[step.key]:
            yield Change(CHANGED, step.key, pick(step.title, language), (_("when it is asked"),))
    rules = [[(c.question, c.condition) for c in one.checks] for one in (old, new)]
    if rules[0] != rules[1]:
        yield Change(CHANGED, "", str(_("rules across questions")))
    if old.signature_required != new.signature_required:
        yield Change(
            ADDED if new.signature_required else REMOVED, "", str(_("electronic signature"))
        )
    if old.identification_level != new.identification_level:
        yield Change(CHANGED, "", str(_("how you must have signed in")))


def _parts(old: Question, new: Question, language: str) -> tuple[str | Promise, ...]:
    """What differs for a reader of `language`: other languages' words do not concern them."""
    return tuple(
        name for part, name in _PARTS if _value(old, part, language) != _value(new, part, language)
    )


def _value(question: Question, part: str, language: str) -> object:
    value = getattr(question, part)
    if part in {"label", "help", "example", "message"}:
        return pick(value, language) if value else ""
    if part == "options":
        return [(o.value, pick(o.label, language), o.condition) for o in value]
    if part == "questions":
        return [(q.key, [_value(q, name, language) for name, _word in _PARTS]) for q in value]
    return value
