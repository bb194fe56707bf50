"""Questions as the templates draw them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.texts import pick
from forms.engine import types
from forms.engine.conditions import visible
from forms.engine.schema import Condition, Question, Schema, Step
from forms.engine.types import ChoiceType, Raw, files, offered

#: Tokens by which browsers fill in the reader's own data (WCAG 1.3.5).
_AUTOCOMPLETE = {
    "profile.full_name": "name",
    "profile.phone": "tel",
    "profile.email": "email",
    "profile.address": "street-address",
    "organisation.name": "organization",
    "organisation.address": "street-address",
}
#: Widths that the stylesheet knows, in letters.
_WIDTHS = (2, 4, 8, 10, 14, 20)
_TYPE_WIDTHS = {"pinfl": 14, "stir": 10, "phone": 20, "number": 8, "money": 14}


@dataclass(frozen=True)
class ShownQuestion:
    """A question with everything its template needs."""

    key: str
    type: str
    template: str
    label: str
    help: str
    required: bool
    is_group: bool
    value: Any
    options: list[tuple[str, str]]
    attributes: Mapping[str, str]
    width: str
    error: str
    #: False where it is not asked now but an answer on this page may ask it.
    asked: bool
    #: JSON for the script; "" without a condition.
    condition: str
    #: Endings for the `accept` of a file, and what is said of kinds and sizes.
    accept: str = ""
    kinds: str = ""
    limit: str = ""
    most_files: int = 1
    room_left: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Id of the input, or of the group."""
        return f"q-{self.key}"

    @property
    def described_by(self) -> str:
        """Ids of what describes the input: only such as are on the page."""
        ids = [f"{self.id}-help"] if self.help else []
        if self.type == "file":
            ids.append(f"{self.id}-limits")
        if self.error:
            ids.append(f"{self.id}-error")
        return " ".join(ids)

    @property
    def anchor(self) -> str:
        """Id of the first input: where a link of the error summary leads."""
        if self.type == "date":
            return f"{self.id}-day"
        if self.is_group and self.type != "file" and self.options:
            return f"{self.id}-0"
        if self.type == "file" and not self.room_left:
            return f"{self.id}-group"
        return self.id


def step(
    schema: Schema,
    current: Step,
    answers: Mapping[str, Any],
    language: str,
    *,
    errors: Mapping[str, str] | None = None,
    raw: Mapping[str, Any] | None = None,
) -> list[ShownQuestion]:
    """The questions of a step that are asked, or may be by an answer on the page.

    With `raw`, what was typed is shown again where it could not be kept.
    """
    asked = visible(schema, answers)
    here = {question.key for question in current.questions}
    possible = set(asked)
    for question in current.questions:
        condition = question.condition
        if condition and condition.question in here & possible:
            possible.add(question.key)
    return [
        _shown(
            schema, question, answers, language, (errors or {}).get(question.key, ""),
            Raw(raw) if raw is not None else None, asked=question.key in asked,
        )
        for question in current.questions
        if question.key in possible
    ]  # fmt: skip


def known_for_script(schema: Schema, current: Step, answers: Mapping[str, Any]) -> str:
    """JSON of the answers on earlier pages that this page's conditions look at."""
    asked = visible(schema, answers)
    here = {question.key for question in current.questions}
    looked_at = {q.condition.question for q in current.questions if q.condition} - here
    known = {
        key: {"type": schema.by_key[key].type, "value": _for_script(schema, key, answers.get(key))}
        for key in sorted(looked_at & asked)
    }
    return json.dumps(known, ensure_ascii=False) if known else ""


def _for_script(schema: Schema, key: str, value: Any) -> Any:
    question = schema.by_key[key]
    if question.type == "money" and value is not None:
        return types.get("money").export(question, value)
    return value


def asked_in_post(current: Step, raw: Any) -> frozenset[str]:
    """Questions that were on the page that was sent: each names itself in a hidden field."""
    own = frozenset(question.key for question in current.questions)
    named = frozenset(raw.getlist("_asked"))
    return named & own if named else own


def _shown(
    schema: Schema, question: Question, answers: Mapping[str, Any], language: str, error: str,
    raw: Raw | None, *, asked: bool,
) -> ShownQuestion:  # fmt: skip
    kind = types.get(question.type)
    value = answers.get(question.key)
    shown_value = kind.initial(question, value)
    if raw is not None and value is None and question.type != "file":
        shown_value = kind.typed(question, raw)
    options = []
    if isinstance(kind, ChoiceType) or question.type == "multi_choice":
        options = [(key, pick(texts, language)) for key, texts in offered(question)]
    template, is_group = kind.template, kind.is_group
    if isinstance(kind, ChoiceType) and len(options) > ChoiceType.most_boxes:
        template, is_group = "forms/types/select.html", False
    extra: dict[str, Any] = {}
    if question.type == "file":
        most = question.rule("max_files", 1)
        extra = {
            "accept": ",".join(f".{ending}" for ending in files.endings(question)),
            "kinds": files.kinds(question),
            "limit": files.megabytes(files.size_limit(question)),
            "most_files": most,
            "room_left": most == 1 or len(value or []) < most,
        }
    return ShownQuestion(
        key=question.key,
        type=question.type,
        template=template,
        label=pick(question.label, language),
        help=pick(question.help, language),
        required=question.required,
        is_group=is_group,
        value=shown_value,
        options=options,
        attributes=_attributes(question, kind.attributes),
        width=_width(question),
        error=error,
        asked=asked,
        condition=_condition(schema, question.condition),
        **extra,
    )


def _attributes(question: Question, attributes: Mapping[str, str]) -> dict[str, str]:
    result = {"type": "text", **attributes}
    token = _AUTOCOMPLETE.get(question.prefill)
    if token:
        result["autocomplete"] = token
    elif question.type in {"phone", "email"} and not question.prefill:
        # Somebody else's number may be asked: the browser must not offer the reader's own.
        result["autocomplete"] = "off"
    if question.type == "number" and types.numbers.is_whole(question):
        result["inputmode"] = "numeric"
    return result


def _width(question: Question) -> str:
    letters = _TYPE_WIDTHS.get(question.type)
    if letters is None and question.type == "text":
        limit = question.rule("max_length", 0)
        letters = next((w for w in _WIDTHS if limit and limit <= w), None)
    return f"input--{letters}" if letters else ""


def _condition(schema: Schema, condition: Condition | None) -> str:
    return json.dumps(condition.to_json(), ensure_ascii=False) if condition else ""
