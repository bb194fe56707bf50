"""Form pages from the JSON of a schema: the demonstration content and imports use it.

Block ids follow from the keys (UUID 5), so the same form gives the same blocks in every language,
and compiling the pages gives the same schema back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.texts import complete, pick
from forms.compiling import rule_text
from forms.engine.schema import SchemaError

_NAMESPACE = uuid.UUID("3f6f9f57-2c1d-4f0e-9d5e-6f3f2b9f0a11")

Item = Mapping[str, Any]
#: From a text map (or nothing) to what is built of it: the text of a language.
TextOf = Callable[[Mapping[str, str] | None], Any]


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


def in_language(language: str) -> TextOf:
    """The text of a language, or what stands in for it where it is missing."""
    return lambda texts: pick(complete(texts), language) if texts else ""


def page_stream_from_schema(item: Item, language: str = "uz") -> list[dict[str, Any]]:
    """Raw stream data of `FormPage.steps` in a language from an item of `forms.json`."""
    return stream_from_schema(item, in_language(language))


def stream_from_schema(item: Item, text_of: TextOf) -> list[dict[str, Any]]:
    """As `page_stream_from_schema`, with the texts that `text_of` chooses."""
    form = item["key"]
    return [
        {
            "type": "step",
            "id": _id(form, step["key"]),
            "value": {
                "key": step["key"],
                "title": text_of(step["title"]),
                "sets": [],
                "questions": _questions(form, step["questions"], text_of),
                "condition": _condition(form, step.get("condition"), step["key"]),
            },
        }
        for step in item["steps"]
    ]


def page_fields(item: Item, text_of: TextOf) -> dict[str, Any]:
    """Everything of a `FormPage` but its place, its definition and its review dates.

    `FormPage(**page_fields(item, in_language("uz")), slug="ariza", definition=…, locale=…)`
    """
    routing = item.get("routing_rule") or {}
    discount = item.get("discount_rule")
    form = item["key"]
    return {
        "title": text_of(item["title"]),
        "steps": stream_from_schema(item, text_of),
        "audience": list(item.get("audience") or []),
        "identification_level": item.get("identification_level") or "account",
        "signature_required": bool(item.get("signature_required")),
        "max_total_upload_kb": item.get("max_total_upload_kb") or 20480,
        "routing_by": routing.get("by") or "",
        "agency_pattern": routing.get("agency_pattern") or "",
        "fee_mode": item.get("fee_mode") or "none",
        "fee_rules": _rules(form, "fee", item.get("fee_rules") or []),
        "term_rules": _rules(form, "term", item.get("term_rules") or []),
        "discount_rule": _rules(form, "code", [discount] if discount else []),
        "note": item.get("note") or "",
        "layout": item.get("layout") or "steps",
        "checks": [
            {
                "type": "check",
                "id": _id(form, "check", str(number)),
                "value": {
                    "question": check["question"],
                    "condition": _condition(form, check["condition"], f"check {number}"),
                    "message": text_of(check["message"]),
                },
            }
            for number, check in enumerate(item.get("checks") or [])
        ],
        "personal_data": list(item.get("personal_data") or []),
        "purpose": text_of(item.get("purpose")),
        "confirmed_email": bool(item.get("confirmed_email")),
    }


def _rules(form: str, name: str, rules: list[Item]) -> list[dict[str, Any]]:
    return [
        {
            "type": "rule",
            "id": _id(form, name, str(number)),
            "value": {
                "target": rule[name],
                "condition": _condition(form, rule.get("condition"), f"{name} {number}"),
            },
        }
        for number, rule in enumerate(rules)
    ]


def _condition(form: str, condition: Item | None, place: str) -> dict[str, Any]:
    """A condition as its block holds it. Raises SchemaError where groups stand in groups: the
    editor writes one level."""
    joined = next((name for name in ("all", "any") if name in (condition or {})), "all")
    parts = list((condition or {}).get(joined) or [condition] if condition else [])
    if any({"all", "any"} & part.keys() for part in parts):
        raise SchemaError(_("Conditions in groups of groups cannot be edited."))
    first, *more = map(_comparison, parts or [None])
    return {
        **first,
        "join": joined,
        "more": [
            {"type": "item", "id": _id(form, "condition", place, str(number)), "value": value}
            for number, value in enumerate(more)
        ],
    }


def _comparison(condition: Item | None) -> dict[str, str]:
    if condition is None:
        return {"question": "", "operator": "", "answer": "", "other": ""}
    return {
        "question": condition["question"],
        "operator": condition["operator"],
        "answer": rule_text(condition.get("value")),
        "other": condition.get("value_question") or "",
    }


def _questions(form: str, questions: list[Item], text_of: TextOf) -> list[dict[str, Any]]:
    return [
        {
            "type": "item",
            "id": _id(form, "question", question["key"]),
            "value": _question(form, question, text_of),
        }
        for question in questions
    ]


def _question(form: str, question: Item, text_of: TextOf) -> dict[str, Any]:
    key = question["key"]
    return {
        "label": text_of(question["label"]),
        "help": text_of(question.get("help")),
        "example": text_of(question.get("example")),
        "message": text_of(question.get("message")),
        "key": key,
        "type": question["type"],
        "required": bool(question.get("required")),
        "sensitive": bool(question.get("sensitive")),
        "prefill": question.get("prefill") or "",
        "options": [
            {
                "type": "item",
                "id": _id(form, "option", key, option["value"]),
                "value": {
                    "value": option["value"],
                    "label": text_of(option["label"]),
                    "condition": _condition(
                        form, option.get("condition"), f"{key} {option['value']}"
                    ),
                },
            }
            for option in question.get("options") or []
        ],
        "validation": [
            {
                "type": "item",
                "id": _id(form, "rule", key, name),
                "value": {"name": name, "value": rule_text(rule)},
            }
            for name, rule in (question.get("validation") or {}).items()
        ],
        "condition": _condition(form, question.get("condition"), key),
        "questions": _questions(form, question.get("questions") or [], text_of),
    }
