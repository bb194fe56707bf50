"""axe-core finds nothing on pages of one's account and of mandates, nor on the desks beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from scripts import signing
from tests.browser.seats import quiet
from tests.browser.test_accessibility import LANGUAGES
from tests.browser.test_main_job import sign_in

#: Besides the two doors, which stand in test_accessibility.
PUBLIC = ("login/code/", "password/reset/", "lost/", "privacy/")
OWN = (
    "profile/",
    "messages/",
    "mandates/",
    "mandates/person/",
    "sessions/",
    "email/",
    "phone/change/",
    "password/change/",
    "2fa/",
    "2fa/webauthn/",
    "close/",
)
#: Staff → what they see in the admin.
DESKS = {
    "kengash@example.org": ("registry/",),
    "qabul@example.org": ("recovery/", "mandates/"),
    "admin@example.org": ("staff/", "staff/everywhere/"),
    "yordam@example.org": ("support/", "support/find/", "payments/calls/"),
    "auditor@example.org": ("requests/audit/",),
    "rahbar@example.org": ("requests/", "staff/", "requests/audit/looks/"),
    "ijrochi@example.org": ("requests/?show=all",),
    "hisobchi@example.org": ("payments/", "payments/figures/", "payments/differences/"),
}
#: The theme of the admin follows the machine unless its reader chose one.
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")


def looked_at(page: Page, path: str, axe: Callable[[Page], None]) -> None:
    answer = page.goto(path)
    assert answer is not None and answer.status == 200, path
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    axe(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_an_account(language: str, open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    for path in PUBLIC:
        looked_at(page, f"/{language}/accounts/{path}", axe)
    # Through the page, in each language.
    signing.sign_in(
        page, "fuqaro@example.org", f"/{language}/accounts/login/",
        f"/{language}/accounts/profile/", {},
    )  # fmt: skip
    for path in OWN:
        looked_at(page, f"/{language}/accounts/{path}", axe)
    looked_at(page, f"/{language}/my/data/", axe)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_firms_page(language: str, open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    sign_in(page, "firma@example.org", language, f"/{language}/accounts/mandates/")
    looked_at(page, f"/{language}/accounts/mandates/", axe)
    page.locator("main a[href$='/requisites/']").click()
    expect(page.locator("[name=bank_account]")).to_be_visible()
    looked_at(page, page.url, axe)


@pytest.mark.parametrize("email", sorted(DESKS))
def test_desks_beside(email: str, open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 1350, "height": 900})
    first, *others = DESKS[email]
    sign_in(page, email, "ru", f"/admin/{first}")
    for path in (first, *others):
        page.goto(f"/admin/{path}")
        expect(page.locator("h1").first).to_be_visible()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            quiet(page)
            axe(page)
