"""What a page weighs, how it comes over a bad line, and what is left when the browser is old."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from tests.browser.conftest import PHONE, TINY
from tests.browser.test_main_job import SERVICE, go_on, sign_in

KB = 1_000
#: 50 kbit/s with 800 ms of delay: a telephone at the edge of a village's only mast.
SLOW = {
    "offline": False,
    "latency": 800,
    "downloadThroughput": 50_000 / 8,
    "uploadThroughput": 50_000 / 8,
}
TEXT_PAGES = ("", SERVICE, "idoralar/", "services/", "hujjatlar/", "search/?q=pasport")


@dataclass
class Line:
    """What came over the wire: bytes with headers, compressed, by kind of request."""

    bytes: dict[str, float] = field(default_factory=dict)
    requests: int = 0

    def of(self, *kinds: str) -> float:
        """Bytes of some kinds."""
        return sum(self.bytes.get(kind, 0) for kind in kinds)


def listen(page: Page) -> tuple[CDPSession, Line]:
    """Weigh what the page loads from now on, from an empty cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line = Line()
    kinds: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            line.requests += 1
            kinds[event["requestId"]] = event.get("type", "Other")

    def loaded(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind:
            line.bytes[kind] = line.bytes.get(kind, 0) + event["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", loaded)
    return session, line


@pytest.mark.parametrize("path", TEXT_PAGES)
def test_a_text_page_is_light(open_page: Any, path: str) -> None:
    page = open_page(**PHONE)
    _session, line = listen(page)
    page.goto(f"/uz/{path}", wait_until="networkidle")
    assert line.requests <= 6
    assert sum(line.bytes.values()) <= 40 * KB
    assert line.of("Document") <= 14 * KB
    assert line.of("Stylesheet") <= 12 * KB
    assert line.of("Stylesheet", "Script") <= 20 * KB


@pytest.fixture
def form_pages(open_page: Any) -> Page:
    """A signed-in telephone that stands on the first step of a form."""
    page: Page = open_page(**PHONE)
    sign_in(page, "fuqaro@example.org", "uz", f"/uz/{SERVICE}")
    page.locator(".service__apply a.button").click()
    go_on(page)
    return page


def test_a_form_page_is_light(form_pages: Page) -> None:
    _session, line = listen(form_pages)
    form_pages.reload(wait_until="networkidle")
    assert line.of("Stylesheet", "Script") <= 40 * KB
    assert line.of("Document") <= 14 * KB


def test_over_a_bad_line_title_facts_and_button_stand_soon(open_page: Any) -> None:
    """The line is really held back; judged is what has to come over it, not the machine's speed."""
    page = open_page(**PHONE)
    session, line = listen(page)
    session.send("Network.emulateNetworkConditions", SLOW)
    page.goto(f"/uz/{SERVICE}", wait_until="commit")
    for part in ("h1", ".facts", ".service__apply a.button"):
        expect(page.locator(part).first).to_be_visible(timeout=30_000)
    # Page and styles, and a delay each for connecting, for the page and for its styles.
    seconds = line.of("Document", "Stylesheet") * 8 / 50_000 + 3 * 0.8
    assert 0 < seconds <= 8


def _without_details(route: Route) -> None:
    """A page as a browser shows it that never heard of `details`: plain boxes."""
    answer = route.fetch(max_redirects=0)
    if "text/html" not in answer.headers.get("content-type", ""):
        route.fulfill(response=answer)
        return
    html = answer.text()
    for name in ("details", "summary"):
        html = html.replace(f"<{name}", "<div").replace(f"</{name}>", "</div>")
    route.fulfill(response=answer, body=html)


def test_an_old_browser_without_script_storage_or_details_is_served(open_page: Any) -> None:
    page = open_page(**TINY)
    sign_in(page, "fuqaro@example.org", "uz", f"/uz/{SERVICE}")
    page.route("**/uz/**", _without_details)
    page.reload()
    assert page.locator("details").count() == 0
    for part in ("h1", ".facts", ".service__apply a.button"):
        expect(page.locator(part).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(".service__apply a.button").click()
    go_on(page)
    expect(page.locator("[name=full_name]")).to_be_visible()
    # Seen before its styles have come, a page is as wide as it likes.
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["uz", "ru"])
def test_a_printed_service_is_one_sheet_with_a_code_to_its_page(
    open_page: Any, language: str
) -> None:
    page = open_page(**PHONE)
    page.goto(f"/{language}/{SERVICE}")
    code = page.locator(".page-foot__code")
    expect(code).to_be_hidden()
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) == 1
    page.emulate_media(media="print")
    expect(code).to_be_visible()
    expect(code.locator("img")).to_have_js_property("complete", True)
