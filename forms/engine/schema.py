"""The schema of a form: what is asked, in which order, under which conditions.

Its JSON is that of an item of `forms.json`, with `schema_version` added and every text a text map
in the portal's languages; `form.schema.json` describes it. `from_json` refuses what has the wrong
shape; whether the parts fit together is `checking.problems`' business, so that an editor is told
everything at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms.engine.parts import (
    OPERATORS,
    WITHOUT_VALUE,
    AnyCondition,
    Check,
    Condition,
    Group,
    Option,
    Routing,
    Rule,
    SchemaError,
    Texts,
    condition_from_json,
    each,
    filled_only,
    get,
    get_texts,
    get_words,
    to_json_or_none,
)

__all__ = [
    "FEE_MODES", "LAYOUTS", "OPERATORS", "SCHEMA_VERSION", "WITHOUT_VALUE", "AnyCondition", "Check",
    "Condition", "Group", "Option", "Question", "Routing", "Rule", "Schema", "SchemaError", "Step",
    "Texts", "without_texts",
]  # fmt: skip

SCHEMA_VERSION = 1
FEE_MODES = ("none", "first_match", "sum")
LAYOUTS = ("steps", "one_page")


@dataclass(frozen=True)
class Question:
    """One question."""

    key: str
    type: str
    label: Texts
    help: Texts
    required: bool
    prefill: str
    validation: Mapping[str, Any]
    options: tuple[Option, ...]
    condition: AnyCondition | None
    #: An answer as it may be written, shown beside the help.
    example: Texts = field(default_factory=dict)
    #: Said in place of our own words where the answer does not fit the pattern.
    message: Texts = field(default_factory=dict)
    #: Left out of exports and forgotten first: nothing that statistics or desks may spread.
    sensitive: bool = False
    #: What is asked of each item of a repeating group.
    questions: tuple[Question, ...] = ()

    @classmethod
    def from_json(cls, data: Any) -> Question:
        """From JSON. Raises SchemaError."""
        return cls(
            key=get(data, "key", str),
            type=get(data, "type", str),
            label=get_texts(data, "label"),
            help=get_texts(data, "help", {}),
            required=get(data, "required", bool, False),
            prefill=get(data, "prefill", str, ""),
            validation=dict(get(data, "validation", dict, {})),
            options=each(data, "options", Option.from_json, []),
            condition=condition_from_json(data.get("condition")),
            example=get_texts(data, "example", {}),
            message=get_texts(data, "message", {}),
            sensitive=get(data, "sensitive", bool, False),
            questions=each(data, "questions", Question.from_json, []),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        later = {
            "example": dict(self.example),
            "message": dict(self.message),
            "sensitive": self.sensitive,
            "questions": [question.to_json() for question in self.questions],
        }
        return {
            "key": self.key,
            "type": self.type,
            "label": dict(self.label),
            "help": dict(self.help) or None,
            "required": self.required,
            "prefill": self.prefill or None,
            "validation": dict(self.validation),
            "options": [option.to_json() for option in self.options],
            "condition": to_json_or_none(self.condition),
        } | filled_only(later)

    def option(self, value: Any) -> Option | None:
        """The option with a value."""
        return next((option for option in self.options if option.value == value), None)

    def rule(self, name: str, default: int) -> int:
        """A whole number of the validation."""
        value = self.validation.get(name)
        return int(value) if value is not None else default


@dataclass(frozen=True)
class Step:
    """A page of the form."""

    key: str
    title: Texts
    questions: tuple[Question, ...]
    #: Asked only where this holds; it looks at earlier steps.
    condition: AnyCondition | None = None

    @classmethod
    def from_json(cls, data: Any) -> Step:
        """From JSON. Raises SchemaError."""
        return cls(
            key=get(data, "key", str),
            title=get_texts(data, "title"),
            questions=each(data, "questions", Question.from_json),
            condition=condition_from_json(data.get("condition")),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        return {
            "key": self.key,
            "title": dict(self.title),
            "questions": [question.to_json() for question in self.questions],
        } | filled_only({"condition": to_json_or_none(self.condition)})


@dataclass(frozen=True)
class Schema:
    """A whole form as it is filled in."""

    key: str
    service: str
    version: int
    title: Texts
    audience: tuple[str, ...]
    identification_level: str
    signature_required: bool
    has_fee: bool
    fee_mode: str
    fee_rules: tuple[Rule, ...]
    term_rules: tuple[Rule, ...]
    discount_rule: Rule | None
    routing_rule: Routing | None
    max_total_upload_kb: int
    note: str
    steps: tuple[Step, ...]
    #: "steps": one page for each step; "one_page": all of them on one.
    layout: str
    #: Rules across questions.
    checks: tuple[Check, ...]
    #: Categories of personal data that the form declares to collect.
    personal_data: tuple[str, ...]
    #: What the data is used for, as the applicant reads it before the start.
    purpose: Texts
    #: Whether the account must have an e-mail address that was confirmed.
    confirmed_email: bool

    @classmethod
    def from_json(cls, data: Any) -> Schema:
        """From JSON. Raises SchemaError where something has the wrong shape."""
        newer = get(data, "schema_version", int, SCHEMA_VERSION)
        if newer > SCHEMA_VERSION:
            raise SchemaError(
                _("Version %(number)s of the format is newer than the portal.") % {"number": newer}
            )
        fee_mode = get(data, "fee_mode", str, "none")
        if fee_mode not in FEE_MODES:
            raise SchemaError(_("There is no fee mode “%(name)s”.") % {"name": fee_mode})
        layout = get(data, "layout", str, LAYOUTS[0])
        if layout not in LAYOUTS:
            raise SchemaError(_("There is no layout “%(name)s”.") % {"name": layout})
        discount = data.get("discount_rule")
        return cls(
            key=get(data, "key", str),
            service=get(data, "service", str, ""),
            version=get(data, "version", int, 1),
            title=get_texts(data, "title"),
            audience=get_words(data, "audience"),
            identification_level=get(data, "identification_level", str, "account"),
            signature_required=get(data, "signature_required", bool, False),
            has_fee=get(data, "has_fee", bool, fee_mode != "none"),
            fee_mode=fee_mode,
            fee_rules=each(data, "fee_rules", partial(Rule.from_json, name="fee"), []),
            term_rules=each(data, "term_rules", partial(Rule.from_json, name="term"), []),
            discount_rule=Rule.from_json(discount, "code") if discount is not None else None,
            routing_rule=Routing.from_json(data.get("routing_rule")),
            max_total_upload_kb=get(data, "max_total_upload_kb", int, 20480),
            note=get(data, "note", str, ""),
            steps=each(data, "steps", Step.from_json),
            layout=layout,
            checks=each(data, "checks", Check.from_json, []),
            personal_data=get_words(data, "personal_data"),
            purpose=get_texts(data, "purpose", {}),
            confirmed_email=get(data, "confirmed_email", bool, False),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        later = {
            "layout": "" if self.layout == LAYOUTS[0] else self.layout,
            "checks": [check.to_json() for check in self.checks],
            "personal_data": list(self.personal_data),
            "purpose": dict(self.purpose),
            "confirmed_email": self.confirmed_email,
        }
        return {
            "schema_version": SCHEMA_VERSION,
            "key": self.key,
            "service": self.service,
            "version": self.version,
            "title": dict(self.title),
            "audience": list(self.audience),
            "identification_level": self.identification_level,
            "signature_required": self.signature_required,
            "steps": [step.to_json() for step in self.steps],
            "has_fee": self.has_fee,
            "fee_mode": self.fee_mode,
            "fee_rules": [rule.to_json("fee") for rule in self.fee_rules],
            "term_rules": [rule.to_json("term") for rule in self.term_rules],
            "discount_rule": self.discount_rule.to_json("code") if self.discount_rule else None,
            "routing_rule": self.routing_rule.to_json() if self.routing_rule else None,
            "max_total_upload_kb": self.max_total_upload_kb,
            "note": self.note,
        } | filled_only(later)

    def questions(self) -> Iterator[Question]:
        """All questions in order; those of a repeating group stand in it."""
        for step in self.steps:
            yield from step.questions

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """key → question, those of repeating groups too: keys are unique in the form."""
        found: dict[str, Question] = {}
        for question in self.questions():
            found[question.key] = question
            found.update({inner.key: inner for inner in question.questions})
        return found

    @cached_property
    def step_of(self) -> Mapping[str, str]:
        """Key of a question → key of its step."""
        return {question.key: step.key for step in self.steps for question in step.questions}

    @cached_property
    def step_conditions(self) -> Mapping[str, AnyCondition | None]:
        """Key of a question → condition of its step."""
        return {q.key: step.condition for step in self.steps for q in step.questions}

    def step(self, key: str) -> Step | None:
        """The step with a key."""
        return next((step for step in self.steps if step.key == key), None)

    @cached_property
    def structure_hash(self) -> str:
        """SHA-256 of keys, types, rules and conditions; texts do not count.

        Two versions with the same structure take the same answers.
        """
        return _digest(without_texts(self.to_json()))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything but the version's own number."""
        return _digest({k: v for k, v in self.to_json().items() if k != "version"})


#: Members of the JSON that people read; all others decide what is asked and what follows.
_TEXTS = frozenset(
    {"title", "label", "help", "note", "version", "example", "message", "purpose", "personal_data"}
)


def without_texts(value: Any) -> Any:
    """The JSON of a schema, or of a part, without what people read."""
    if isinstance(value, dict):
        return {key: without_texts(part) for key, part in value.items() if key not in _TEXTS}
    if isinstance(value, list):
        return [without_texts(part) for part in value]
    return value


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
