"""From the editors' blocks to the JSON of a schema.

The structure comes only from the Uzbek page; texts are merged from each translation by block id,
so a stale or detached translation can never change what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.texts import complete
from forms.engine.schema import SCHEMA_VERSION, WITHOUT_VALUE

if TYPE_CHECKING:
    from forms.models import FormPage

#: Rules whose value is a whole number, and those whose value is a list.
INTEGERS = frozenset(
    {
        "min_length", "max_length", "min_choices", "max_choices", "max_size_kb", "max_files",
        "min_width_px", "min_height_px",
    }
)  # fmt: skip
LISTS = frozenset({"accept", "extensions"})
#: Rules that may be a number or something else (a date, a decimal fraction).
NUMBERS_OR_TEXTS = frozenset({"min", "max", "step"})

Raw = Mapping[str, Any]
_TextsOf = Callable[[str], dict[str, str]]


def _steps(page: FormPage) -> Sequence[Raw]:
    return list(page.steps.raw_data)


def _texts_by_place(page: FormPage) -> dict[str, str]:
    """`block id.field` → text, of one language."""
    texts: dict[str, str] = {}
    for step in _steps(page):
        texts[f"{step['id']}.title"] = step["value"]["title"]
        for question in step["value"]["questions"]:
            for name in ("label", "help"):
                texts[f"{question['id']}.{name}"] = question["value"].get(name) or ""
            for option in question["value"].get("options") or []:
                texts[f"{option['id']}.label"] = option["value"]["label"]
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

    def texts(place: str) -> dict[str, str]:
        return complete(merged.get(place, {}))

    types = {
        question["value"]["key"]: question["value"]["type"]
        for step in _steps(source)
        for question in step["value"]["questions"]
    }
    service = source.definition.service
    return {
        "schema_version": SCHEMA_VERSION,
        "key": source.definition.key,
        "service": service.key if service else "",
        "title": complete(title),
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
            {"value": option["value"]["value"], "label": texts(f"{option['id']}.label")}
            for option in value.get("options") or []
        ],
        "condition": _condition(value.get("condition") or {}, types),
    }


def _condition(block: Raw, types: Mapping[str, str]) -> dict[str, Any] | None:
    if not block.get("question"):
        return None
    operator = block.get("operator") or "equals"
    text = block.get("answer") or ""
    value: Any = None
    if operator in WITHOUT_VALUE:
        value = None
    elif operator == "in":
        value = text.split()
    elif types.get(block["question"]) == "checkbox" and text.lower() in {"true", "false"}:
        value = text.lower() == "true"
    else:
        value = text
    return {"question": block["question"], "operator": operator, "value": value}


def rule_value(name: str, text: str) -> Any:
    """A rule's value from the text that editors write."""
    if name in LISTS:
        return text.split()
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
