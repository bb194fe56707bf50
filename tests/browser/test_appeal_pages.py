"""axe-core finds nothing on pages of appeals, nor on the table of what people do; nothing overflows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import LANGUAGES
from tests.browser.test_account_pages import looked_at
from tests.browser.test_main_job import sign_in


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_appeals(language: str, open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    path = f"/{language}/my/appeal/"
    looked_at(page, f"{path}?about=portal", axe)
    # What is wrong stands on top, leads to its place, and nothing typed is lost.
    page.goto(path)
    page.locator("#text").fill("qisqa")
    page.locator("main form.form button[type=submit]").click()
    page.locator(".error-summary a[href='#about']").click()
    expect(page.locator("#text")).to_have_value("qisqa")
    axe(page)
    sign_in(page, "fuqaro@example.org", language, path)
    looked_at(page, path, axe)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_people_do(width: int, open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    sign_in(page, "rahbar@example.org", "ru", "/admin/requests/people/?span=year")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page)
    page.locator("td a").first.click()
    expect(page.locator(".desk__list li").first).to_be_visible()
    axe(page)
