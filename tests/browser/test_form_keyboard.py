"""A whole form filled in and sent by the keyboard alone: Tab, Space, letters, Enter."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from forms.models import Submission
from tests.browser.within import answered_by
from tests.forms import factories
from tests.forms.factories import filled_answers, make_definition, posted

pytestmark = pytest.mark.django_db
_FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const label = e.labels && e.labels[0] ? e.labels[0].getBoundingClientRect() : box;
  return { tag: e.tagName, type: e.type || "", name: e.name || "", value: e.value || "",
           checked: Boolean(e.checked), seen: (box.width > 0 && box.height > 0) || label.height > 0,
           outlined: getComputedStyle(e).outlineStyle !== "none" || e.matches(":focus-visible"),
           main: Boolean(e.closest("main form .actions")) };
}"""
MOST_KEYS = 400


def fill_in(page: Page, values: dict[str, Any]) -> None:
    """Press Tab through one page and answer what has an answer, until its main button is pressed."""
    page.locator("main h1").wait_for()
    done: set[tuple[str, str]] = set()
    for _key in range(MOST_KEYS):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUSED)
        if at["tag"] == "BODY":
            continue
        assert at["seen"] and at["outlined"], at
        wanted = values.get(at["name"])
        if at["tag"] == "BUTTON" and at["main"] and not at["name"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if wanted is None or (at["name"], at["value"]) in done:
            continue
        _answer(page, at, wanted)
        done.add((at["name"], page.evaluate("document.activeElement.value")))
    raise AssertionError(f"The button was not reached: {page.url}")


def _answer(page: Page, at: dict[str, Any], wanted: Any) -> None:
    match at["type"]:
        case "radio":
            # One stop for the whole group: Space takes the first, arrows the next.
            page.keyboard.press("Space")
            for _option in range(30):
                if page.evaluate("document.activeElement.value") == wanted:
                    return
                page.keyboard.press("ArrowDown")
            raise AssertionError(at)
        case "checkbox":
            if at["checked"] != (wanted == "on" or at["value"] in wanted):
                page.keyboard.press("Space")
        case "select-one":
            for _option in range(60):
                if page.evaluate("document.activeElement.value") == wanted:
                    return
                page.keyboard.press("ArrowDown")
            raise AssertionError(at)
        case _:
            page.keyboard.press("Control+A")
            page.keyboard.type(str(wanted))


@pytest.mark.parametrize("key", ["form-water-meter", "form-residence"])
def test_a_form_is_sent_by_keyboard_alone(key: str, client: Client, browser: Browser) -> None:
    version = make_definition(key).current
    assert version is not None
    client.force_login(
        factories.make_citizen(), backend="django.contrib.auth.backends.ModelBackend"
    )
    answers = filled_answers(version.schema)
    values = posted(version.schema, answers) | {"declared": "on"}
    context = answered_by(client, browser, viewport={"width": 1350, "height": 900})
    page = context.new_page()
    page.goto(f"/uz/apply/{key}/")
    for _page in range(12):
        fill_in(page, values)
        page.locator("main h1").wait_for()
        if Submission.objects.exists():
            break
    assert Submission.objects.get().answers == answers
    context.close()
