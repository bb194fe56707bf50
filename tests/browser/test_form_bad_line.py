"""A poor line, a second window, a session that ended: nothing that was typed or sent is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from forms.models import Draft
from scripts import signing
from tests.browser.within import answered_by
from tests.forms import factories
from tests.forms.factories import make_version, question, small_form
from tests.forms.test_views import BACKEND

CONTINUE = {"name": "Davom etish", "exact": True}


# -- what is typed ---------------------------------------------------------------------------------


@pytest.fixture
def context(client: Client, browser: Browser, db: None) -> Any:
    """A telephone on which the citizen is signed in."""
    make_version(small_form(question("ism"), question("manzil"), question("izoh", "textarea")))
    client.force_login(factories.make_citizen(), backend=BACKEND)
    phone = answered_by(client, browser, viewport={"width": 390, "height": 844})
    yield phone
    phone.close()


@pytest.fixture
def filling(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/uz/apply/form-small/")
    page.get_by_role("button", name="Boshlash").click()
    page.locator("#q-ism").wait_for()
    return page


def stored() -> dict[str, Any]:
    """The answers of the only draft."""
    return dict(Draft.objects.get().answers)


def test_offline_for_a_moment(
    filling: Page, context: BrowserContext, axe: Callable[[Page], None]
) -> None:
    page = filling
    page.fill("#q-ism", "Namuna")
    context.set_offline(True)
    notice = page.locator(".notice--important[role=alert]")
    expect(notice).to_contain_text("Aloqa yoʻq")
    page.fill("#q-manzil", "Nukus")
    page.get_by_role("button", **CONTINUE).click()

    # Nothing was sent into the void: the page stands, what was typed too, and says why.
    expect(notice).to_be_focused()
    expect(page.locator("#q-manzil")).to_have_value("Nukus")
    assert "manzil" not in stored()
    axe(page)

    context.set_offline(False)
    expect(notice).to_have_count(0)
    page.get_by_role("button", **CONTINUE).click()
    page.locator(".error-summary").wait_for()
    assert stored() == {"ism": "Namuna", "manzil": "Nukus"}


def test_another_device_goes_on_where_this_one_stopped(
    filling: Page, client: Client, browser: Browser
) -> None:
    filling.fill("#q-ism", "Namuna")
    filling.fill("#q-manzil", "Nukus")
    filling.locator("#q-izoh").focus()
    expect(filling.locator("[data-saved]")).to_contain_text("Saqlandi")

    desk = answered_by(client, browser, viewport={"width": 1280, "height": 800})
    other = desk.new_page()
    other.goto(filling.url)
    expect(other.locator("#q-ism")).to_have_value("Namuna")
    expect(other.locator("#q-manzil")).to_have_value("Nukus")
    desk.close()


def test_two_windows_leave_the_choice_to_their_owner(
    filling: Page, context: BrowserContext, axe: Callable[[Page], None]
) -> None:
    second = context.new_page()
    second.goto(filling.url)
    second.fill("#q-ism", "Ikkinchi oyna")
    second.get_by_role("button", **CONTINUE).click()
    second.locator(".error-summary").wait_for()

    filling.fill("#q-ism", "Birinchi oyna")
    filling.get_by_role("button", **CONTINUE).click()
    both = filling.get_by_role("row").filter(has_text="Birinchi oyna")
    expect(both).to_contain_text("Ikkinchi oyna")
    assert stored()["ism"] == "Ikkinchi oyna"
    axe(filling)

    filling.locator(".actions button:not([name])").click()
    filling.locator(".error-summary").wait_for()
    assert stored()["ism"] == "Birinchi oyna"


def test_a_session_that_ended_loses_nothing(filling: Page, client: Client) -> None:
    filling.fill("#q-ism", "Namuna")
    client.logout()
    filling.get_by_role("button", **CONTINUE).click()
    filling.wait_for_url("**/accounts/login/**")

    client.force_login(factories.User.objects.get(), backend=BACKEND)
    draft = Draft.objects.get()
    filling.goto(f"/uz/apply/d/{draft.uuid}/{draft.step}/")
    expect(filling.locator("#q-ism")).to_have_value("Namuna")


# -- files -------------------------------------------------------------------------------------


def photograph(width: int, height: int) -> dict[str, Any]:
    """A JPEG as a telephone makes them, with what the telephone writes into it."""
    exif = Image.Exif()
    exif[0x0110] = "Telefon"
    picture, out = Image.effect_noise((width, height), 60).convert("RGB"), io.BytesIO()
    picture.save(out, "JPEG", quality=92, exif=exif)
    return {"name": "surat.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def with_files(phone_page: Page) -> Page:
    """The page of a form of the demonstration that asks for files."""
    start = "/uz/apply/form-state-housing/"
    signing.sign_in(phone_page, "fuqaro@example.org", "/uz/accounts/login/", start, {})
    phone_page.locator("main form button[type=submit]").last.click()
    phone_page.wait_for_url("**/apply/d/**")
    draft = phone_page.url.split("/d/")[1].split("/")[0]
    phone_page.goto(f"/uz/apply/d/{draft}/files/")
    return phone_page


def sent_file(page: Page) -> Image.Image:
    """The one file that the page lists, as the portal keeps it."""
    link = page.locator("main a[href*='/files/'], main a[href*='/file/']").first
    link.wait_for()
    answer = page.context.request.get(link.get_attribute("href") or "")
    assert answer.ok
    return Image.open(io.BytesIO(answer.body()))


def test_a_photograph_is_made_smaller_before_it_is_sent(with_files: Page) -> None:
    photo, sent = photograph(3000, 1800), []
    with_files.on("request", lambda asked: sent.append(asked) if asked.method == "POST" else None)
    with_files.locator("input[type=file]").first.set_input_files(photo)
    kept = sent_file(with_files)

    assert kept.size == (2000, 1200)
    assert not kept.getexif()
    (upload,) = sent
    assert int(upload.all_headers()["content-length"]) < len(photo["buffer"])


def test_a_dropped_line_costs_one_file_at_most(
    with_files: Page, axe: Callable[[Page], None]
) -> None:
    first = with_files.locator("input[type=file]").first
    first.set_input_files(photograph(400, 300))
    assert sent_file(with_files).size == (400, 300)

    def drop(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionreset")
        else:
            route.fallback()

    with_files.route("**/*", drop)
    second = with_files.locator("input[type=file]").nth(1)
    second.set_input_files(photograph(500, 300) | {"name": "ikkinchi.jpg"})
    expect(with_files.locator("[data-saved]")).to_contain_text("yuborilmadi")
    axe(with_files)
    with_files.unroute("**/*")

    # The first is there still; the second is chosen again, and goes.
    with_files.locator("input[type=file]").nth(1).set_input_files(
        photograph(500, 300) | {"name": "ikkinchi.jpg"}
    )
    for name in ("ikkinchi.jpg", "surat.jpg"):
        expect(with_files.get_by_role("link", name=name)).to_be_visible()
