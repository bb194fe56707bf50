"""Sign in to the demonstration as people do, for browser tests and pictures."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from demo.codes import code_of

PASSWORD = "namuna-parol-2026"

Kept = dict[str, list[Any]]


def sign_in(page: Page, email: str, start: str, where: str, kept: Kept) -> None:
    """Sign in on the page `start` (…/accounts/login/) and go to `where`.

    Staff show the code of their second factor. Each code opens once, so `kept` holds the cookies
    of who has signed in, by e-mail: the second sign-in of a run takes them over.
    """
    if email in kept:
        page.context.add_cookies(kept[email])
        page.goto(where)
        return
    page.goto(f"{start}?next={where}")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    if "/2fa/authenticate/" in page.url:
        page.fill("[name=code]", code_of(email))
        page.locator("form:has([name=code]) button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/2fa/authenticate/" not in url)
    kept[email] = list(page.context.cookies())
