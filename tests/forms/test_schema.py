"""The schema: all forms of the demonstration, hashes, what is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from core.texts import complete
from forms.engine.checking import problems
from forms.engine.schema import Schema, SchemaError
from tests.forms.factories import items, keys, question, schema, small_form

LANGUAGES = {"uz", "uz_cyrl", "uz-cyrl", "kaa", "ru", "en"}


def completed(value: Any) -> Any:
    """JSON with every text map in the portal's codes and with the Cyrillic text."""
    if isinstance(value, dict):
        if value and value.keys() <= LANGUAGES:
            return complete(value)
        return {key: completed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [completed(part) for part in value]
    return value


def test_there_are_eighteen_forms_and_one_of_the_portal() -> None:
    assert len(keys()) == 19


@pytest.mark.parametrize("key", keys())
def test_json_round_trip(key: str) -> None:
    data = schema(key).to_json()
    assert {k: v for k, v in data.items() if k != "schema_version"} == completed(items()[key])
    assert Schema.from_json(data) == schema(key)
    assert problems(schema(key)) == []


def test_a_text_changes_the_content_and_not_the_structure() -> None:
    before = schema("form-kindergarten")
    data = copy.deepcopy(before.to_json())
    data["steps"][0]["questions"][0]["label"]["ru"] = "Иначе"
    after = Schema.from_json(data)
    assert after.structure_hash == before.structure_hash
    assert after.content_hash != before.content_hash


@pytest.mark.parametrize(
    "change",
    [
        lambda q: q.update(key="other"),
        lambda q: q.update(required=False),
        lambda q: q["validation"].update(max_length=7),
        lambda q: q.update(type="textarea"),
    ],
)
def test_what_decides_about_answers_changes_the_structure(change: Any) -> None:
    data = small_form(question("first", validation={"max_length": 9}))
    before = Schema.from_json(data)
    change(data["steps"][0]["questions"][0])
    assert Schema.from_json(data).structure_hash != before.structure_hash


def test_the_number_of_the_version_is_no_content() -> None:
    data = schema("form-appeal").to_json()
    assert (
        Schema.from_json(data | {"version": 9}).content_hash == schema("form-appeal").content_hash
    )


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, "text", {"key": 1}, small_form(question("a")) | {"steps": {}},
        small_form(question("a")) | {"steps": [1]}, small_form({"key": "a"}),
        small_form(question("a", options=[]) | {"options": [{"value": 3, "label": {}}]}),
        small_form(question("a", condition={"question": "b", "operator": "like", "value": 1})),
        small_form(question("a", condition=7)), small_form(question("a"), fee_mode="all"),
        small_form(question("a"), schema_version=99), small_form(question("a", label={"uz": 1})),
        small_form(question("a"), audience=[1]), small_form(question("a", required="yes")),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_a_schema_error(data: Any) -> None:
    with pytest.raises(SchemaError):
        Schema.from_json(data)


CHOICE = question("kind", "choice", options=["a", "b"])


def condition(on: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"condition": {"question": on, "operator": operator, "value": value}}


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ([question("a"), question("a")], "Two questions have the key"),
        ([question("Bad Key")], "cannot be the key"),
        ([question("a", **condition("b", "equals", "x")), question("b")], "not asked before"),
        ([question("a", **condition("gone", "filled"))], "does not exist"),
        ([CHOICE, question("a", **condition("kind", "equals", "c"))], "lacks"),
        ([CHOICE, question("a", **condition("kind", "in", ["a", "c"]))], "lacks"),
        ([CHOICE, question("a", **condition("kind", "contains", "a"))], "does not suit"),
        ([CHOICE, question("a", **condition("kind", "gt", 3))], "does not suit"),
        ([question("n", "number"), question("a", **condition("n", "gt", "x"))], "compared"),
        ([question("n"), question("a", **condition("n", "equals"))], "no value"),
        ([question("b", "checkbox"), question("a", **condition("b", "equals", False))], "true"),
        ([question("a", "choice")], "offers no answers"),
        ([question("a", "choice", options=["x", "x"])], "twice"),
        ([question("a", "colour")], "no type"),
        ([question("a", validation={"regex": "("})], "regex"),
        ([question("a", validation={"max_length": "ten"})], "max_length"),
        ([question("a", "date", validation={"min": "yesterday"})], "min"),
        ([question("a", "date", validation={"min_question": "later"})], "min_question"),
        ([question("a", "number", validation={"max": "many"})], "max"),
        ([question("a", "file", validation={"extensions": ["exe"]})], "extensions"),
        ([question("a", "file", validation={"accept": ["text/html"]})], "accept"),
    ],
)
def test_parts_that_do_not_fit_are_named(questions: list[dict[str, Any]], words: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        found = [str(flaw) for flaw in problems(Schema.from_json(small_form(*questions)))]
    assert any(words in text for text in found), found


def test_rules_are_checked_too() -> None:
    data = small_form(
        CHOICE,
        routing_rule={"agency_pattern": "{town}-hokimligi"},
        fee_mode="sum",
        term_rules=[{"term": "t", **condition("kind", "equals", "c")}],
    )
    assert len(problems(Schema.from_json(data))) == 3


def test_a_form_without_questions_or_with_reserved_steps_is_refused() -> None:
    data = small_form()
    data["steps"][0]["key"] = "check"
    assert len(problems(Schema.from_json(data))) == 3
