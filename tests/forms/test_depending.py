"""What a choice, an entry, a page on one screen hang on: where script and server once differed."""

from __future__ import annotations

import pytest

from forms import presenting
from forms.engine.paging import ALL, page
from forms.engine.schema import Schema
from forms.engine.validation import validate
from tests.forms.factories import question, small_form

pytestmark = pytest.mark.usefixtures("lists")


def test_a_sum_of_nothing_is_an_answer() -> None:
    form = Schema.from_json(
        small_form(
            question("paid", "money"),
            question("why", condition={"question": "paid", "operator": "lt", "value": "1"}),
        )
    )
    result = validate(form, None, {"paid": "0", "why": "Imtiyoz"}, "uz")
    assert (result.cleaned, result.errors) == ({"paid": 0, "why": "Imtiyoz"}, {})


def test_an_option_in_an_entry_hangs_on_the_entry() -> None:
    only_big = {"question": "size", "operator": "equals", "value": "big"}
    kind = question("kind", "choice", options=["car", "lorry"])
    kind["options"][1]["condition"] = only_big
    size = question("size", "choice", options=["big", "small"])
    form = Schema.from_json(small_form(question("v", "repeat", questions=[size, kind])))
    raw = {
        "v-item": ["0", "1"],
        "v-0-size": "small", "v-0-kind": "lorry", "v-1-size": "big", "v-1-kind": "lorry",
    }  # fmt: skip
    result = validate(form, None, raw, "uz")
    assert result.errors.keys() == {"v-0-kind"}
    assert result.cleaned["v"] == [{"size": "small"}, {"size": "big", "kind": "lorry"}]


def test_on_one_page_options_hang_on_answers_of_any_step() -> None:
    second = question("second", "choice", options=["x", "y"])
    second["options"][1]["condition"] = {"question": "first", "operator": "filled"}
    item = small_form(question("first", required=False)) | {"layout": "one_page"}
    item["steps"].append({"key": "two", "title": {"uz": "Ikkinchi"}, "questions": [second]})
    form = Schema.from_json(item)
    whole = page(form, ALL)
    assert whole is not None
    shown = presenting.step(form, whole, {}, "uz")[-1]
    assert [(one.value, bool(one.condition)) for one in shown.options] == [
        ("x", False),
        ("y", True),
    ]
