"""Passkeys, with the authenticator that Chromium plays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.codes import code_of
from scripts.demo_server import DemoServer
from scripts.signing import PASSWORD

WHO = "nazoratchi@example.org"


@pytest.fixture
def context(browser: Browser, demo_server: DemoServer) -> Iterator[BrowserContext]:
    """A telephone that knows the portal by a name: passkeys do not belong to bare addresses."""
    made = browser.new_context(
        base_url=demo_server.url.replace("127.0.0.1", "localhost"),
        viewport={"width": 390, "height": 844},
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on a device with a passkey keeper that recognises its owner."""
    made = context.new_page()
    devtools = context.new_cdp_session(made)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return made


def press(page: Page, form: str) -> None:
    page.locator(f"{form} button[type=submit]").click()


def test_staff_add_a_passkey_and_sign_in_with_it_alone(
    page: Page, axe: Any, demo_server: DemoServer
) -> None:
    page.goto("/uz/accounts/login/?next=/uz/accounts/2fa/webauthn/add/")
    page.fill("[name=login]", WHO)
    page.fill("[name=password]", PASSWORD)
    press(page, "form:has([name=password])")
    page.fill("[name=code]", code_of(WHO))
    press(page, "form:has([name=code])")
    # Adding a key is sensitive: the password is asked once more.
    page.wait_for_url(re.compile("/reauthenticate/"))
    page.fill("[name=password]", PASSWORD)
    press(page, "form:has([name=password])")
    page.wait_for_url(re.compile("/webauthn/add/"))
    axe(page)
    page.fill("[name=name]", "Namuna telefon")
    press(page, "form[data-passkey]")
    page.wait_for_url(re.compile(r"/2fa/$"))
    expect(page.locator("main")).to_contain_text("Namuna telefon")
    page.goto("/uz/accounts/2fa/webauthn/")
    axe(page)

    # No e-mail, no password, no code: the passkey opens the door of staff by itself.
    page.goto("/uz/accounts/logout/")
    press(page, "main form")
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    axe(page)
    press(page, "form[data-passkey]")
    # Not the door, whose address ends in `?next=/admin/`.
    page.wait_for_url(re.compile(r"^[^?]+/admin/$"))
    expect(page.locator("h1").first).to_be_visible()

    # It is a second factor after the password, too.
    page.context.clear_cookies()
    page.goto("/ru/accounts/login/?next=/ru/accounts/profile/")
    page.fill("[name=login]", WHO)
    page.fill("[name=password]", PASSWORD)
    press(page, "form:has([name=password])")
    page.wait_for_url(re.compile("/2fa/authenticate/"))
    axe(page)
    press(page, "form[data-passkey]")
    page.wait_for_url(re.compile("/profile/"))


def test_a_device_without_the_passkey_is_told(context: BrowserContext, axe: Any) -> None:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    page.goto("/uz/accounts/login/")
    page.evaluate("navigator.credentials.get = () => Promise.reject(new Error('none')); 0")
    press(page, "form[data-passkey]")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    axe(page)


def test_without_script_the_button_is_not_there(nojs_page: Page) -> None:
    nojs_page.goto("/uz/accounts/login/")
    expect(nojs_page.locator("form[data-passkey]")).to_be_hidden()
    expect(nojs_page.locator("[name=password]")).to_be_visible()
