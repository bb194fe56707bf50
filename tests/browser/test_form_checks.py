"""A mistake is told where it was made as soon as the question is left, in the server's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.browser.within import answered_by
from tests.forms import factories
from tests.forms.factories import make_version, question, small_form
from tests.forms.test_views import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def filling(client: Client, browser: Browser) -> Page:
    make_version(
        small_form(
            question("tel", "phone", help={"uz": "+998 bilan", "ru": "С +998"}),
            question("kun", "date", validation={"max": "today"}),
            question("bolalar", "repeat", questions=[
                question("pinfl", "pinfl"), question("yosh", "number", validation={"max": 17}),
            ], validation={"min_items": 1}),
            question("oxirgi"),
        )
    )  # fmt: skip
    client.force_login(factories.make_citizen(), backend=BACKEND)
    page = answered_by(client, browser, viewport={"width": 390, "height": 844}).new_page()
    page.goto("/uz/apply/form-small/")
    page.get_by_role("button", name="Boshlash").click()
    page.locator("#q-tel").wait_for()
    return page


def test_a_mistake_is_told_as_the_question_is_left(
    filling: Page, axe: Callable[[Page], None]
) -> None:
    page = filling
    error = page.locator("#q-tel-error")
    page.locator("#q-tel").press_sequentially("12")
    expect(error).to_have_count(0)
    page.keyboard.press("Tab")

    expect(error).to_contain_text("Xato")
    expect(page.locator("#q-tel")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#q-tel")).to_have_attribute("aria-describedby", "q-tel-help q-tel-error")
    # What nobody has answered yet is no mistake.
    expect(page.locator(".field__error")).to_have_count(1)
    axe(page)

    page.locator("#q-tel").fill("+998 61 000-00-01")
    page.locator("#q-tel").blur()
    expect(error).to_have_count(0)
    expect(page.locator("#q-tel")).to_have_attribute("aria-describedby", "q-tel-help")
    expect(page.locator("#q-tel")).not_to_have_attribute("aria-invalid", "true")


def test_three_boxes_are_one_answer(filling: Page, axe: Callable[[Page], None]) -> None:
    page = filling
    page.locator("#q-kun-day").fill("31")
    page.keyboard.press("Tab")
    page.locator("#q-kun-month").fill("2")
    page.keyboard.press("Tab")
    page.locator("#q-kun-year").fill("2020")
    expect(page.locator("#q-kun-error")).to_have_count(0)
    page.locator("#q-oxirgi").focus()

    expect(page.locator("#q-kun-error")).to_be_visible()
    expect(page.locator("#q-kun-group")).to_have_attribute("aria-describedby", "q-kun-error")
    axe(page)
    page.locator("#q-kun-day").fill("3")
    page.locator("#q-oxirgi").focus()
    expect(page.locator("#q-kun-error")).to_have_count(0)


def test_each_entry_is_told_by_itself(filling: Page) -> None:
    page = filling
    page.locator("#q-bolalar-0-yosh").fill("40")
    page.locator("#q-oxirgi").focus()

    expect(page.locator("#q-bolalar-0-yosh-error")).to_be_visible()
    expect(page.locator(".field__error")).to_have_count(1)


def test_after_a_refused_page_the_mistakes_go_one_by_one(filling: Page) -> None:
    page = filling
    page.locator("#q-tel").fill("12")
    page.get_by_role("button", name="Davom etish", exact=True).click()
    page.locator(".error-summary").wait_for()
    page.locator("#q-tel").fill("+998 61 000-00-01")
    page.locator("#q-oxirgi").focus()

    expect(page.locator("#q-tel-error")).to_have_count(0)
    expect(page.locator("#q-oxirgi-error")).to_be_visible()
