"""The price as a page shows it: the table, the range, and the sum for the reader's own case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.models import BaseAmount
from core.money import Tiyin
from core.texts import pick
from languages.dates import format_number
from service_pages import fees, reference, vocabulary

Choice = dict[str, Any]


def price(
    content: Mapping[str, Any], params: QueryDict, day: date, language: str, *, here: str = ""
) -> dict[str, Any]:
    """Price of a passport with the texts of a language.

    `here`: the reader applies by this channel, so prices for others are neither shown nor asked
    about, unless there are no others.

    `params`: `case` (keys of fees, repeated), `channel`, `payer`, `discount`; unknown values
    choose nothing.
    """
    status = content["fee_status"]
    content, rules = _of_channel(content, fees.rules_in_force(content, day), here)
    shown: dict[str, Any] = {
        "status": status,
        "status_label": vocabulary.FeeStatus(status).label,
        "table": [],
        "several_channels": len({rule["channel"] for rule in rules}) > 1,
        "choices": [],
        "discounts": [],
    }
    if not rules:
        return shown
    try:
        base = BaseAmount.on(day)
    except LookupError:
        return shown | {"table": [_row(rule, None, language) for rule in rules]}
    keys = {rule["key"] for rule in rules}
    cases = [key for key in params.getlist("case") if key in keys]
    channel = _known(params.get("channel"), {rule["channel"] for rule in rules})
    payer = _known(params.get("payer"), {rule["payer"] for rule in rules})
    discounts = [
        discount
        for code, discount in reference.discounts().items()
        if code in content["discount_codes"]
    ]
    chosen = next((d for d in discounts if d.code == params.get("discount")), None)
    own = fees.quote(content, day, keys=cases, channel=channel, payer=payer, discount=chosen)
    lowest, highest = _range(content, rules, base)
    choices = _choices(content, rules, cases, channel, payer)
    return shown | {
        "base": base,
        "table": [_row(rule, base, language) for rule in rules],
        "lowest": lowest,
        "highest": highest,
        "choices": choices,
        "own": own,
        "own_lines": [row_of_line(line, language) for line in own.lines],
        "asked": bool(cases or channel or payer or chosen),
        "discounts": [
            {
                "code": discount.code,
                "percent": discount.percent,
                "chosen": discount == chosen,
                "groups": [pick(group["name"], language) for group in discount.groups],
                "exclusions": pick(discount.exclusions, language),
            }
            for discount in discounts
        ],
    }


def _of_channel(
    content: Mapping[str, Any], rules: list[fees.Rule], here: str
) -> tuple[Mapping[str, Any], list[fees.Rule]]:
    """The content and rules with those for other channels left out."""
    fitting = [rule for rule in rules if rule["channel"] in {"", here}]
    if not here or not fitting or len(fitting) == len(rules):
        return content, rules
    return {**content, "fees": fitting}, fitting


def _known(value: str | None, values: set[str]) -> str:
    return value if value and value in values else ""


def _decimal(multiplier: str | None, language: str) -> str:
    """`0,045` as the language writes it."""
    return format_number(Decimal(multiplier), language) if multiplier is not None else ""


def _row(rule: Mapping[str, Any], base: Tiyin | None, language: str) -> dict[str, Any]:
    return {
        "key": rule["key"],
        "kind": vocabulary.FeeKind(rule["kind"]).label,
        "label": _label(rule),
        "channel": vocabulary.Channel(rule["channel"]).label if rule["channel"] else "",
        "multiplier": rule["multiplier"],
        "multiplier_text": _decimal(rule["multiplier"], language),
        "amount": fees.amount_of(dict(rule), base) if base is not None else None,
        "optional": rule.get("optional", False),
        "legal_point": rule.get("legal_point") or "",
    }


def row_of_line(line: fees.Line, language: str) -> dict[str, Any]:
    """A fee of a quote as tables show it: kind, case, point of law, sums."""
    return {
        "kind": vocabulary.FeeKind(line.kind).label,
        "label": line.condition,
        "legal_point": line.legal_point,
        "multiplier_text": _decimal(
            str(line.multiplier) if line.multiplier is not None else None, language
        ),
        "amount": line.amount,
        "discount": line.discount,
        "due": line.due,
    }


def _label(rule: Mapping[str, Any]) -> str:
    """The case of a rule; its payer or kind where the case is not written."""
    if rule["condition"]:
        return str(rule["condition"])
    if rule["payer"]:
        return str(vocabulary.Payer(rule["payer"]).label)
    return str(vocabulary.FeeKind(rule["kind"]).label)


def _range(content: Mapping[str, Any], rules: list[fees.Rule], base: Tiyin) -> tuple[Tiyin, Tiyin]:
    """The least and the most that is paid, without what is only paid if asked for."""
    always, alternatives = fees.parted(content, rules)
    fixed = sum(fees.amount_of(rule, base) for rule in always if not rule.get("optional"))
    amounts = [
        [fees.amount_of(rule, base) for rule in group]
        for group in alternatives.values()
        if not fees.skippable(content, group)
    ]
    return (
        Tiyin(fixed + sum(min(group) for group in amounts)),
        Tiyin(fixed + sum(max(group) for group in amounts)),
    )


def _choices(
    content: Mapping[str, Any], rules: list[fees.Rule], cases: list[str], channel: str, payer: str
) -> list[Choice]:
    """What the reader is asked to know the own price: lists of options, one list a question."""
    always, alternatives = fees.parted(content, rules)
    choices = []
    for name, group in alternatives.items():
        optional = fees.skippable(content, group)
        if len(group) < 2 and not optional:
            continue
        if _tells_apart(group, "payer"):
            choices.append(_by_word("payer", _("Who pays"), group, vocabulary.Payer, payer))
        elif _tells_apart(group, "channel"):
            choices.append(
                _by_word("channel", _("Where you apply"), group, vocabulary.Channel, channel)
            )
        else:
            choices.append(_by_case(name, group, cases, optional))
    choices += [
        _by_case(rule["key"], [rule], cases, True) for rule in always if rule.get("optional")
    ]
    return choices


def _tells_apart(group: list[fees.Rule], field: str) -> bool:
    words = [rule[field] for rule in group]
    return all(words) and len(set(words)) == len(words)


def _by_word(name: str, label: str, group: list[fees.Rule], words: Any, chosen: str) -> Choice:
    return {
        "name": name,
        "id": f"fee-{name}",
        "label": label,
        "options": [
            {
                "value": rule[name],
                "label": words(rule[name]).label,
                "selected": rule[name] == chosen,
            }
            for rule in group
        ],
    }


def _by_case(name: str, group: list[fees.Rule], cases: list[str], optional: bool) -> Choice:
    options = [
        {"value": rule["key"], "label": _label(rule), "selected": rule["key"] in cases}
        for rule in group
    ]
    if optional:
        options.insert(0, {"value": "", "label": _("Not needed"), "selected": False})
    label = _("In addition") if optional else _("Your case")
    return {"name": "case", "id": f"fee-case-{name}", "label": label, "options": options}
