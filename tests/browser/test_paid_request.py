"""A paid request as people do it: the price before the first question, the form, the invoice, the
cashier's page of Payme or Click, paid, the clock; a payment that fails and its retry; a refund."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import go_on, sign_in

SERVICE = "idoralar/adliya-vazirligi/birth-certificate-extract/"
FORM = "apply/form-birth-certificate/"
CITIZEN = "fuqaro@example.org"
ACCOUNTANTS = ("hisobchi@example.org", "hisobchi2@example.org")
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
TINY: dict[str, Any] = {"viewport": {"width": 320, "height": 480}, "java_script_enabled": False}
#: Of the accountants' desk.
TABLES = ("", "refunds/?state=all", "transfers/", "differences/", "calls/", "figures/", "desk/",
          "new/")  # fmt: skip
#: 0.045 of the base amount of 412 000 soʻm, as each language writes it.
SUM = re.compile(r"18\s540")

Axe = Callable[[Page], None]


def seen(page: Page, axe: Axe | None, width: int) -> None:
    """The page fits and has one heading of the first rank; where `axe` is given it finds nothing."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    if axe is not None:
        axe(page)


def send_a_request(page: Page, axe: Axe | None, language: str, width: int) -> str:
    """From the price to the receipt; the request's number."""
    page.goto(f"/{language}/{FORM}")
    # The whole price with what sets it, before the first question.
    price = page.locator("#price")
    expect(price.locator("tfoot")).to_contain_text(SUM)
    expect(price.locator("tbody th")).to_contain_text("№ 612")
    seen(page, axe, width)
    page.locator("main form[method=post] button[type=submit]").last.click()
    page.check("[name=social_group][value=none]")
    go_on(page)
    page.check("[name=subject][value=self]")
    for part, value in (("day", 5), ("month", 3), ("year", 1985)):
        page.fill(f"[name=subject_birth_date-{part}]", str(value))
    page.select_option("[name=record_district]", index=1)
    go_on(page)
    page.check("[name=data_consent]")
    go_on(page)
    expect(page.locator(".price tfoot")).to_contain_text(SUM)
    seen(page, axe, width)
    page.check("[name=declared]")
    go_on(page)
    found = re.search(r"\d{4}-[A-Z]+-\d{7}-\d", page.locator(".receipt__number").inner_text())
    assert found is not None
    expect(page.locator("main .notice--important")).to_be_visible()
    seen(page, axe, width)
    return found.group()


def to_the_invoice(page: Page, axe: Axe | None, width: int) -> str:
    """From the receipt to the invoice; its address."""
    page.locator("main a.button[href*='/pay/']").first.click()
    expect(page.locator(".state--wait")).to_contain_text(SUM)
    seen(page, axe, width)
    return page.url


def at_the_cashiers(page: Page, axe: Axe | None, width: int, provider: str, choice: str) -> None:
    """On to the provider's page, and do there what the payer does."""
    page.locator(f"main a[href$='/with/{provider}/']").click()
    expect(page.locator("main")).to_contain_text(SUM)
    seen(page, axe, width)
    page.locator(f"button[name=choice][value={choice}]").click()


#: Name → provider, language, screen.
COURSES = {
    "payme-uz-phone": ("payme", "uz", PHONE),
    "click-ru-desktop": ("click", "ru", DESKTOP),
    "payme-kaa-desktop": ("payme", "kaa", DESKTOP),
    "click-uz-320-no-script": ("click", "uz", TINY),
    "click-kaa-phone": ("click", "kaa", PHONE),
    "payme-ru-phone": ("payme", "ru", PHONE),
}
#: In these axe looks at every page, so at each once in each language. In the others the pages are
#: the same but for the provider's own; they are looked at for what differs, which is their width.
LOOKED_AT = {"payme-uz-phone", "click-ru-desktop", "payme-kaa-desktop"}


@pytest.mark.parametrize("course", COURSES)
def test_a_request_is_paid_and_its_clock_starts(course: str, open_page: Any, axe: Axe) -> None:
    provider, language, screen = COURSES[course]
    width = screen["viewport"]["width"]
    looks = axe if course in LOOKED_AT else None
    page = open_page(**screen)
    sign_in(page, CITIZEN, language, f"/{language}/my/")
    number = send_a_request(page, looks, language, width)
    invoice = to_the_invoice(page, looks, width)
    # Without scripts axe cannot run.
    at_the_cashiers(page, None if screen is TINY else axe, width, provider, "pay")

    # Straight back, and the portal knows already: the provider's own call told it.
    expect(page.locator(".state--good")).to_contain_text(SUM)
    assert page.url == invoice
    seen(page, looks, width)
    with page.expect_download() as kept:
        page.locator("main a[href$='receipt.pdf']").first.click()
    assert kept.value.path().read_bytes().startswith(b"%PDF")

    # The request is accepted and has the day of its answer.
    page.locator("main .actions a.button[href*='/my/']").first.click()
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator(".state--progress")).to_be_visible()
    assert re.search(r"20\d\d", page.locator(".state--progress").inner_text())
    seen(page, looks, width)

    page.goto(f"/{language}/pay/")
    expect(page.locator(".request").first).to_contain_text(SUM)
    expect(page.locator(".request").first.locator(".tag--good")).to_be_visible()
    seen(page, looks, width)


@pytest.mark.parametrize("provider", ["payme", "click"])
def test_a_payment_that_failed_is_tried_again_in_another_way(
    provider: str, open_page: Any, axe: Axe
) -> None:
    other = {"payme": "click", "click": "payme"}[provider]
    page = open_page(**PHONE)
    sign_in(page, CITIZEN, "uz", "/uz/my/")
    send_a_request(page, None, "uz", 390)
    invoice = to_the_invoice(page, None, 390)
    at_the_cashiers(page, axe, 390, provider, "fail")
    expect(page.locator("[role=alert] .state--bad")).to_be_visible()
    assert page.url == invoice
    seen(page, axe, 390)
    # Given up, and gone away: neither takes money, and neither is the end.
    at_the_cashiers(page, None, 390, other, "cancel")
    expect(page.locator("[role=alert] .state--bad")).to_be_visible()
    at_the_cashiers(page, None, 390, provider, "leave")
    seen(page, axe, 390)
    page.goto(invoice)
    at_the_cashiers(page, None, 390, other, "pay")
    expect(page.locator(".state--good")).to_be_visible()


@pytest.mark.parametrize("provider", ["payme", "click"])
def test_a_confirmation_that_never_comes_is_asked_for(
    provider: str, open_page: Any, axe: Axe
) -> None:
    page = open_page(**PHONE)
    sign_in(page, CITIZEN, "uz", "/uz/my/")
    send_a_request(page, None, "uz", 390)
    invoice = to_the_invoice(page, None, 390)
    at_the_cashiers(page, None, 390, provider, "never")
    # The page itself decides nothing. It waits, lets a task ask, and goes on by itself.
    expect(page.locator("[data-waits]")).to_be_visible()
    axe(page)
    expect(page.locator(".state--good")).to_be_visible(timeout=20_000)
    assert page.url == invoice


@pytest.mark.parametrize("provider", ["payme", "click"])
def test_money_goes_back_with_a_reason_and_a_second_person(
    provider: str, open_page: Any, axe: Axe
) -> None:
    page = open_page(**PHONE)
    sign_in(page, CITIZEN, "ru", "/ru/my/")
    number = send_a_request(page, None, "ru", 390)
    invoice = to_the_invoice(page, None, 390)
    at_the_cashiers(page, None, 390, provider, "pay")
    expect(page.locator(".state--good")).to_be_visible()

    desks = []
    for name in ACCOUNTANTS:
        desk = open_page(**DESKTOP)
        sign_in(desk, name, "uz", f"/admin/payments/?q={number}")
        if name == ACCOUNTANTS[0]:
            axe(desk)
        desk.locator(".money tbody a").first.click()
        expect(desk.locator("main .money__facts").first).to_contain_text(number)
        desks.append(desk)
    first, second = desks
    axe(first)
    first.fill("#refund-amount", "18 540")
    first.select_option("#refund-reason", "mistake")
    first.fill("#refund-note", "Ikki marta toʻlangan")
    first.locator("form:has(#refund-amount) button").click()
    # Who asked does not approve.
    expect(first.locator(".money")).to_contain_text("Ikki marta toʻlangan")
    expect(first.locator("form[action$='/approve/']")).to_have_count(0)
    # Wagtail's message fades in: its colours of the moment are not those that stay.
    first.reload()
    expect(first.locator(".money")).to_be_visible()
    axe(first)
    second.reload()
    second.locator("form[action$='/approve/'] button").click()
    expect(second.locator(".money__state--good").first).to_be_visible()
    second.reload()
    expect(second.locator(".money__state--good").first).to_be_visible()
    axe(second)
    # The lists show what came by either provider: they are looked at once.
    for path in TABLES if provider == "payme" else ():
        second.goto(f"/admin/payments/{path}")
        axe(second)
    second.goto("/admin/payments/calls/")
    second.locator(".money tbody a").first.click()
    expect(second.locator("#answered")).to_be_visible()
    axe(second)

    page.goto(invoice)
    expect(page.locator(".state")).to_contain_text(SUM)
    expect(page.locator(".state--good")).to_have_count(0)
    seen(page, axe, 390)
