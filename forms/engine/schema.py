"""The schema of a form: what is asked, in which order, under which conditions.

Its JSON is that of an item of `forms.json`, with `schema_version` added and every text a text map
in the portal's languages. `from_json` refuses what has the wrong shape; whether the parts fit
together is `checking.problems`' business, so that an editor is told everything at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from core.texts import complete

SCHEMA_VERSION = 1
OPERATORS = ("equals", "not_equals", "in", "contains", "filled", "empty", "gt", "lt")
#: Operators that say all by themselves.
WITHOUT_VALUE = frozenset({"filled", "empty"})
FEE_MODES = ("none", "first_match", "sum")

Texts = Mapping[str, str]
_T = TypeVar("_T")


class SchemaError(ValueError):
    """A form that has the wrong shape or contradicts itself; the text says where."""


def _get(data: Any, name: str, kind: type[_T], default: _T | None = None) -> _T:
    """A member of a kind. A missing one, or null, gives the default; without one: SchemaError."""
    if not isinstance(data, Mapping):
        raise SchemaError(f"An object with {name!r} is expected, not {type(data).__name__}.")
    value = data.get(name)
    if value is None:
        if default is None:
            raise SchemaError(f"{name!r} is missing.")
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise SchemaError(f"{name!r} must be {kind.__name__}, not {type(value).__name__}.")
    return value


def _texts(data: Any, name: str, default: dict[str, str] | None = None) -> Texts:
    texts = _get(data, name, dict, default)
    if not all(isinstance(text, str) for text in texts.values()):
        raise SchemaError(f"{name!r} must map languages to texts.")
    return complete(texts)


@dataclass(frozen=True)
class Condition:
    """Holds by the answer to an earlier question."""

    question: str
    operator: str
    value: Any = None

    @classmethod
    def from_json(cls, data: Any) -> Condition | None:
        """From `{question, operator, value}`, or None from null."""
        if data is None:
            return None
        operator = _get(data, "operator", str)
        if operator not in OPERATORS:
            raise SchemaError(f"There is no operator {operator!r}.")
        return cls(_get(data, "question", str), operator, data.get("value"))

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        return {"question": self.question, "operator": self.operator, "value": self.value}

    @property
    def values(self) -> tuple[Any, ...]:
        """The values that the answer is compared with."""
        if self.operator in WITHOUT_VALUE:
            return ()
        if self.operator == "in":
            return tuple(self.value) if isinstance(self.value, list) else (self.value,)
        return (self.value,)


@dataclass(frozen=True)
class Option:
    """A choice: its value is stored, its label only shown."""

    value: str
    label: Texts


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
    condition: Condition | None

    @classmethod
    def from_json(cls, data: Any) -> Question:
        """From JSON. Raises SchemaError."""
        return cls(
            key=_get(data, "key", str),
            type=_get(data, "type", str),
            label=_texts(data, "label"),
            help=_texts(data, "help", {}),
            required=_get(data, "required", bool, False),
            prefill=_get(data, "prefill", str, ""),
            validation=dict(_get(data, "validation", dict, {})),
            options=tuple(
                Option(_get(option, "value", str), _texts(option, "label"))
                for option in _get(data, "options", list, [])
            ),
            condition=Condition.from_json(data.get("condition")),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        return {
            "key": self.key,
            "type": self.type,
            "label": dict(self.label),
            "help": dict(self.help) or None,
            "required": self.required,
            "prefill": self.prefill or None,
            "validation": dict(self.validation),
            "options": [{"value": o.value, "label": dict(o.label)} for o in self.options],
            "condition": self.condition.to_json() if self.condition else None,
        }

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

    @classmethod
    def from_json(cls, data: Any) -> Step:
        """From JSON. Raises SchemaError."""
        return cls(
            key=_get(data, "key", str),
            title=_texts(data, "title"),
            questions=tuple(map(Question.from_json, _get(data, "questions", list))),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        return {
            "key": self.key,
            "title": dict(self.title),
            "questions": [question.to_json() for question in self.questions],
        }


@dataclass(frozen=True)
class Rule:
    """Points to a term, a fee or a discount of the passport; without a condition it always holds."""

    target: str
    condition: Condition | None

    @classmethod
    def from_json(cls, data: Any, name: str) -> Rule:
        """From `{name: target, condition}`. Raises SchemaError."""
        return cls(_get(data, name, str), Condition.from_json(data.get("condition")))

    def to_json(self, name: str) -> dict[str, Any]:
        """Back to JSON."""
        return {
            name: self.target,
            "condition": self.condition.to_json() if self.condition else None,
        }


@dataclass(frozen=True)
class Routing:
    """Which agency takes the request: `agency_pattern` builds its key from answers."""

    by: str
    agency_pattern: str

    @classmethod
    def from_json(cls, data: Any) -> Routing | None:
        """From `{by, agency_pattern}`, or None from null: the service's own agency."""
        if data is None:
            return None
        return cls(_get(data, "by", str, ""), _get(data, "agency_pattern", str, ""))

    def to_json(self) -> dict[str, Any]:
        """Back to JSON, without what is empty."""
        parts = {"by": self.by, "agency_pattern": self.agency_pattern}
        return {name: value for name, value in parts.items() if value}


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

    @classmethod
    def from_json(cls, data: Any) -> Schema:
        """From JSON. Raises SchemaError where something has the wrong shape."""
        newer = _get(data, "schema_version", int, SCHEMA_VERSION)
        if newer > SCHEMA_VERSION:
            raise SchemaError(f"Schema version {newer} is newer than this program.")
        fee_mode = _get(data, "fee_mode", str, "none")
        if fee_mode not in FEE_MODES:
            raise SchemaError(f"There is no fee mode {fee_mode!r}.")
        discount = data.get("discount_rule")
        audience = _get(data, "audience", list, [])
        if not all(isinstance(category, str) for category in audience):
            raise SchemaError("'audience' must be a list of texts.")
        return cls(
            key=_get(data, "key", str),
            service=_get(data, "service", str, ""),
            version=_get(data, "version", int, 1),
            title=_texts(data, "title"),
            audience=tuple(audience),
            identification_level=_get(data, "identification_level", str, "account"),
            signature_required=_get(data, "signature_required", bool, False),
            has_fee=_get(data, "has_fee", bool, fee_mode != "none"),
            fee_mode=fee_mode,
            fee_rules=tuple(
                Rule.from_json(rule, "fee") for rule in _get(data, "fee_rules", list, [])
            ),
            term_rules=tuple(
                Rule.from_json(rule, "term") for rule in _get(data, "term_rules", list, [])
            ),
            discount_rule=Rule.from_json(discount, "code") if discount is not None else None,
            routing_rule=Routing.from_json(data.get("routing_rule")),
            max_total_upload_kb=_get(data, "max_total_upload_kb", int, 20480),
            note=_get(data, "note", str, ""),
            steps=tuple(map(Step.from_json, _get(data, "steps", list))),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
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
        }

    def questions(self) -> Iterator[Question]:
        """All questions in order."""
        for step in self.steps:
            yield from step.questions

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        """key → question."""
        return {question.key: question for question in self.questions()}

    @cached_property
    def step_of(self) -> Mapping[str, str]:
        """Key of a question → key of its step."""
        return {question.key: step.key for step in self.steps for question in step.questions}

    def step(self, key: str) -> Step | None:
        """The step with a key."""
        return next((step for step in self.steps if step.key == key), None)

    @cached_property
    def structure_hash(self) -> str:
        """SHA-256 of keys, types, rules and conditions; texts do not count.

        Two versions with the same structure take the same answers.
        """
        return _digest(_without_texts(self.to_json()))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything but the version's own number."""
        return _digest({k: v for k, v in self.to_json().items() if k != "version"})


#: Members of the JSON that people read; all others decide what is asked and what follows.
_TEXTS = frozenset({"title", "label", "help", "note", "version"})


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_texts(part) for key, part in value.items() if key not in _TEXTS}
    if isinstance(value, list):
        return [_without_texts(part) for part in value]
    return value


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
