"""The main job, end to end, as people do it: request, answer, message."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from scripts import signing
from scripts.signing import Kept

SERVICE = "idoralar/maktab-talimi-vazirligi/kindergarten-place/"
SCREENS: dict[str, dict[str, Any]] = {
    "phone-uz": {"viewport": {"width": 390, "height": 844}},
    "desktop-ru": {"viewport": {"width": 1350, "height": 900}},
    "no-script-320-uz": {"viewport": {"width": 320, "height": 480}, "java_script_enabled": False},
}


#: Cookies of who has signed in, kept for the run.
_KEPT: Kept = {}


def sign_in(page: Page, email: str, language: str, where: str) -> None:
    """Sign in on the page of a language, or as one who did so before, and go on to `where`."""
    signing.sign_in(page, email, f"/{language}/accounts/login/", where, _KEPT)


def go_on(page: Page) -> None:
    """Press the one main button of the page."""
    page.locator(
        "main form button.button[type=submit]:not(.button--link):not(.button--danger)"
    ).last.click()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_citizens_request_is_answered(screen: str, open_page: Any) -> None:
    language = screen.rpartition("-")[2]
    page = open_page(**SCREENS[screen])
    login = f"/{language}/accounts/login/"
    signing.sign_in(page, "fuqaro@example.org", login, f"/{language}/{SERVICE}", {})
    assert page.url.endswith(SERVICE)

    # The page says what it costs and how long it takes, and has one button.
    page.locator(".service__apply a.button").click()
    go_on(page)
    expect(page.locator("[name=full_name]")).to_have_value("Demo Fuqaro 01")
    go_on(page)

    # Mistakes are told in place; what was typed stays.
    page.fill("[name=child_pinfl]", "123")
    go_on(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    assert summary.locator("a").count() == 3
    expect(page.locator("[name=child_pinfl]")).to_have_value("123")
    described = page.locator("[name=child_pinfl]").get_attribute("aria-describedby") or ""
    assert described
    for identity in described.split():
        assert page.locator(f"#{identity}").count() == 1

    born = timezone.localdate() - timedelta(days=900)
    page.fill("[name=child_pinfl]", "51003230000017")
    for part, value in (("day", born.day), ("month", born.month), ("year", born.year)):
        page.fill(f"[name=child_birth_date-{part}]", str(value))
    page.check("[name=relation][value=mother]")
    go_on(page)
    expect(page.locator(".error-summary")).to_have_count(0)

    page.select_option("[name=district]", index=1)
    page.check("[name=group_language][value=kaa]")
    go_on(page)
    page.check("[name=data_consent]")
    go_on(page)

    # Check the answers, change one, send.
    expect(page.locator("dl.answers").first).to_be_visible()
    page.locator(".answers__change a").last.click()
    go_on(page)
    declared = page.locator("main form [type=checkbox]")
    if declared.count():
        declared.first.check()
    go_on(page)
    number = page.locator(".receipt__number").inner_text()
    found = re.search(r"\d{4}-[A-Z]+-\d{7}-\d", number)
    assert found is not None

    page.goto(f"/{language}/my/")
    expect(page.locator("main")).to_contain_text(found.group())

    # The officer of that agency finds it, takes it and answers.
    officer = open_page(viewport={"width": 1350, "height": 900})
    sign_in(officer, "ijrochi@example.org", "uz", "/admin/requests/")
    officer.get_by_role("link", name=found.group()).click()
    officer.locator("button[name=action][value=take]").click()
    form = officer.locator("form:has(button[name=action][value=approve])")
    form.locator("textarea").fill("Yoʻllanma tayyor: 5-bogʻcha.")
    form.locator("button[name=action][value=approve]").click()
    expect(officer.locator("button[name=action][value=approve]")).to_have_count(0)

    # The applicant sees the answer.
    page.goto(f"/{language}/my/")
    page.locator(f"li:has-text('{found.group()}') a").first.click()
    expect(page.locator("main")).to_contain_text("5-bogʻcha")


def test_somebody_without_e_mail_registers_by_phone(open_page: Any, demo_server: Any) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    page.goto("/uz/accounts/signup/")
    page.fill("[name=full_name]", "Demo Fuqaro 77")
    page.fill("[name=phone]", "61 000 77 77")
    page.locator("form:has([name=phone]) button[type=submit]").last.click()
    expect(page.locator("[name=code]")).to_be_visible()
    codes = re.findall(r"\+998610007777: \D*(\d{6})", demo_server.output())
    page.fill("[name=code]", codes[-1])
    page.locator("form:has([name=code]) button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/uz/my/$"))
    expect(page.locator("h1")).to_have_count(1)
