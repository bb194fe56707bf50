"""Which questions are asked, and what follows from the answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.engine.conditions import holds, kept, visible
from forms.engine.routing import agency_key
from forms.engine.rules import discount_code, fee_keys
from forms.engine.schema import Condition, Question, Schema
from forms.engine.terms import term_key
from tests.forms.factories import filled_answers, question, schema, small_form

#: type of the question, its answer, operator, value, whether it holds. The browser's script is
#: held to the same table (tests/forms/test_script.py).
TABLE: list[tuple[str, Any, str, Any, bool]] = [
    ("choice", "a", "equals", "a", True),
    ("choice", "a", "equals", "b", False),
    ("choice", None, "equals", "a", False),
    ("choice", "a", "not_equals", "b", True),
    ("choice", "a", "not_equals", "a", False),
    ("choice", None, "not_equals", "a", False),
    ("choice", "", "not_equals", "a", False),
    ("choice", "a", "in", ["a", "b"], True),
    ("choice", "c", "in", ["a", "b"], False),
    ("choice", None, "in", ["a"], False),
    ("choice", "a", "filled", None, True),
    ("choice", None, "filled", None, False),
    ("choice", None, "empty", None, True),
    ("choice", "a", "empty", None, False),
    ("checkbox", True, "equals", True, True),
    ("checkbox", None, "equals", True, False),
    ("checkbox", True, "equals", "true", False),
    ("checkbox", True, "not_equals", True, False),
    ("checkbox", None, "not_equals", True, False),
    ("checkbox", None, "empty", None, True),
    ("multi_choice", ["a", "b"], "contains", "a", True),
    ("multi_choice", ["b"], "contains", "a", False),
    ("multi_choice", [], "contains", "a", False),
    ("multi_choice", None, "contains", "a", False),
    ("multi_choice", [], "empty", None, True),
    ("multi_choice", ["a"], "filled", None, True),
    ("number", "5", "gt", 4, True),
    ("number", "5", "gt", "5", False),
    ("number", "5", "lt", "5.5", True),
    ("number", "12", "gt", "9", True),
    ("number", "5.0", "equals", 5, True),
    ("number", "5", "not_equals", "6", True),
    ("number", "5", "in", ["4", "5"], True),
    ("number", None, "lt", 5, False),
    ("date", "2026-03-05", "gt", "2026-03-04", True),
    ("date", "2026-03-05", "lt", "2026-03-04", False),
    ("date", "2026-03-05", "gt", "2026-03-05", False),
    ("date", None, "gt", "2026-03-05", False),
    ("text", "ha", "equals", "ha", True),
    ("text", "ha", "gt", "a", False),
]


def asked(kind: str) -> Question:
    return Question.from_json(question("q", kind))


@pytest.mark.parametrize(("kind", "answer", "operator", "value", "expected"), TABLE)
def test_operators(kind: str, answer: Any, operator: str, value: Any, expected: bool) -> None:
    condition = Condition("q", operator, value)
    assert holds(condition, {"q": answer}, asked(kind)) is expected


@pytest.mark.parametrize("operator", ["equals", "not_equals", "in", "contains", "filled", "empty"])
def test_on_a_hidden_question_every_operator_is_false(operator: str) -> None:
    assert holds(Condition("q", operator, "a"), {"q": "a"}, None) is False


def test_money_is_compared_in_soum() -> None:
    condition = Condition("q", "gt", "1000")
    assert holds(condition, {"q": 100_001}, asked("money"))
    assert not holds(condition, {"q": 100_000}, asked("money"))


def chain() -> Schema:
    return Schema.from_json(
        small_form(
            question("a", "choice", options=["yes", "no"]),
            question("b", "choice", options=["yes", "no"],
                     condition={"question": "a", "operator": "equals", "value": "yes"}),
            question("c", condition={"question": "b", "operator": "not_equals", "value": "no"}),
        )
    )  # fmt: skip


def test_conditions_chain_and_hidden_answers_count_for_nothing() -> None:
    form = chain()
    assert visible(form, {"a": "yes", "b": "yes"}) == {"a", "b", "c"}
    # b and c were answered before a was changed.
    assert visible(form, {"a": "no", "b": "yes", "c": "x"}) == {"a"}
    assert kept(form, {"a": "no", "b": "yes", "c": "x", "stranger": 1}) == {"a": "no"}


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["yes", "no", "", None, True, 3])))
def test_kept_is_stable(answers: dict[str, Any]) -> None:
    form = chain()
    once = kept(form, answers)
    assert kept(form, once) == once
    assert visible(form, once) == visible(form, answers)


@pytest.mark.parametrize(
    ("key", "chosen", "agency"),
    [
        ("form-kindergarten", {"district": "nukus"}, "own"),
        ("form-state-housing", {"district": "amudaryo"}, "amudaryo-hokimligi"),
        ("form-appeal", {"addressee_type": "hokimiyat", "addressee_district": "nukus"}, "nukus-hokimligi"),
        ("form-appeal", {"addressee_type": "republic_body", "addressee_agency": "suv"}, "suv"),
        ("form-window-tinting", {}, "own"),
    ],
)  # fmt: skip
def test_routing(key: str, chosen: dict[str, Any], agency: str, lists: None) -> None:
    form = schema(key)
    assert agency_key(form, filled_answers(form, chosen), "own") == agency


def test_routing_ignores_hidden_answers(lists: None) -> None:
    form = schema("form-appeal")
    answers = {"addressee_type": "republic_body", "addressee_district": "nukus"}
    assert agency_key(form, answers, "own") == "own"


@pytest.mark.parametrize(
    ("key", "chosen", "term"),
    [
        ("form-travel-passport", {"age_group": "16_25"}, "age_16_25"),
        ("form-travel-passport", {"age_group": "under_16"}, "standard"),
        ("form-business-reregistration", {"change_types": ["share", "head"]}, "capital_change"),
        ("form-business-reregistration", {"change_types": ["head"]}, "standard"),
        ("form-appeal", {"appeal_kind": "taklif"}, "proposal"),
        ("form-appeal", {"appeal_kind": "ariza"}, "application"),
        ("form-kindergarten", {}, ""),
    ],
)
def test_terms(key: str, chosen: dict[str, Any], term: str) -> None:
    assert term_key(schema(key), chosen) == term


@pytest.mark.parametrize(
    ("key", "answers", "fees"),
    [
        ("form-window-tinting", {"owner_type": "foreign_legal_entity", "vehicle_class": "car"}, ["foreign"]),
        ("form-window-tinting", {"owner_type": "individual", "vehicle_class": "car"}, ["car"]),
        ("form-planning-assignment", {"work_type": "reconstruction"}, ["levy", "reconstruction"]),
        ("form-birth-certificate", {}, ["main"]),
        ("form-kindergarten", {}, []),
    ],
)  # fmt: skip
def test_fees(key: str, answers: dict[str, Any], fees: list[str]) -> None:
    assert fee_keys(schema(key), answers) == fees


def test_discount() -> None:
    form = schema("form-window-tinting")
    group = next(o.value for o in form.by_key["social_group"].options if o.value != "none")
    assert discount_code(form, {"owner_type": "individual", "social_group": group}) == "SOC50"
    assert discount_code(form, {"owner_type": "individual", "social_group": "none"}) == ""
    assert discount_code(form, {"owner_type": "legal_entity", "social_group": group}) == ""
    assert discount_code(schema("form-kindergarten"), {}) == ""
