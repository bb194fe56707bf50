"""The small parts of a schema: texts, conditions, options, rules. `schema` puts them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from core.texts import complete

OPERATORS = ("equals", "not_equals", "in", "contains", "filled", "empty", "gt", "lt")
#: Operators that say all by themselves.
WITHOUT_VALUE = frozenset({"filled", "empty"})
#: Conditions may stand in one another no deeper than this.
MOST_DEPTH = 3

Texts = Mapping[str, str]
_T = TypeVar("_T")
_R = TypeVar("_R")


class SchemaError(ValueError):
    """A form that has the wrong shape or contradicts itself; the text says where."""

    def __init__(self, message: object, *places: str) -> None:
        self.message, self.places = str(message), places
        super().__init__(
            ": ".join([" → ".join(places), self.message] if places else [self.message])
        )

    def inside(self, place: str) -> SchemaError:
        """The same, said of a part of `place`."""
        return SchemaError(self.message, place, *self.places)


_KINDS = {
    str: _("a text"), int: _("a whole number"), bool: _("true or false"), list: _("a list"),
    dict: _("an object"),
}  # fmt: skip


def get(data: Any, name: str, kind: type[_T], default: _T | None = None) -> _T:
    """A member of a kind. A missing one, or null, gives the default; without one: SchemaError."""
    if not isinstance(data, Mapping):
        raise SchemaError(_("An object with “%(name)s” is expected here.") % {"name": name})
    value = data.get(name)
    if value is None:
        if default is None:
            raise SchemaError(_("“%(name)s” is missing.") % {"name": name})
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise SchemaError(
            _("“%(name)s” must be %(kind)s.") % {"name": name, "kind": str(_KINDS[kind])}
        )
    return value


def each(data: Any, name: str, read: Callable[[Any], _R], default: Any = None) -> tuple[_R, ...]:
    """The parts of a list, each read; where one is wrong, the SchemaError says which."""
    found: list[_R] = []
    for part in get(data, name, list, default):
        try:
            found.append(read(part))
        except SchemaError as error:
            key = part.get("key", part.get("value")) if isinstance(part, Mapping) else None
            known = f" “{key[:60]}”" if isinstance(key, str) and key else ""
            raise error.inside(f"{name} {len(found) + 1}{known}") from None
    return tuple(found)


def get_texts(data: Any, name: str, default: dict[str, str] | None = None) -> Texts:
    """A text map. Raises SchemaError where it is none."""
    texts = get(data, name, dict, default)
    if not all(isinstance(text, str) for text in texts.values()):
        raise SchemaError(_("“%(name)s” must give a text for each language.") % {"name": name})
    return complete(texts)


def get_words(data: Any, name: str) -> tuple[str, ...]:
    """A list of texts; empty where it is missing. Raises SchemaError where it is none."""
    words = get(data, name, list, [])
    if not all(isinstance(word, str) for word in words):
        raise SchemaError(_("“%(name)s” must be a list of texts.") % {"name": name})
    return tuple(words)


def filled_only(members: Mapping[str, Any]) -> dict[str, Any]:
    """Without the members that say nothing: what was added to the format later is left out where
    a form does not use it, so that its hash stays what it was."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {}, 0)}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Condition:
    """Holds by the answer to an earlier question."""

    question: str
    operator: str
    value: Any = None
    #: Key of another question whose answer stands in the place of `value`.
    other: str = ""

    @classmethod
    def from_json(cls, data: Any) -> Condition | None:
        """From `{question, operator, value}` or `{…, value_question}`; None from null."""
        if data is None:
            return None
        operator = get(data, "operator", str)
        if operator not in OPERATORS:
            raise SchemaError(_("There is no operator “%(name)s”.") % {"name": operator})
        value = data.get("value")
        if not all(isinstance(v, str | int | float | None) for v in _listed(value)):
            raise SchemaError(_("“value” must be a text, a number, true, or a list of them."))
        other = get(data, "value_question", str, "")
        return cls(get(data, "question", str), operator, value, other)

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        own = {"question": self.question, "operator": self.operator, "value": self.value}
        return own | filled_only({"value_question": self.other})

    @property
    def values(self) -> tuple[Any, ...]:
        """The fixed values that the answer is compared with."""
        if self.operator in WITHOUT_VALUE or self.other:
            return ()
        if self.operator == "in":
            return tuple(self.value) if isinstance(self.value, list) else (self.value,)
        return (self.value,)


@dataclass(frozen=True)
class Group:
    """Several conditions together: all of them hold, or any of them does."""

    any: bool
    conditions: tuple[Condition | Group, ...]

    def to_json(self) -> dict[str, Any]:
        """Back to `{"all": […]}` or `{"any": […]}`."""
        name = "any" if self.any else "all"
        return {name: [condition.to_json() for condition in self.conditions]}


AnyCondition = Condition | Group


def condition_from_json(data: Any, depth: int = 0) -> AnyCondition | None:
    """A condition, a group of them, or None from null. Raises SchemaError."""
    if not isinstance(data, Mapping) or not {"all", "any"} & data.keys():
        return Condition.from_json(data)
    if len(data) > 1:
        raise SchemaError(_("Conditions go together by “all” or by “any”, not by both."))
    if depth >= MOST_DEPTH:
        raise SchemaError(_("Conditions stand too deep in one another."))
    name = next(iter(data))
    parts = [condition_from_json(part, depth + 1) for part in get(data, name, list)]
    if not parts or None in parts:
        raise SchemaError(_("“%(name)s” needs conditions.") % {"name": name})
    return Group(name == "any", tuple(part for part in parts if part is not None))


def to_json_or_none(condition: AnyCondition | None) -> dict[str, Any] | None:
    """JSON of a condition; null where there is none."""
    return condition.to_json() if condition else None


def leaves(condition: AnyCondition | None) -> Iterator[Condition]:
    """The single comparisons of a condition."""
    if isinstance(condition, Condition):
        yield condition
    elif condition is not None:
        for part in condition.conditions:
            yield from leaves(part)


def looked_at(condition: AnyCondition | None) -> frozenset[str]:
    """Keys of all questions whose answers decide a condition."""
    found = {key for leaf in leaves(condition) for key in (leaf.question, leaf.other)}
    return frozenset(found - {""})


@dataclass(frozen=True)
class Option:
    """A choice: its value is stored, its label only shown."""

    value: str
    label: Texts
    #: It is offered only where this holds.
    condition: AnyCondition | None = None

    @classmethod
    def from_json(cls, data: Any) -> Option:
        """From `{value, label, condition}`. Raises SchemaError."""
        return cls(
            get(data, "value", str),
            get_texts(data, "label"),
            condition_from_json(data.get("condition")),
        )

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        own = {"value": self.value, "label": dict(self.label)}
        return own | filled_only({"condition": to_json_or_none(self.condition)})


@dataclass(frozen=True)
class Rule:
    """Points to a term, a fee or a discount of the passport; without a condition it always holds."""

    target: str
    condition: AnyCondition | None

    @classmethod
    def from_json(cls, data: Any, name: str) -> Rule:
        """From `{name: target, condition}`. Raises SchemaError."""
        return cls(get(data, name, str), condition_from_json(data.get("condition")))

    def to_json(self, name: str) -> dict[str, Any]:
        """Back to JSON."""
        return {name: self.target, "condition": to_json_or_none(self.condition)}


@dataclass(frozen=True)
class Check:
    """A rule across questions: where `condition` holds, `message` is said at `question`."""

    question: str
    condition: AnyCondition
    message: Texts

    @classmethod
    def from_json(cls, data: Any) -> Check:
        """From `{question, condition, message}`. Raises SchemaError."""
        condition = condition_from_json(get(data, "condition", dict))
        if condition is None:
            raise SchemaError(_("A rule across questions needs a condition."))
        return cls(get(data, "question", str), condition, get_texts(data, "message"))

    def to_json(self) -> dict[str, Any]:
        """Back to JSON."""
        return {
            "question": self.question,
            "condition": self.condition.to_json(),
            "message": dict(self.message),
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
        return cls(get(data, "by", str, ""), get(data, "agency_pattern", str, ""))

    def to_json(self) -> dict[str, Any]:
        """Back to JSON, without what is empty."""
        return filled_only({"by": self.by, "agency_pattern": self.agency_pattern})
