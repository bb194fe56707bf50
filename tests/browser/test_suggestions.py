"""Suggestions while one types: keys, roles, requests, and silence where data or the line are short."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE

ADDRESS = "**/api/suggest/*"
BOX = "#results-q"


class Answers:
    """Answers of the server, made here: what was asked, and answers held back until told."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.held: dict[str, Route] = {}
        self.hold: set[str] = set()
        page.route(ADDRESS, self._answer)

    def _answer(self, route: Route) -> None:
        text = route.request.url.partition("&q=")[2]
        self.asked.append(text)
        if text in self.hold:
            self.held[text] = route
        else:
            self.give(route, text)

    def give(self, route: Route, text: str) -> None:
        """Answer with two services named by the query."""
        results = [
            {"title": f"{text} {n}", "lang": "uz-Latn", "url": f"/uz/services/?n={text}{n}",
             "agency": "Adliya vazirligi"}
            for n in (1, 2)
        ]  # fmt: skip
        # A page that gave up waiting hears nothing.
        with contextlib.suppress(Error):
            route.fulfill(body=json.dumps({"results": results}), content_type="application/json")


def opened(open_page: Callable[..., Page], **options: Any) -> Page:
    """The page of search with its box entered and a clock that stands still."""
    page = open_page(**DESKTOP, **options)
    page.clock.install()
    page.goto("/uz/search/")
    with page.expect_response("**/suggest*.js"):
        page.locator(BOX).focus()
    expect(page.locator(BOX)).to_have_attribute("role", "combobox")
    page.clock.pause_at(page.evaluate("Date.now()") + 60_000)
    return page


def test_keys_and_roles_of_the_combobox(
    open_page: Callable[..., Page], axe: Callable[[Page], None]
) -> None:
    page = opened(open_page)
    Answers(page)
    box = page.get_by_role("combobox")
    expect(box).to_have_accessible_name("Sizga nima kerak?")
    expect(box).to_have_attribute("aria-autocomplete", "list")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("pasport")
    page.clock.run_for(250)
    options = page.get_by_role("listbox", name="Topilgan xizmatlar").get_by_role("option")
    expect(options).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search [role=status]").last).to_have_text("Takliflar: 2")
    # axe waits by timers, which stand still while the clock does.
    page.clock.resume()
    axe(page)
    for key, chosen in (
        ("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", None), ("ArrowUp", 1), ("ArrowUp", 0),
    ):  # fmt: skip
        box.press(key)
        active = box.get_attribute("aria-activedescendant")
        marked = page.locator("[role=option][aria-selected=true]")
        if chosen is None:
            assert active is None
            expect(marked).to_have_count(0)
        else:
            assert active == options.nth(chosen).get_attribute("id")
            expect(marked).to_have_attribute("id", str(active))
        expect(box).to_be_focused()
    axe(page)
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("pasport")
    box.press("ArrowDown")
    expect(options).to_have_count(2)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/uz/services/")


def test_enter_without_a_choice_searches(open_page: Callable[..., Page]) -> None:
    page = opened(open_page)
    Answers(page)
    page.locator(BOX).press_sequentially("pasport")
    page.clock.run_for(250)
    expect(page.get_by_role("option")).to_have_count(2)
    page.locator(BOX).press("Enter")
    page.wait_for_url("**/uz/search/?q=pasport")


def test_one_request_a_pause_and_none_before_two_letters(open_page: Callable[..., Page]) -> None:
    page = opened(open_page)
    answers = Answers(page)
    box = page.locator(BOX)
    box.press_sequentially("p")
    page.clock.run_for(1000)
    assert answers.asked == []
    box.press_sequentially("asport")
    page.clock.run_for(150)
    assert answers.asked == []
    page.clock.run_for(100)
    expect(page.get_by_role("option")).to_have_count(2)
    assert answers.asked == ["pasport"]
    # What was answered once is not asked again.
    box.press_sequentially("i")
    box.press("Backspace")
    page.clock.run_for(250)
    expect(page.get_by_role("option")).to_have_count(2)
    assert answers.asked == ["pasport"]


def test_a_late_answer_is_dropped(open_page: Callable[..., Page]) -> None:
    page = opened(open_page)
    answers = Answers(page)
    answers.hold = {"pas"}
    box = page.locator(BOX)
    with page.expect_event("requestfailed") as failed:
        with page.expect_request(ADDRESS):
            box.press_sequentially("pas")
            page.clock.run_for(250)
        box.press_sequentially("port")
        page.clock.run_for(250)
        expect(page.get_by_role("option").first).to_contain_text("pasport 1")
    assert failed.value.url.endswith("&q=pas")
    answers.give(answers.held["pas"], "pas")
    expect(page.get_by_role("option").first).to_contain_text("pasport 1")


def test_without_a_line_nothing_is_asked_or_said(open_page: Callable[..., Page]) -> None:
    page = opened(open_page)
    answers = Answers(page)
    page.context.set_offline(True)
    page.locator(BOX).press_sequentially("pasport")
    page.clock.run_for(250)
    expect(page.get_by_role("option")).to_have_count(0)
    assert answers.asked == []
    page.context.set_offline(False)
    page.locator(BOX).press_sequentially("i")
    page.clock.run_for(250)
    expect(page.get_by_role("option")).to_have_count(2)


def test_a_reader_who_saves_data_gets_no_script(open_page: Callable[..., Page]) -> None:
    page = open_page(**PHONE)
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/uz/search/")
    page.locator(BOX).press_sequentially("pasport")
    page.locator(BOX).press("Enter")
    page.wait_for_url("**/uz/search/?q=pasport")
    assert not [url for url in asked if "suggest" in url]


def test_a_touched_suggestion_opens(open_page: Callable[..., Page]) -> None:
    page = open_page(**PHONE)
    page.goto("/uz/")
    box = page.locator("main input[name=q]")
    box.tap()
    box.press_sequentially("pasport")
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    option.tap()
    page.wait_for_url("**/uz/idoralar/**")


@pytest.mark.parametrize("name", ["core/js/suggest.js"])
def test_the_script_is_small(name: str) -> None:
    path = finders.find(name)
    assert path and settings.STATIC_URL
    assert len(gzip.compress(Path(path).read_bytes())) <= 3_000
