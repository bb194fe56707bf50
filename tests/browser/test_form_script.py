"""The script of a form decides as the server does: one table, and thousands of generated pages."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

from forms import presenting
from forms.engine.conditions import holds
from forms.engine.schema import Condition, Schema
from forms.engine.validation import validate
from tests.forms.factories import question, small_form
from tests.forms.test_conditions import TABLE, asked

SCRIPT = Path(__file__).resolve().parents[2] / "forms" / "static" / "forms" / "conditions.js"


def when(on: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"condition": {"question": on, "operator": operator, "value": value}}


FORM = Schema.from_json(
    small_form(
        question("kind", "choice", options=["a", "b", "c"], required=False),
        question("agrees", "checkbox", required=False, **when("kind", "in", ["a", "b"])),
        question("many", "multi_choice", options=["x", "y"], required=False),
        question("count", "number", required=False, validation={"max": 100}),
        question("day", "date", required=False, **when("many", "contains", "x")),
        question("later", required=False, **when("day", "gt", "2026-03-05")),
        question("big", required=False, **when("count", "gt", "9")),
        question("small", required=False, **when("count", "lt", "3.5")),
        question("other", required=False, **when("kind", "not_equals", "c")),
        question("none", required=False, **when("many", "empty")),
        question("chained", required=False, **when("agrees", "equals", True)),
        question("last", required=False, **when("chained", "filled")),
    )
)
#: What is typed; answers that the server would refuse are left to it.
TYPED: dict[str, list[Any]] = {
    "kind": ["", "a", "b", "c"],
    "agrees": ["", "on"],
    "many": [[], ["x"], ["y"], ["x", "y"]],
    "count": ["", "0", "3,5", "9", "10", " 1 0 "],
    "day": [("", "", ""), ("5", "3", "2026"), ("06", "03", "2026"), ("1", "1", "2030")],
    "chained": ["", "  ", "bor"],
}

_ASK = """cases => {
  const form = document.querySelector("form");
  const all = (root, found = []) => {
    root.querySelectorAll("[name]").forEach(input => found.push(input));
    root.querySelectorAll("template").forEach(inner => all(inner.content, found));
    return found;
  };
  return cases.map(values => {
    all(form).forEach(input => {
      const given = values[input.name];
      if (given === undefined) { return; }
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = [].concat(given).includes(input.value);
      } else { input.value = given; }
    });
    form.dispatchEvent(new Event("change"));
    return [...form.querySelectorAll("div[data-question]")].map(box => box.dataset.question);
  });
}"""


def page_of(browser: Browser, html: str) -> Page:
    page = browser.new_page()
    page.set_content(html)
    page.add_script_tag(path=SCRIPT)
    return page


def test_the_table_of_conditions(browser: Browser) -> None:
    page = page_of(browser, "<p>table</p>")
    rows = [
        [{"question": "q", "operator": operator, "value": value}, {"type": kind, "value": answer}]
        for kind, answer, operator, value, _expected in TABLE
    ]
    found = page.evaluate("rows => rows.map(([c, a]) => portalConditions.holds(c, a))", rows)
    assert found == [expected for *_rest, expected in TABLE]
    assert (
        page.evaluate("portalConditions.holds({question: 'q', operator: 'empty'}, undefined)")
        is False
    )
    page.close()


def test_generated_conditions(browser: Browser) -> None:
    page = page_of(browser, "<p>generated</p>")
    choose = random.Random(7)
    answers = [None, "", "a", "b", True, ["a"], ["a", "b"], [], "5", "5.0", "12", "2026-03-05"]
    values = ["a", "b", True, 5, "5", "4.9", ["a", "5"], "2026-03-04", "2026-03-05", None, ""]
    kinds = ["text", "choice", "checkbox", "multi_choice", "number", "date"]
    operators = ["equals", "not_equals", "in", "contains", "filled", "empty", "gt", "lt"]
    cases = [
        tuple(choose.choice(part) for part in (kinds, answers, operators, values))
        for _number in range(4000)
    ]
    rows = [
        [{"question": "q", "operator": o, "value": v}, {"type": k, "value": a}]
        for k, a, o, v in cases
    ]
    found = page.evaluate("rows => rows.map(([c, a]) => portalConditions.holds(c, a))", rows)
    for (kind, given, operator, value), said in zip(cases, found, strict=True):
        expected = holds(Condition("q", operator, value), {"q": given}, asked(kind))
        assert said is expected, (kind, given, operator, value)
    page.close()


def raw_of(values: dict[str, Any]) -> dict[str, Any]:
    day, month, year = values["day"]
    rest = {key: value for key, value in values.items() if key != "day"}
    return rest | {"day-day": day, "day-month": month, "day-year": year}


@pytest.mark.django_db
def test_pages_hide_and_show_what_the_server_would_ask(browser: Browser) -> None:
    boxes = [
        {"question": shown, "html": render_to_string("forms/question.html", {"question": shown})}
        for shown in presenting.step(FORM, FORM.steps[0], {}, "uz")
    ]
    html = "".join(
        f"""<{"div" if box["question"].asked else "template"} data-question="{box["question"].key}"
        data-type="{box["question"].type}" data-condition='{box["question"].condition}'>{box["html"]}
        </{"div" if box["question"].asked else "template"}>"""
        for box in boxes
    )
    page = page_of(browser, f"<form data-conditions>{html}</form>")
    choose = random.Random(11)
    cases = [
        raw_of({key: choose.choice(values) for key, values in TYPED.items()})
        for _number in range(1500)
    ]
    found = page.evaluate(_ASK, json.loads(json.dumps(cases)))
    for raw, shown in zip(cases, found, strict=True):
        assert set(shown) == validate(FORM, None, raw, "uz").asked, raw
    page.close()
