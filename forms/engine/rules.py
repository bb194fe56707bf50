"""What follows from the answers: which term, which fees, which discount of the passport."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forms.engine.conditions import decide, visible
from forms.engine.schema import Rule, Schema


def _holding(schema: Schema, rules: Iterable[Rule], answers: Mapping[str, Any]) -> list[str]:
    asked = visible(schema, answers)
    return [rule.target for rule in rules if decide(rule.condition, schema.by_key, answers, asked)]


def term_key(schema: Schema, answers: Mapping[str, Any]) -> str:
    """Key of the passport's term: that of the first rule that holds; "" where none does."""
    return next(iter(_holding(schema, schema.term_rules, answers)), "")


def fee_keys(schema: Schema, answers: Mapping[str, Any]) -> list[str]:
    """Keys of the passport's fees: the first rule's that holds, all of them (`sum`), or none."""
    if schema.fee_mode == "none":
        return []
    found = _holding(schema, schema.fee_rules, answers)
    return found if schema.fee_mode == "sum" else found[:1]


def discount_code(schema: Schema, answers: Mapping[str, Any]) -> str:
    """Code of the discount that the answers give a right to; "" where none."""
    if schema.discount_rule is None:
        return ""
    return next(iter(_holding(schema, [schema.discount_rule], answers)), "")
