"""Prices: every check sum of the demonstration data, and properties that hold for all."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.models import BaseAmount
from core.money import TIYIN_IN_SOUM, soums
from service_pages import building, fees, pricing
from service_pages.models import Discount

CONTENT = Path(__file__).resolve().parents[2] / "site" / "demo" / "content"
TODAY = date(2026, 3, 5)


@cache
def data() -> dict[str, Any]:
    """The services of the demonstration."""
    return json.loads((CONTENT / "services.json").read_text())


def rule(item: dict[str, Any]) -> fees.Rule:
    """A rule as a version holds it."""
    return {
        "key": item["key"], "kind": item.get("kind", "levy"),
        "multiplier": item.get("multiplier_bhm"),
        "fixed_tiyin": soums(item["fixed_sum_uzs"]) if item.get("fixed_sum_uzs") else None,
        "channel": building._named(item.get("channel")), "payer": building._named(item.get("payer")),
        "group": item.get("group", ""), "optional": item.get("optional", False),
        "condition": (item.get("condition") or {}).get("uz", ""),
        "effective_from": item.get("effective_from"), "effective_to": item.get("effective_to"),
    }  # fmt: skip


def content(record: dict[str, Any]) -> dict[str, Any]:
    """What fees need of a version."""
    items = building._grouped(record["fees"], record["fee_mode"])
    return {
        "fee_mode": record["fee_mode"],
        "fee_status": record.get("fee_status", "paid"),
        "discount_codes": record.get("discount_codes", []),
        "fees": [rule(item) for item in items],
    }


def service(key: str) -> dict[str, Any]:
    """What fees need of a service of the demonstration."""
    return content(next(item for item in data()["items"] if item["key"] == key))


def soc50() -> Discount:
    """The social discount of the demonstration, not saved."""
    item = data()["discounts"][0]
    return Discount(
        code="SOC50", percent=item["percent"], applies_to=item["applies_to"],
        channels=item["channels"], groups=item["groups"], exclusions=item["exclusions"],
    )  # fmt: skip


@pytest.fixture
def base_amounts(db: None) -> None:
    for day, amount in ((date(2024, 10, 1), 375000), (date(2025, 8, 1), 412000)):
        BaseAmount.objects.create(effective_from=day, amount_tiyin=soums(amount))


@pytest.mark.usefixtures("base_amounts")
class TestPrices:
    @pytest.mark.parametrize(
        "record", [r for r in data()["items"] if r["fees"]], ids=lambda r: r["key"]
    )
    def test_every_check_sum(self, record: dict[str, Any]) -> None:
        for item in record["fees"]:
            alone = content(record | {"fees": [item], "fee_mode": "single"})
            quote = fees.quote(alone, TODAY)
            assert quote.total == soums(item["check_sum_uzs"]), item["key"]

    def test_the_price_follows_the_base_amount_of_the_day(self) -> None:
        passport = service("birth-certificate-extract")
        assert fees.quote(passport, date(2025, 7, 31)).total == soums(16875)
        assert fees.quote(passport, date(2025, 8, 1)).total == soums(18540)
        BaseAmount.objects.create(effective_from=date(2026, 1, 1), amount_tiyin=soums(500000))
        assert fees.quote(passport, TODAY).total == soums(22500)
        assert fees.quote(passport, date(2025, 12, 31)).total == soums(18540)

    def test_no_base_amount_is_an_error_and_no_price(self) -> None:
        with pytest.raises(LookupError):
            fees.quote(service("birth-certificate-extract"), date(1990, 1, 1))

    def test_modes(self) -> None:
        assert fees.quote(service("birth-certificate-extract-fast"), TODAY).total == soums(224540)
        assert not fees.quote(service("kindergarten-place"), TODAY).lines
        planning = service("architectural-planning-assignment")
        assert fees.quote(planning, TODAY).total == soums(370800 + 1648000)
        assert fees.quote(planning, TODAY, key="large_house").total == soums(370800 + 412000)
        tinting = service("window-tinting")
        assert fees.quote(tinting, TODAY).total == soums(2966400)
        assert fees.quote(tinting, TODAY, key="bus").total == soums(14832000)

    def test_a_rule_made_for_the_payer_or_channel_wins(self) -> None:
        licence = service("road-carriage-licence")
        assert fees.quote(licence, TODAY, payer="self_employed").total == soums(370800)
        assert fees.quote(licence, TODAY, payer="legal_entity").total == soums(741600)
        tinting = service("window-tinting")
        assert fees.quote(tinting, TODAY, payer="foreign_legal_entity").total == soums(5191200)
        land = service("land-privatisation")
        assert fees.quote(land, TODAY, channel="dxm").total == soums(412000)
        assert fees.quote(land, TODAY, channel="portal").total == soums(37080)

    def test_what_is_optional_is_paid_only_if_asked_for(self) -> None:
        passport = content({
            "fee_mode": "mixed",
            "fees": [
                {"key": "base", "fixed_sum_uzs": 8000},
                {"key": "sheet", "fixed_sum_uzs": 400, "optional": True},
                {"key": "day", "fixed_sum_uzs": 900, "group": "visit", "optional": True},
                {"key": "week", "fixed_sum_uzs": 500, "group": "visit", "optional": True},
            ],
        })  # fmt: skip
        assert fees.quote(passport, TODAY).total == soums(8000)
        assert fees.quote(passport, TODAY, keys=["sheet", "week"]).total == soums(8900)

    def test_rules_hold_between_their_dates(self) -> None:
        passport = content({
            "fee_mode": "single",
            "fees": [
                {"key": "old", "fixed_sum_uzs": 100, "effective_to": "2025-12-31"},
                {"key": "new", "fixed_sum_uzs": 200, "effective_from": "2026-01-01"},
            ],
        })  # fmt: skip
        assert fees.quote(passport, date(2025, 12, 31)).total == soums(100)
        assert fees.quote(passport, date(2026, 1, 1)).total == soums(200)

    def test_the_social_discount(self) -> None:
        passport = service("birth-certificate-extract")
        quote = fees.quote(passport, TODAY, discount=soc50())
        assert (quote.total, quote.discounted) == (soums(9270), soums(9270))
        meter = service("water-meter-calibration")
        legal = fees.quote(meter, TODAY, payer="legal_entity", discount=soc50())
        assert not legal.discounted

    def test_the_page_asks_what_the_price_depends_on(self) -> None:
        def asked(key: str) -> list[str]:
            shown = pricing.price(service(key), QueryDict(""), TODAY, "uz")
            return [choice["name"] for choice in shown["choices"]]

        assert asked("e-signature") == ["payer"]
        assert asked("land-privatisation") == ["channel"]
        assert asked("window-tinting") == ["case"]
        assert asked("architectural-planning-assignment") == ["case"]
        assert asked("birth-certificate-extract") == []

    def test_the_page_computes_the_readers_sum(self) -> None:
        django_cache.clear()
        soc50().save()
        passport = service("birth-certificate-extract")
        shown = pricing.price(passport, QueryDict("discount=SOC50"), TODAY, "uz")
        assert shown["asked"]
        assert shown["own"].total == soums(9270)
        planning = service("architectural-planning-assignment")
        shown = pricing.price(planning, QueryDict("case=reconstruction"), TODAY, "uz")
        assert shown["own"].total == soums(370800 + 1442000)
        assert (shown["lowest"], shown["highest"]) == (soums(782800), soums(2018800))

    @pytest.mark.parametrize(
        "query", ["case=yoq", "channel=dxm", "payer=<b>", "discount=X", "case=" + "a" * 9999]
    )
    def test_unknown_choices_choose_nothing(self, query: str) -> None:
        passport = service("birth-certificate-extract")
        shown = pricing.price(passport, QueryDict(query), TODAY, "uz")
        assert not shown["asked"]
        assert shown["own"].total == soums(18540)

    def test_without_a_base_amount_the_page_shows_multiples_only(self) -> None:
        passport = service("birth-certificate-extract")
        shown = pricing.price(passport, QueryDict(""), date(1990, 1, 1), "uz")
        assert shown["table"][0]["amount"] is None
        assert shown["table"][0]["multiplier_text"] == "0,045"
        assert "lowest" not in shown


factors = st.decimals(min_value=0, max_value=99999, places=4, allow_nan=False)
fixed = st.integers(min_value=1, max_value=10**9)
any_rule = st.one_of(
    factors.map(lambda factor: {"multiplier_bhm": str(factor)}),
    fixed.map(lambda amount: {"fixed_sum_uzs": amount}),
)
modes = st.sampled_from(["none", "single", "choose_one", "sum", "mixed"])


class TestAnyPassport(TestCase):
    """Whatever an editor writes, the sums add up."""

    @classmethod
    def setUpTestData(cls) -> None:
        BaseAmount.objects.create(effective_from=date(2025, 8, 1), amount_tiyin=soums(412000))

    @given(st.lists(any_rule, max_size=6), modes, st.booleans(), st.integers(1, 100), st.data())
    def test_sums_add_up(
        self, rules: list[dict[str, Any]], mode: str, with_discount: bool, share: int, more: Any
    ) -> None:
        groups = st.sampled_from(["", "a", "b"])
        items = [
            item
            | {"key": f"k{n}", "group": more.draw(groups), "optional": more.draw(st.booleans())}
            for n, item in enumerate(rules)
        ]
        keys = more.draw(st.sets(st.sampled_from([i["key"] for i in items] + ["zz"])))
        passport = content({"fee_mode": mode, "fees": items})
        discount = soc50()
        discount.percent = share
        quote = fees.quote(passport, TODAY, keys=keys, discount=discount if with_discount else None)
        assert quote.total == sum(line.due for line in quote.lines)
        assert quote.total + quote.discounted == sum(line.amount for line in quote.lines)
        for line in quote.lines:
            assert 0 <= line.discount <= line.amount
            assert line.amount % TIYIN_IN_SOUM == 0
            assert line.discount % TIYIN_IN_SOUM == 0
        assert len({line.key for line in quote.lines}) == len(quote.lines)
        if mode in {"single", "choose_one"}:
            assert len(quote.lines) == min(1, len(items))
        if mode == "none":
            assert not quote.lines

    @given(factors)
    def test_a_multiple_is_rounded_to_a_whole_soum(self, factor: Decimal) -> None:
        passport = content(
            {"fee_mode": "single", "fees": [{"key": "a", "multiplier_bhm": str(factor)}]}
        )
        exact = Decimal(412000) * factor
        assert abs(Decimal(fees.quote(passport, TODAY).total) / 100 - exact) <= Decimal("0.5")
