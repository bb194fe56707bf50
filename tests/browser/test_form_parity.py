"""On forms made by chance the script decides, offers and computes as the server does.

What the server reads is what Chromium would really send, so a hidden question cannot slip through.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from playwright.sync_api import Browser

from forms import presenting
from forms.engine import types
from forms.engine.conditions import decide, is_asked, narrowed, visible_in
from forms.engine.paging import ALL
from forms.engine.paging import page as page_of_form
from forms.engine.schema import Schema
from forms.engine.types.groups import input_name
from forms.engine.validation import Result, validate
from tests.forms import generated

SCRIPT = Path(__file__).resolve().parents[2] / "forms" / "static" / "forms" / "conditions.js"
FORMS, CASES = 60, 60

_RUN = """([html, cases]) => {
  document.body.innerHTML = "";
  const form = document.createElement("form");
  form.innerHTML = html;
  document.body.appendChild(form);
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
    portalConditions.update(form);
    const boxes = [...form.querySelectorAll("div[data-question]")];
    const offered = {}, computed = {};
    boxes.forEach(box => {
      const key = box.dataset.question;
      const options = [...box.querySelectorAll(":scope > fieldset > .choice input, :scope option")];
      if (options.length && box.dataset.type !== "repeat") {
        offered[key] = options.filter(o => o.value && !o.disabled).map(o => o.value);
      }
      const output = box.querySelector("output");
      if (output && box.dataset.type === "calculated") { computed[key] = output.textContent; }
    });
    return { shown: boxes.map(box => box.dataset.question), offered, computed,
             sent: [...new FormData(form)] };
  });
}"""


def html_of(schema: Schema) -> str:
    """All boxes of the form, with two entries in each repeating group."""
    whole = page_of_form(schema, ALL)
    assert whole is not None
    raw = {f"{q.key}-item": ["0", "1"] for q in schema.questions() if q.type == "repeat"}
    shown = presenting.step(schema, whole, {}, "uz", raw=raw)
    return "".join(render_to_string("forms/box.html", {"question": one}) for one in shown)


def inner_key(name: str) -> str:
    """Key of the question of an input, in an entry or not."""
    return name.rpartition("-")[2]


def beside(schema: Schema, result: Result) -> set[str]:
    """What is shown beside the questions: titles of steps, inputs in entries of groups."""
    titles = {
        f"-{step.key}"
        for step in schema.steps
        if decide(step.condition, schema.by_key, result.cleaned, result.asked)
    }
    return titles | {
        input_name(group.key, number, key)
        for group in schema.questions()
        if group.questions
        for number, item in enumerate(result.cleaned.get(group.key) or [])
        for key in visible_in(group, item, schema, result.cleaned, result.asked)
    }


def expected_options(schema: Schema, cleaned: dict[str, Any]) -> dict[str, list[str]]:
    """The values that the server offers, by question."""
    asked: set[str] = set()
    found: dict[str, list[str]] = {}
    for question in schema.questions():
        if is_asked(question, schema, cleaned, asked):
            asked.add(question.key)
            if question.options:
                options = narrowed(question, schema, cleaned, asked).options
                found[question.key] = [option.value for option in options]
    return found


def test_thousands_of_generated_answers(browser: Browser, db: None) -> None:
    page = browser.new_page()
    page.set_content("<p>generated</p>")
    page.add_script_tag(path=SCRIPT)
    hidden = computed = narrow = 0
    for seed in range(FORMS):
        schema, chance = generated.form(seed), Random(seed + 1_000)
        cases = [generated.typed(chance, schema) for _number in range(CASES)]
        for values, found in zip(cases, page.evaluate(_RUN, [html_of(schema), cases]), strict=True):
            sent: MultiValueDict[str, str] = MultiValueDict()
            for name, value in found["sent"]:
                sent.appendlist(name, value)
            result = validate(schema, None, sent, "uz")
            where = f"{seed}: {json.dumps(found['sent'])}"
            top = {key for key in found["shown"] if key in schema.step_of}
            assert top == result.asked, where
            assert set(found["shown"]) - top == beside(schema, result), where
            # Nothing hidden was on the wire, and nothing that is not offered.
            own = {name.partition("-")[0] for name in sent if not name.startswith("_")}
            assert own <= result.asked, where
            assert not [n for n in result.errors if schema.by_key[inner_key(n)].options], where
            options = expected_options(schema, result.cleaned)
            assert {k: v for k, v in found["offered"].items() if k in options} == options, where
            for key, text in found["computed"].items():
                value = result.cleaned.get(key)
                kind, asked = types.get("calculated"), schema.by_key[key]
                if value is not None:
                    assert text == kind.display(asked, value, "uz"), (
                        f"{key} {asked.validation} {where}"
                    )
                    computed += 1
            hidden += len(schema.step_of) - len(top)
            narrow += sum(len(values) < 3 for values in options.values())
    # The cases were not empty ones.
    assert min(hidden, computed, narrow) > 500, (hidden, computed, narrow)
    page.close()
