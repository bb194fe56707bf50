"""From the editors' blocks to the JSON of a schema.

The structure comes only from the Uzbek page; texts are merged from each translation by block id,
so a stale or detached translation can never change what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.texts import complete
from forms import sets
from forms.engine.limits import INTEGERS, LISTS, NUMBERS_OR_TEXTS, SWITCHES
from forms.engine.schema import SCHEMA_VERSION, WITHOUT_VALUE

if TYPE_CHECKING:
    from forms.models import FormPage

#: Types whose answer is true or nothing.
_BOXES = frozenset({"checkbox", "declaration"})

Raw = Mapping[str, Any]
_TextsOf = Callable[[str], dict[str, str]]


#: Texts of a question beside its label.
QUESTION_TEXTS = ("label", "help", "example", "message")
#: Block that ends a step in the list of its questions.
_PAGE_BREAK = "page_break"


def _steps(page: FormPage) -> list[Raw]:
    """The raw steps, each with the questions of its shared sets in front of its own, and cut where
    a page break stands."""
    return [part for step in page.steps.raw_data for part in _parts(step, page.locale_id)]


def _parts(step: Raw, locale_id: int) -> Iterator[Raw]:
    value = step["value"]
    shared = sets.questions_of(value.get("sets") or [], locale_id)
    part = {"id": step["id"], "value": {**value, "questions": []}}
    for block in [*shared, *(value.get("questions") or [])]:
        if block["value"].get("type") != _PAGE_BREAK:
            part["value"]["questions"].append(block)
            continue
        yield part
        own = {"key": block["value"]["key"], "title": block["value"]["label"]}
        part = {"id": block["id"], "value": {**value, **own, "questions": []}}
    yield part


def _texts_by_place(page: FormPage) -> dict[str, str]:
    """`block id.field` → text, of one language."""
    return {"purpose": page.purpose} | texts_by_place(_steps(page), page.checks.raw_data)


def texts_by_place(steps: Iterable[Raw], checks: Iterable[Raw]) -> dict[str, Any]:
    """`block id.field` → what the raw blocks say there."""
    texts: dict[str, Any] = {}
    for step in steps:
        texts[f"{step['id']}.title"] = step["value"]["title"]
        for question in step["value"]["questions"]:
            texts |= _question_texts(question)
    for check in checks:
        texts[f"{check['id']}.message"] = check["value"]["message"]
    return texts


def _question_texts(block: Raw) -> dict[str, Any]:
    value = block["value"]
    texts = {f"{block['id']}.{name}": value.get(name) or "" for name in QUESTION_TEXTS}
    for option in value.get("options") or []:
        texts[f"{option['id']}.label"] = option["value"]["label"]
    for inner in value.get("questions") or []:
        texts |= _question_texts(inner)
    return texts


def schema_json(source: FormPage, translations: Iterable[FormPage] = ()) -> dict[str, Any]:
    """JSON of the schema from the Uzbek page and its published translations.

    A translation that still says the Uzbek text counts as missing, so that readers get the text
    marked as Uzbek instead of as their own language.
    """
    own = _texts_by_place(source)
    merged: dict[str, dict[str, str]] = {
        place: {source.locale.language_code: text} for place, text in own.items() if text
    }
    title = {source.locale.language_code: source.title}
    for page in translations:
        code = page.locale.language_code
        if page.title != source.title:
            title[code] = page.title
        for place, text in _texts_by_place(page).items():
            if text and place in merged and text != own[place]:
                merged[place][code] = text

    memory = source.definition.memory

    def texts(place: str) -> dict[str, str]:
        found = merged.get(place, {})
        text = found.get(source.locale.language_code, "")
        # The same Uzbek words may be said otherwise in another place.
        here = memory.get(place, {})
        known = here if text and here.get("uz") == text else memory.get(text, {})
        return complete(known | found)

    types = {
        question["value"]["key"]: question["value"]["type"]
        for step in _steps(source)
        for outer in step["value"]["questions"]
        for question in [outer, *(outer["value"].get("questions") or [])]
    }
    service = source.definition.service
    return {
        "schema_version": SCHEMA_VERSION,
        "key": source.definition.key,
        "service": service.key if service else "",
        "title": complete(memory.get(source.title, {}) | title),
        "audience": list(source.audience or []),
        "identification_level": source.identification_level,
        "signature_required": source.signature_required,
        "steps": [_step(step, texts, types) for step in _steps(source)],
        "has_fee": source.fee_mode != "none",
        "fee_mode": source.fee_mode,
        "fee_rules": _rules(source.fee_rules, "fee", types),
        "term_rules": _rules(source.term_rules, "term", types),
        "discount_rule": next(iter(_rules(source.discount_rule, "code", types)), None),
        "routing_rule": _routing(source),
        "max_total_upload_kb": source.max_total_upload_kb,
        "note": source.note,
        "layout": source.layout,
        "checks": [_check(block, texts, types) for block in source.checks.raw_data],
        "personal_data": list(source.personal_data or []),
        "purpose": texts("purpose"),
        "confirmed_email": source.confirmed_email,
    }


def _routing(source: FormPage) -> dict[str, str] | None:
    parts = {"by": source.routing_by, "agency_pattern": source.agency_pattern}
    return {name: text for name, text in parts.items() if text} or None


def _rules(stream: Any, name: str, types: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            name: block["value"]["target"],
            "condition": _condition(block["value"].get("condition") or {}, types),
        }
        for block in stream.raw_data
    ]


def _step(block: Raw, texts: _TextsOf, types: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": block["value"]["key"],
        "title": texts(f"{block['id']}.title"),
        "questions": [_question(item, texts, types) for item in block["value"]["questions"]],
        "condition": _condition(block["value"].get("condition") or {}, types),
    }


def _check(block: Raw, texts: _TextsOf, types: Mapping[str, str]) -> dict[str, Any]:
    return {
        "question": block["value"]["question"],
        "condition": _condition(block["value"].get("condition") or {}, types),
        "message": texts(f"{block['id']}.message"),
    }


def _question(block: Raw, texts: _TextsOf, types: Mapping[str, str]) -> dict[str, Any]:
    value = block["value"]
    return {
        "key": value["key"],
        "type": value["type"],
        "label": texts(f"{block['id']}.label"),
        "help": texts(f"{block['id']}.help") or None,
        "required": bool(value.get("required")),
        "prefill": value.get("prefill") or None,
        "validation": {
            rule["value"]["name"]: rule_value(rule["value"]["name"], rule["value"]["value"])
            for rule in value.get("validation") or []
        },
        "options": [
            {
                "value": option["value"]["value"],
                "label": texts(f"{option['id']}.label"),
                "condition": _condition(option["value"].get("condition") or {}, types),
            }
            for option in value.get("options") or []
        ],
        "condition": _condition(value.get("condition") or {}, types),
        "example": texts(f"{block['id']}.example"),
        "message": texts(f"{block['id']}.message"),
        "sensitive": bool(value.get("sensitive")),
        "questions": [_question(item, texts, types) for item in value.get("questions") or []],
    }


def _condition(block: Raw, types: Mapping[str, str]) -> dict[str, Any] | None:
    """One comparison, or several together."""
    first = _comparison(block, types)
    if first is None:
        return None
    more = [_comparison(item["value"], types) for item in block.get("more") or []]
    if not more:
        return first
    return {block.get("join") or "all": [first, *more]}


def _comparison(block: Raw, types: Mapping[str, str]) -> dict[str, Any] | None:
    if not block.get("question"):
        return None
    operator = block.get("operator") or "equals"
    text = block.get("answer") or ""
    value: Any = None
    if operator in WITHOUT_VALUE:
        value = None
    elif operator == "in":
        value = text.split()
    elif types.get(block["question"]) in _BOXES and text.lower() in {"true", "false"}:
        value = text.lower() == "true"
    else:
        value = text
    compared = {"question": block["question"], "operator": operator, "value": value}
    if block.get("other") and operator not in WITHOUT_VALUE:
        return compared | {"value": None, "value_question": block["other"]}
    return compared


def rule_value(name: str, text: str) -> Any:
    """A rule's value from the text that editors write."""
    if name in LISTS:
        return text.split()
    if name in SWITCHES:
        return text.lower() == "true"
    whole = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
    if whole and name in INTEGERS | NUMBERS_OR_TEXTS:
        return int(text)
    return text


def rule_text(value: Any) -> str:
    """A rule's or a condition's value as editors write it."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
