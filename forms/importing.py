"""Form pages from the JSON of a schema: the demonstration content and imports use it.

Block ids follow from the keys (UUID 5), so the same form gives the same blocks in every language,
and compiling the pages gives the same schema back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from core.texts import complete, pick
from forms.compiling import rule_text

_NAMESPACE = uuid.UUID("3f6f9f57-2c1d-4f0e-9d5e-6f3f2b9f0a11")

Item = Mapping[str, Any]
#: From a text map (or nothing) to the text of the language that is built.
TextOf = Callable[[Mapping[str, str] | None], str]


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
                "questions": [
                    {
                        "type": "item",
                        "id": _id(form, "question", question["key"]),
                        "value": _question(form, question, text_of),
                    }
                    for question in step["questions"]
                ],
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
    }


def _rules(form: str, name: str, rules: list[Item]) -> list[dict[str, Any]]:
    return [
        {
            "type": "rule",
            "id": _id(form, name, str(number)),
            "value": {"target": rule[name], "condition": _condition(rule.get("condition"))},
        }
        for number, rule in enumerate(rules)
    ]


def _condition(condition: Item | None) -> dict[str, str]:
    if condition is None:
        return {"question": "", "operator": "", "answer": ""}
    return {
        "question": condition["question"],
        "operator": condition["operator"],
        "answer": rule_text(condition.get("value")),
    }


def _question(form: str, question: Item, text_of: TextOf) -> dict[str, Any]:
    key = question["key"]
    return {
        "label": text_of(question["label"]),
        "help": text_of(question.get("help")),
        "key": key,
        "type": question["type"],
        "required": bool(question.get("required")),
        "prefill": question.get("prefill") or "",
        "options": [
            {
                "type": "item",
                "id": _id(form, "option", key, option["value"]),
                "value": {"value": option["value"], "label": text_of(option["label"])},
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
        "condition": _condition(question.get("condition")),
    }
