"""Questions as the templates draw them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass, field
from typing import Any

from core.texts import pick
from forms.engine import references, types
from forms.engine.conditions import comparable, narrowed, visible, visible_in
from forms.engine.formulas import FormulaError, compiled, names
from forms.engine.parts import AnyCondition, looked_at, to_json_or_none
from forms.engine.schema import Question, Schema, Step
from forms.engine.types import ChoiceType, Raw, files, groups, offered

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
_TYPE_WIDTHS = {
    "pinfl": 14, "stir": 10, "phone": 20, "number": 8, "money": 14, "passport": 10, "plate": 14,
}  # fmt: skip


@dataclass(frozen=True)
class ShownPart:
    """One input of an answer that has several."""

    name: str
    label: str
    value: str
    width: str
    attributes: Mapping[str, str]
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownOption:
    """One answer to choose; `condition` is JSON for the script, "" where it is always offered."""

    value: str
    label: str
    condition: str = ""


@dataclass(frozen=True)
class ShownItem:
    """One entry of a repeating group."""

    number: int
    questions: list[ShownQuestion]


@dataclass(frozen=True)
class ShownQuestion:
    """A question with everything its template needs."""

    key: str
    type: str
    template: str
    label: str
    help: str
    example: str
    required: bool
    is_group: bool
    is_file: bool
    value: Any
    options: list[ShownOption]
    attributes: Mapping[str, str]
    width: str
    error: str
    #: False where it is not asked now but an answer on this page may ask it.
    asked: bool
    #: JSON for the script; "" without a condition.
    condition: str
    parts: list[ShownPart] = field(default_factory=list)
    items: list[ShownItem] = field(default_factory=list)
    #: `children-0-` inside the first entry of a repeating group: conditions look there first.
    scope: str = ""
    #: Reverse Polish notation of a computed value, for the script.
    formula: str = ""
    unit: str = ""
    #: Endings for the `accept` of a file, and what is said of kinds, sizes and pixels.
    accept: str = ""
    kinds: str = ""
    limit: str = ""
    pixels: str = ""
    most_files: int = 1
    #: Whether the phone may make a photograph smaller before it is sent.
    may_shrink: bool = True
    #: Whether one more file, or entry, may be added.
    room_left: bool = True
    #: Whether an entry of a repeating group may be taken off.
    may_drop: bool = False

    @property
    def id(self) -> str:
        """Id of the input, or of the group."""
        return f"q-{self.key}"

    @property
    def described_by(self) -> str:
        """Ids of what describes the input: only such as are on the page."""
        ids = [f"{self.id}-help"] if self.help or self.example else []
        if self.is_file:
            ids.append(f"{self.id}-limits")
        if self.error:
            ids.append(f"{self.id}-error")
        return " ".join(ids)

    @property
    def anchor(self) -> str:
        """Id of the first input: where a link of the error summary leads."""
        if self.type == "date":
            return f"{self.id}-day"
        if self.type == "date_range":
            return f"{self.id}-from-day"
        if self.parts:
            return f"{self.id}-{self.parts[0].name}"
        if self.type == "repeat" or (self.is_file and not self.room_left):
            return f"{self.id}-group"
        if self.is_group and not self.is_file and self.options:
            return f"{self.id}-0"
        return self.id

    def mistakes(self) -> list[dict[str, str]]:
        """What is wrong with it, and inside it, for the error summary."""
        found = []
        if self.error:
            found.append({"label": self.label, "message": self.error, "anchor": self.anchor})
        for item in self.items:
            for inner in item.questions:
                found += [
                    line | {"label": f"{self.label} {item.number + 1}, {line['label']}"}
                    for line in inner.mistakes()
                ]
        return found


@dataclass(frozen=True)
class _Page:
    """What the questions of one page are drawn from."""

    schema: Schema
    language: str
    answers: Mapping[str, Any]
    asked: Set[str]
    errors: Mapping[str, str]
    raw: Raw | None
    #: Show what was typed also where an answer is stored: the reader chooses between the two.
    typed_first: bool
    #: Keys of the questions on the page, those of repeating groups too.
    here: Set[str]


def step(
    schema: Schema,
    current: Step,
    answers: Mapping[str, Any],
    language: str,
    *,
    errors: Mapping[str, str] | None = None,
    raw: Mapping[str, Any] | None = None,
    typed_first: bool = False,
) -> list[ShownQuestion]:
    """The questions of a step that are asked, or may be by an answer on the page.

    With `raw`, what was typed is shown again where it could not be kept.
    """
    asked = visible(schema, answers)
    here = {question.key for question in current.questions}
    page = _Page(
        schema, language, answers, asked, errors or {},
        Raw(raw) if raw is not None else None, typed_first,
        here | {inner.key for question in current.questions for inner in question.questions},
    )  # fmt: skip
    own = {q.key for q in schema.questions()}
    possible = set(asked)
    shown = []
    for question in current.questions:
        # What a page adds of its own (headings of steps) is decided by its condition alone.
        is_asked = question.key in asked if question.key in own else True
        if is_asked or looked_at(question.condition) & here & possible:
            possible.add(question.key)
            shown.append(_shown(page, question, answers, asked=is_asked))
    return shown


def known_for_script(schema: Schema, current: Step, answers: Mapping[str, Any]) -> str:
    """JSON of the answers on earlier pages that this page's conditions and formulas look at."""
    asked = visible(schema, answers)
    here = {question.key for question in current.questions}
    needed: set[str] = set()
    for question in current.questions:
        for inner in (question, *question.questions):
            needed |= looked_at(inner.condition) | _formula_names(inner)
            for option in inner.options:
                needed |= looked_at(option.condition)
    known = {
        key: {
            "type": schema.by_key[key].type,
            "value": comparable(schema.by_key[key], answers.get(key)),
        }
        for key in sorted((needed - here) & asked)
    }
    return json.dumps(known, ensure_ascii=False) if known else ""


def _formula_names(question: Question) -> frozenset[str]:
    try:
        found = names(str(question.validation["formula"]))
    except (KeyError, FormulaError):
        return frozenset()
    return frozenset(name.partition(".")[0] for name in found)


def asked_in_post(current: Step, raw: Any) -> frozenset[str]:
    """Questions that were on the page that was sent: each names itself in a hidden field."""
    own = frozenset(question.key for question in current.questions)
    named = frozenset(raw.getlist("_asked"))
    return named & own if named else own


def _shown(
    page: _Page, question: Question, answers: Mapping[str, Any], *, asked: bool, scope: str = ""
) -> ShownQuestion:
    """One question; inside a repeating group `answers` are those of the entry under the names of
    its inputs, and `scope` is what their names begin with."""
    kind = types.get(question.type)
    value = answers.get(question.key)
    shown_value = kind.initial(question, value)
    if page.raw is not None and not kind.is_file and (value is None or page.typed_first):
        shown_value = kind.typed(question, page.raw)
    options = _options(page, question)
    template, is_group = kind.template, kind.is_group
    if type(kind) is ChoiceType and len(options) > ChoiceType.most_boxes:
        template, is_group = "forms/types/select.html", False
    extra: dict[str, Any] = {}
    if kind.is_file:
        extra = _file_facts(question, value)
    elif question.questions:
        extra = _items(page, question, value)
    elif kind.is_computed:
        extra = {
            "formula": _formula(question),
            "unit": str(question.validation.get("unit") or ""),
            "value": kind.display(question, value, page.language) if value else "",
        }
    return ShownQuestion(
        key=question.key,
        type=question.type,
        template=template,
        label=pick(question.label, page.language),
        help=pick(question.help, page.language),
        example=pick(question.example, page.language),
        required=question.required or not kind.is_answered or kind.is_computed,
        is_group=is_group,
        is_file=kind.is_file,
        options=options,
        attributes=_attributes(question, kind.attributes),
        width=_width(question),
        error=page.errors.get(question.key, ""),
        asked=asked,
        condition=_json(question.condition),
        parts=_parts(kind, shown_value, page.language),
        scope=scope,
        **({"value": shown_value} | extra),
    )


def _options(page: _Page, question: Question) -> list[ShownOption]:
    """What may be chosen now, or after another answer on the page."""
    kind = types.get(question.type)
    if question.type == "yes_no":
        return [ShownOption(value, str(label)) for value, label in types.choices.YES_NO.items()]
    if isinstance(kind, types.ReceptionDayType):
        days = kind.offered(question, page.answers)
        return [ShownOption(day, kind.display(question, day, page.language)) for day in days]
    if not isinstance(kind, ChoiceType | types.MultiChoiceType):
        return []
    now = {o.value for o in narrowed(question, page.schema, page.answers, page.asked).options}
    conditions = {option.value: option.condition for option in question.options}
    return [
        ShownOption(value, pick(texts, page.language), _json(conditions.get(value)))
        for value, texts in offered(question)
        if value not in conditions or value in now or looked_at(conditions[value]) & page.here
    ]


def _items(page: _Page, group: Question, value: Any) -> dict[str, Any]:
    """The entries of a repeating group: those that were sent, else those that are kept."""
    kept = list(value or [])
    numbers = list(range(max(len(kept), groups.least(group))))
    if page.raw is not None:
        with contextlib.suppress(types.AnswerError):
            numbers = groups.marks(group, page.raw) or numbers
    items = [
        ShownItem(number, _inside(page, group, number, kept[at] if at < len(kept) else {}))
        for at, number in enumerate(numbers)
    ]
    return {
        "items": items,
        "room_left": len(items) < groups.most(group),
        "may_drop": len(items) > groups.least(group),
    }


def _inside(
    page: _Page, group: Question, number: int, item: Mapping[str, Any]
) -> list[ShownQuestion]:
    here = visible_in(group, item, page.schema, page.answers, page.asked)
    scope = groups.input_name(group.key, number, "")
    named = {f"{scope}{key}": answer for key, answer in item.items()}
    own = {question.key for question in group.questions}
    return [
        _shown(page, groups.inner(group, number, q), named, asked=q.key in here, scope=scope)
        for q in group.questions
        if q.key in here or looked_at(q.condition) & own
    ]


def _file_facts(question: Question, value: Any) -> dict[str, Any]:
    most = question.rule("max_files", 1)
    width, height = question.rule("min_width_px", 0), question.rule("min_height_px", 0)
    return {
        "accept": files.accept(question),
        "kinds": files.kinds(question),
        "limit": files.megabytes(files.size_limit(question)),
        "pixels": f"{width} × {height} px" if width or height else "",
        "most_files": most,
        "may_shrink": not question.validation.get("keep_original"),
        "room_left": most == 1 or len(value or []) < most,
    }


def _parts(kind: types.QuestionType, value: Any, language: str) -> list[ShownPart]:
    held = value if isinstance(value, Mapping) else {}
    return [
        ShownPart(
            name=part.name,
            label=str(part.label),
            value=str(held.get(part.name, "")),
            width=f"input--{part.width}" if part.width else "",
            attributes={"type": "text", "autocomplete": "off", **part.attributes},
            options=[(key, pick(texts, language)) for key, texts in references.rows(part.source)]
            if part.source
            else [],
        )
        for part in kind.parts
    ]


def _formula(question: Question) -> str:
    try:
        program = compiled(str(question.validation.get("formula") or ""))
    except FormulaError:
        return ""
    return json.dumps([asdict(instruction) for instruction in program])


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


def _json(condition: AnyCondition | None) -> str:
    return json.dumps(to_json_or_none(condition), ensure_ascii=False) if condition else ""
