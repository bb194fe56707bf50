"""The front door, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect


def test_the_root_leads_to_the_home_page_in_the_readers_language(
    any_page: Page, axe: Callable[[Page], None]
) -> None:
    any_page.goto("/")
    assert any_page.url.endswith("/uz/")
    expect(any_page.locator("h1")).to_have_count(1)
    axe(any_page)


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_each_language_has_a_home_page_without_a_sideways_scroll(
    tiny_page: Page, language: str
) -> None:
    answer = tiny_page.goto(f"/{language}/")
    assert answer is not None and answer.status == 200
    expect(tiny_page.locator("html")).to_have_attribute("lang", _LANG[language])
    width = tiny_page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320, "the page is wider than the screen"


_LANG = {"uz": "uz-Latn", "uz-cyrl": "uz-Cyrl", "kaa": "kaa-Latn", "ru": "ru", "en": "en"}
