"""What a service costs: rules of the passport × the base amount in force, in whole tiyin.

A stored sum goes stale (seen on the real portal), so no sum is stored. The kinds are those of
the law: state duty, levy, price of the service. Discounts, such as 50 % for persons in the
social-protection register (decree PF-6269 of 24.07.2021), are rows that passports refer to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import BaseAmount
from core.money import Tiyin, multiply, percent
from service_pages.models.rows import Discount

Rule = dict[str, Any]
NOTHING = Tiyin(0)
#: The group of rules that are all alternatives (modes `single` and `choose_one`).
ALL = ""


@dataclass(frozen=True)
class Line:
    """One fee of a quote."""

    key: str
    kind: str
    #: The case, in the reader's language.
    condition: str
    channel: str
    payer: str
    #: Multiple of the base amount, or None for a fixed sum.
    multiplier: Decimal | None
    amount: Tiyin
    discount: Tiyin = NOTHING
    #: The point of law that sets the fee, in the reader's language; empty where none is written.
    legal_point: str = ""

    @property
    def due(self) -> Tiyin:
        """What is paid."""
        return Tiyin(self.amount - self.discount)


@dataclass(frozen=True)
class Quote:
    """The price for one case on one day."""

    lines: tuple[Line, ...]
    base_amount: Tiyin
    on: date

    @property
    def total(self) -> Tiyin:
        """What is paid altogether."""
        return Tiyin(sum(line.due for line in self.lines))

    @property
    def discounted(self) -> Tiyin:
        """What the discount takes off."""
        return Tiyin(sum(line.discount for line in self.lines))


def amount_of(rule: Rule, base: Tiyin) -> Tiyin:
    """The amount of one rule of a passport at a base amount."""
    if rule["multiplier"] is not None:
        return multiply(base, Decimal(rule["multiplier"]))
    return Tiyin(rule["fixed_tiyin"])


def rules_in_force(content: Mapping[str, Any], on: date) -> list[Rule]:
    """The fee rules that hold on a day."""
    day = on.isoformat()
    return [
        rule
        for rule in content["fees"]
        if (rule["effective_from"] or "") <= day <= (rule["effective_to"] or "9999")
    ]


def parted(
    content: Mapping[str, Any], rules: list[Rule]
) -> tuple[list[Rule], dict[str, list[Rule]]]:
    """(rules paid in every case or only if asked for, group → its alternatives).

    `single` and `choose_one` have one group of alternatives, `sum` has none, `mixed` has the
    groups that its rules name.
    """
    mode = content["fee_mode"]
    if mode == "sum":
        return rules, {}
    if mode != "mixed":
        return [], ({ALL: rules} if rules else {})
    alternatives: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.get("group"):
            alternatives.setdefault(rule["group"], []).append(rule)
    return [rule for rule in rules if not rule.get("group")], alternatives


def skippable(content: Mapping[str, Any], group: list[Rule]) -> bool:
    """Whether alternatives are only paid if asked for; outside `mixed` one is always paid."""
    return content["fee_mode"] == "mixed" and all(rule.get("optional") for rule in group)


def quote(
    content: Mapping[str, Any],
    on: date,
    *,
    key: str = "",
    keys: Collection[str] = (),
    channel: str = "",
    payer: str = "",
    discount: Discount | None = None,
) -> Quote:
    """The price of a passport (texts of one language) on a day.

    `key` or `keys` choose among alternatives and name what is only paid if asked for; `channel`
    and `payer` leave out rules for others and prefer rules made for them. Where nothing is chosen
    the first alternative is taken, and nothing of what is optional. Raises LookupError where no
    base amount is known for the day.
    """
    base = BaseAmount.on(on)
    chosen = {*keys, key} - {""}
    if content["fee_mode"] == "none":
        return Quote((), base, on)
    rules = [
        rule
        for rule in rules_in_force(content, on)
        if (not channel or rule["channel"] in {"", channel})
        and (not payer or rule["payer"] in {"", payer})
    ]
    always, alternatives = parted(content, rules)
    taken = [rule for rule in always if not rule.get("optional") or rule["key"] in chosen]
    for group in alternatives.values():
        if not skippable(content, group) or any(rule["key"] in chosen for rule in group):
            taken += _one_of(group, chosen, channel, payer)
    order = {rule["key"]: place for place, rule in enumerate(rules)}
    taken.sort(key=lambda rule: order[rule["key"]])
    return Quote(tuple(_line(rule, base, discount, payer) for rule in taken), base, on)


def _one_of(group: list[Rule], chosen: set[str], channel: str, payer: str) -> list[Rule]:
    """The alternative that was chosen, else the one made for the payer and channel, else the
    first."""
    named = [rule for rule in group if rule["key"] in chosen]
    if named:
        return named[:1]
    fitting = sorted(
        group,
        key=lambda rule: (
            (bool(payer) and rule["payer"] == payer)
            + (bool(channel) and rule["channel"] == channel)
        ),
        reverse=True,
    )
    return fitting[:1]


def for_channel(content: Mapping[str, Any], on: date, key: str, channels: Sequence[str]) -> str:
    """The key of the rule made for the first of `channels`, where `key` is one of alternatives
    that the channel alone tells apart (the portal's own lower price); `key` itself otherwise."""
    rules = rules_in_force(content, on)
    groups = [*parted(content, rules)[1].values(), []]
    group = next((one for one in groups if any(rule["key"] == key for rule in one)), [])
    by_channel = {rule["channel"]: rule["key"] for rule in group if rule["channel"]}
    if len(group) < 2 or len(by_channel) < len(group):
        return key
    return next((by_channel[channel] for channel in channels if channel in by_channel), key)


def discount_applies(rule: Mapping[str, Any], discount: Discount, payer: str = "") -> bool:
    """Whether a discount lowers a fee: by kind and channel, and never for a legal entity."""
    return (
        rule["kind"] in discount.applies_to
        and (not rule["channel"] or rule["channel"] in discount.channels)
        and "legal_entity" not in {rule["payer"], payer}
        and "foreign_legal_entity" not in {rule["payer"], payer}
    )


def _line(rule: Rule, base: Tiyin, discount: Discount | None, payer: str = "") -> Line:
    amount = amount_of(rule, base)
    off = NOTHING
    if discount is not None and discount_applies(rule, discount, payer):
        off = percent(amount, discount.percent)
    return Line(
        key=rule["key"],
        kind=rule["kind"],
        condition=rule["condition"],
        channel=rule["channel"],
        payer=rule["payer"],
        multiplier=Decimal(rule["multiplier"]) if rule["multiplier"] is not None else None,
        amount=amount,
        discount=off,
        legal_point=rule.get("legal_point") or "",
    )
