"""axe-core finds nothing on the figures' and the reports' pages, nor on the registry's and the
council's desks; nothing is wider than a phone. Public pages of the registry: test_accessibility."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_accessibility import LANGUAGES
from tests.browser.test_account_pages import looked_at
from tests.browser.test_main_job import sign_in

PUBLIC = ("quality/?by=service", "quality/reports/")
DESKS = ("registry/", "registry/proposals/1/", "registry/sessions/2/", "registry/sessions/5/",
         "registry/agenda/1/", "registry/control/", "registry/readiness/",
         "registry/agencies/", "registry/figures/", "registry/figures/requests/?what=late",
         "registry/figures/requests/?by=service&value=tax-debt-certificate&split=district",
         "registry/reports/", "registry/reports/1/", "feedback/")  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_of_the_council(
    language: str, open_page: Any, axe: Callable[[Page], None]
) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    for path in PUBLIC:
        looked_at(page, f"/{language}/{path}", axe)
    signed = page.locator("main h2 a").first.get_attribute("href")
    assert signed is not None
    looked_at(page, signed, axe)


def test_desks_of_the_council(open_page: Any, axe: Callable[[Page], None]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    sign_in(page, "nazoratchi@example.org", "uz", "/admin/registry/")
    for path in DESKS:
        looked_at(page, f"/admin/{path}", axe)
