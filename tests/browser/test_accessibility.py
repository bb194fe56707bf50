"""axe-core finds nothing on any page type in any language, nor on a request as an officer sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import sign_in

LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")
AGENCY = "idoralar/maktab-talimi-vazirligi/"
PAGES = {
    "home": "",
    "organisations": "idoralar/",
    "agency": AGENCY,
    "service with a form": f"{AGENCY}kindergarten-place/",
    "service with fees": "idoralar/yhx-boshqarmasi/window-tinting/",
    "form": f"{AGENCY}kindergarten-place/ariza/",
    "catalogue": "services/",
    "topic": "services/topic/school-education/",
    "search": "search/?q=pasport",
    "nothing found": "search/?q=qqqqqqq",
    "search without a query": "search/",
    "search narrowed": "search/?q=pasport&type=all&free=yes",
    "search mistyped": "search/?q=paspotr",
    "search in another language": "search/?q=свидетельство",
    "search by an agency": "search/?q=pasport&more=agency&agency=none",
    "section": "elektron-hukumat/",
    "information": "elektron-hukumat/qoidalar/",
    "documents": "hujjatlar/",
    "document": "hujjatlar/vk-12-2013/",
    "announcements": "elonlar/",
    "announcement": "elonlar/portal-ishga-tushdi/",
    "statistics": "statistika/",
    "contact": "aloqa/",
    "steps first": "yordam/ariza-yuborish/",
    "table first": "mehmonlarga/favqulodda-raqamlar/",
    "how agencies answer": "quality/",
    "how one agency answers": "quality/?agency=adliya-vazirligi&by=channel",
    "indicators": "quality/indicators/",
    "registry": "registry/",
    "line of the registry": "registry/lines/QR-0012/",
    "versions of the registry": "registry/versions/",
    "plan": "registry/plan/",
    "version of the registry": "registry/versions/1/",
    "where it stands": "my/status/",
    "site map": "site-map/",
    "reading aids": "reading/",
    "sign in": "accounts/login/",
    "register": "accounts/signup/",
    "missing": "yoq/",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(language: str, open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    for name, path in PAGES.items():
        answer = page.goto(f"/{language}/{path}")
        assert answer is not None
        assert answer.status == (404 if name == "missing" else 200), name
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        axe(page)


def test_a_request_on_the_officers_desk(open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 1350, "height": 900})
    sign_in(page, "ijrochi@example.org", "ru", "/admin/requests/?show=all")
    # The inbox itself is one of the desks of test_account_pages.
    expect(page.locator("h1")).to_be_visible()
    page.locator("main table tbody a").first.click()
    expect(page.locator("h1")).to_contain_text("MAK")
    axe(page)
