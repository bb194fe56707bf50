"""Every step of every form of the demonstration, in every language, empty and refused.

On 320 × 256 points, which is what a screen of 1280 × 1024 shows at a zoom of 400 %.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.models import User
from forms import services
from forms.engine.conditions import kept
from forms.engine.paging import asked_pages, pages
from forms.engine.paging import page as page_of_form
from forms.engine.schema import Schema
from forms.models import Draft, FormVersion
from tests.browser.within import answered_by
from tests.forms import factories
from tests.forms.factories import filled_answers, make_definition

pytestmark = pytest.mark.django_db
LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")
#: The page around the form is looked at in test_accessibility.
_AXE = """async () => {
  const found = await axe.run("main", { resultTypes: ["violations"] });
  return found.violations.map(v => `${v.id}: ${v.help}: ` +
    v.nodes.slice(0, 3).map(n => `${n.target} ${n.html.slice(0, 160)}`).join(" | "));
}"""
_FACTS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
  const named = ["aria-describedby", "aria-labelledby", "for"].flatMap(name =>
    [...document.querySelectorAll(`[${name}]`)].flatMap(e => e.getAttribute(name).split(/\\s+/)));
  const links = [...document.querySelectorAll(".error-summary a")];
  const wrong = [...document.querySelectorAll(".field__error")];
  return {
    wide: document.documentElement.scrollWidth,
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    lost: named.filter(id => id && !document.getElementById(id)),
    focused: document.activeElement.className,
    dead: links.map(a => a.getAttribute("href").slice(1)).filter(id => !document.getElementById(id)),
    listed: links.length,
    told: wrong.length,
    described: wrong.filter(p => document.querySelector(`[aria-describedby~="${p.id}"]`)).length,
    title: document.title,
    language: document.documentElement.lang,
  };
}"""


@pytest.fixture
def small(client: Client, browser: Browser) -> Iterator[Page]:
    """A page of a small screen, on which the citizen is signed in."""
    citizen = factories.make_citizen()
    client.force_login(citizen, backend="django.contrib.auth.backends.ModelBackend")
    context = answered_by(client, browser, viewport={"width": 320, "height": 256})
    page = context.new_page()
    page.add_init_script(AXE_SCRIPT)
    yield page
    context.close()


def answers_for(schema: Schema, step: str) -> dict[str, Any]:
    """Answers with which a step is asked."""
    choices = [
        [(question.key, option.value) for option in question.options]
        for question in schema.questions()
        if question.type in {"choice", "select"} and question.options
    ]
    answers = filled_answers(schema)
    for first, second in product(sum(choices, [("", "")]), repeat=2):
        if step in asked_pages(schema, answers):
            return answers
        answers = filled_answers(schema, dict((first, second)))
    raise AssertionError(f"{schema.key}: {step} is never asked")


def drafts(citizen: User, version: FormVersion) -> Iterator[tuple[str, Draft]]:
    """Each step with a draft in which it is asked and not answered yet."""
    schema = version.schema
    for step in pages(schema):
        answers = answers_for(schema, step.key)
        here = page_of_form(schema, step.key)
        assert here is not None
        draft = services.start_draft(citizen, version)
        own = {question.key for question in here.questions}
        draft.answers = kept(schema, {k: v for k, v in answers.items() if k not in own})
        draft.save()
        yield step.key, draft


def look_at(page: Page, where: str, language: str) -> dict[str, Any]:
    """What holds for every page; what is particular comes back."""
    facts: dict[str, Any] = page.evaluate(_FACTS)
    assert facts["wide"] <= 320, where
    assert (facts["twice"], facts["lost"], facts["dead"]) == ([], [], []), where
    assert facts["language"][:2] == language[:2], where
    assert page.evaluate(_AXE) == [], where
    return facts


@pytest.mark.parametrize("key", factories.keys())
def test_every_step_in_every_language(key: str, small: Page) -> None:
    version = make_definition(key).current
    assert version is not None
    citizen = User.objects.get()
    for step, draft in drafts(citizen, version):
        small.goto(f"/uz/apply/d/{draft.uuid}/{step}/")
        # What is wrong beside the mistakes would be on the refused page too.
        assert look_at(small, json.dumps([key, step]), "uz")["listed"] == 0
        for language in LANGUAGES:
            where = json.dumps([key, step, language])
            form = small.locator("main form[data-conditions]")
            form.evaluate(
                "(form, to) => { form.action = to; }", f"/{language}/apply/d/{draft.uuid}/{step}/"
            )
            form.locator(".actions button:not([name])").click()
            small.wait_for_load_state()
            if not small.locator(".error-summary").count():
                # Nothing on it must be answered.
                assert not small.locator(".field__error").count()
                break
            facts = look_at(small, where, language)
            assert "error-summary" in facts["focused"], where
            assert facts["listed"] == facts["told"] == facts["described"] > 0, (where, facts)
