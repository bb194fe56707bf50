"""Uzbek typed in Cyrillic becomes Latin in the open form, before anything is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from forms.models import QuestionSet
from home.models import InformationPage, Notice
from service_pages.rights import ensure_rights
from tests.browser.conftest import DESKTOP
from tests.browser.within import answered_by
from tests.engines.processes import CACHE
from tests.service_pages import factories

pytestmark = pytest.mark.django_db
PRESS = "Cyrillic to Latin"
Open = Callable[[str], Page]


@pytest.fixture
def admin(client: Client, browser: Browser) -> Iterator[Open]:
    """Open an address of the admin as an administrator, in English."""
    client.force_login(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    context = answered_by(client, browser, locale="en-US", **DESKTOP)
    errors: list[str] = []

    def opened(path: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    context.close()
    assert not errors


@pytest.fixture
def information() -> InformationPage:
    home = factories.home_page("uz")
    page = InformationPage(
        title="Maʼlumot", slug="malumot", summary="Qisqa", locale=home.locale,
        body=[("paragraph", "<p>Matn</p>")],
    )  # fmt: skip
    home.add_child(instance=page)
    page.save_revision().publish()
    ensure_rights()
    return page


def notes(page: Page) -> Locator:
    return page.locator(".latin-note")


def photograph(page: Page, name: str) -> None:
    (CACHE / "browser").mkdir(parents=True, exist_ok=True)
    page.screenshot(path=CACHE / "browser" / f"latin-{name}.png", full_page=False)


def paste(field: Locator, html: str) -> None:
    """What a word processor leaves on the clipboard, pasted over what an editor holds."""
    field.click()
    field.press("Control+a")
    field.evaluate(
        """(element, html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", html.replace(/<[^>]+>/g, ""));
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            element.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        html,
    )


def test_one_press_turns_what_was_typed_and_pasted(
    admin: Open, information: InformationPage
) -> None:
    """Plain field and rich text; doubtful words are marked; styles stay; saving keeps it."""
    page = admin(reverse("wagtailadmin_pages:edit", args=[information.pk]))
    expect(notes(page)).to_have_count(0)
    page.fill("[name=summary]", "Ариза циркка топширилади")
    editor = page.locator("[data-contentpath=body] [contenteditable=true]").first
    paste(editor, "<p class=MsoNormal>Қарор <b>маълум</b> қилинсин</p>")
    expect(editor).to_contain_text("Қарор маълум қилинсин")
    offers = notes(page).get_by_role("button", name=PRESS)
    expect(offers).to_have_count(2)
    photograph(page, "offered")

    offers.first.click()
    expect(page.locator("[name=summary]")).to_have_value("Ariza sirkka topshiriladi")
    expect(editor).to_contain_text("Qaror maʼlum qilinsin")
    expect(notes(page).locator("mark")).to_have_text(["sirkka"])
    expect(notes(page).first).to_contain_text("циркка → sirkka")
    expect(page.locator(".latin-said")).to_contain_text("Words to look at: 1")
    expect(offers).to_have_count(0)
    photograph(page, "turned")

    # Put back and pressed once more, above the editor this time.
    notes(page).first.get_by_role("button", name="Put back").click()
    expect(page.locator("[name=summary]")).to_have_value("Ариза циркка топширилади")
    expect(offers).to_have_count(1)
    offers.click()
    expect(page.locator("[name=summary]")).to_have_value("Ariza sirkka topshiriladi")

    # Draftail writes its hidden field a moment after a change.
    page.wait_for_function(
        "[...document.querySelectorAll('form input[type=hidden]')]"
        ".some(input => input.draftailEditor && input.value.includes('qilinsin'))"
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    page.wait_for_load_state("networkidle")
    draft = InformationPage.objects.get(pk=information.pk).get_latest_revision_as_object()
    assert draft.summary == "Ariza sirkka topshiriladi"
    text = draft.body.raw_data[0]["value"]
    assert "Qaror <b>maʼlum</b> qilinsin" in text
    assert InformationPage.objects.get(pk=information.pk).summary == "Qisqa"


def test_text_maps_and_shared_questions_have_the_press_too(admin: Open) -> None:
    """Only the Uzbek field of a text map; plain rows and snippets alike."""
    factories.home_page("uz")
    page = admin(reverse(Notice.snippet_viewset.get_url_name("add")))
    uzbek = page.locator("[data-text-language=uz]").first
    russian = page.locator("[data-text-language=ru]").first
    uzbek.fill("Портал янгиланди")
    russian.fill("Портал обновлён")
    notes(page).get_by_role("button", name=PRESS).click()
    expect(uzbek).to_have_value("Portal yangilandi")
    expect(russian).to_have_value("Портал обновлён")

    page = admin(reverse(QuestionSet.snippet_viewset.get_url_name("add")))
    page.fill("[name=title]", "Ариза берувчи")
    notes(page).get_by_role("button", name=PRESS).click()
    expect(page.locator("[name=title]")).to_have_value("Ariza beruvchi")
