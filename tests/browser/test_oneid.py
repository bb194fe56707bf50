"""OneID in the browser: a person opens an account, a head comes with firms."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

SCREENS: dict[str, dict[str, Any]] = {
    "uz": {"viewport": {"width": 390, "height": 844}},
    "ru": {"viewport": {"width": 1350, "height": 900}},
    "kaa": {"viewport": {"width": 320, "height": 480}, "java_script_enabled": False},
}


def to_oneid(page: Page, start: str, person: str, mood: str = "well") -> None:
    """Press our button and choose a person on OneID's page."""
    page.goto(start)
    page.locator("form[action$='/accounts/oneid/'] button").click()
    page.locator("#mood").select_option(mood)
    page.locator(f"button[value={person}]").click()


@pytest.mark.parametrize("language", SCREENS)
def test_a_person_opens_an_account(language: str, open_page: Any) -> None:
    page = open_page(**SCREENS[language])
    login = f"/{language}/accounts/login/?next=/{language}/my/"
    to_oneid(page, login, "person")
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith(f"/{language}/accounts/oneid/join/") or "/my/" in page.url
    if "/join/" in page.url:  # the first of these tests opens the account, the others sign in
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        page.locator("button[value=new]").click()
    assert page.url.endswith(f"/{language}/my/")
    page.goto(f"/{language}/accounts/profile/")
    expect(page.locator("#contacts ~ dl")).to_contain_text("OneID")


def test_a_head_comes_with_firms(open_page: Any, axe: Any) -> None:
    page = open_page(viewport={"width": 1350, "height": 900})
    to_oneid(page, "/ru/accounts/login/", "director")
    axe(page)
    page.locator("button[value=new]").click()
    page.goto("/ru/accounts/profile/")
    firms = page.locator("#mandates ~ ul li")
    expect(firms).to_have_count(2)
    expect(firms.first).to_contain_text("Demo Guruch MChJ")
    axe(page)
