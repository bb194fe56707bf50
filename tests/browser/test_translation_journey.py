"""Editor → approver → translator → approver in the Uzbek admin, counting what it says in English.

The server is a demonstration of its own that writes down every message it is asked for in Uzbek
(`scripts/recording_demo.py`); scripts of the admin are watched in the browser.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import DjangoDbBlocker

from scripts import signing
from scripts.demo_server import DemoServer
from tests.browser.conftest import DESKTOP, _loaded
from tests.engines.processes import CACHE, free_port

#: A publication with its followers, on a busy machine (milliseconds).
SLOWEST = 120_000
#: At most this share of the messages may be English.
ALLOWED = 0.02
SLUG = "kindergarten-place"
NEW_TEXT = "Bola bogʻchaga navbat bilan joylashtiriladi."

#: Notes what the script catalogue is asked for, and whether it comes back unchanged.
WATCH = """
(() => {
  const watched = ["gettext", "ngettext", "pgettext"];
  const watch = (name, call) => function (...args) {
    const result = call.apply(this, args);
    const text = name === "pgettext" ? args[1] : args[0];
    window.noteMessage(text, result === text || (name === "ngettext" && result === args[1]));
    return result;
  };
  window.django = new Proxy({}, {
    set(target, name, value) {
      target[name] = watched.includes(name) ? watch(name, value) : value;
      return true;
    },
  });
})();
"""

As = Callable[[str], Page]


@pytest.fixture(scope="module")
def recorded() -> dict[str, bool]:
    """Message → whether a script got it back unchanged."""
    return {}


@pytest.fixture(scope="module")
def server(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[DemoServer]:
    """A demonstration that writes down its messages."""
    kept = _loaded(django_db_blocker)
    folder = tmp_path_factory.mktemp("recorded")
    shutil.copy(kept / "demo.sqlite3", folder / "demo.sqlite3")
    shutil.copytree(kept / "files", folder / "files")
    with DemoServer(
        folder / "demo.sqlite3",
        folder / "files",
        port=free_port(),
        program="scripts/recording_demo.py",
        environment={"RECORD_MESSAGES": str(folder / "messages")},
    ) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: DemoServer, recorded: dict[str, bool]) -> Iterator[As]:
    """`signed_in(e-mail)`: a page of the admin of that person, in Uzbek."""
    contexts: dict[str, BrowserContext] = {}
    kept: signing.Kept = {}

    def page_of(email: str) -> Page:
        if email not in contexts:
            context = browser.new_context(
                base_url=server.url, locale="uz-UZ", reduced_motion="reduce", **DESKTOP
            )
            context.set_default_timeout(SLOWEST)
            context.expose_function(
                "noteMessage", lambda text, unchanged: recorded.update({text: unchanged})
            )
            context.add_init_script(WATCH)
            contexts[email] = context
            page = context.new_page()
            signing.sign_in(page, email, "/uz/accounts/login/", "/admin/", kept)
            return page
        return contexts[email].pages[0]

    yield page_of
    for context in contexts.values():
        context.close()


def number(server: DemoServer, language: str) -> int:
    """Number of the page of the kindergarten service in a language."""
    with sqlite3.connect(server.database) as database:
        row = database.execute(
            "SELECT p.id FROM wagtailcore_page p JOIN wagtailcore_locale l ON l.id = p.locale_id"
            " WHERE p.slug = ? AND l.language_code = ? ORDER BY p.depth DESC",
            (SLUG, language),
        ).fetchone()
    return int(row[0])


def photograph(page: Page, name: str) -> None:
    folder = CACHE / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"journey-{name}.png")


def settled(page: Page, path: str) -> Page:
    """Open an address of the admin and wait for its scripts."""
    answer = page.goto(path)
    assert answer is not None and answer.status == 200, path
    page.wait_for_load_state("networkidle")
    return page


def approve(page: Page) -> None:
    """The one text that waits on the dashboard."""
    settled(page, "/admin/")
    button = page.locator("tr [data-workflow-action-url*='/approve/']:not([data-launch-modal])")
    expect(button).to_have_count(1)
    photograph(page, "approver-dashboard")
    with page.expect_navigation():
        button.evaluate("e => e.click()")
    expect(page.locator("tr [data-workflow-action-url]")).to_have_count(0)


def reader_sees(page: Page, server: DemoServer, language: str, text: str) -> bool:
    answer = page.request.get(
        f"{server.url}/{language}/idoralar/maktab-talimi-vazirligi/{SLUG}/?fresh={len(text)}"
    )
    return text in answer.text()


def test_a_text_goes_from_its_editor_to_readers_of_two_languages(
    server: DemoServer, signed_in: As
) -> None:
    uzbek, russian = number(server, "uz"), number(server, "ru")

    # The editor writes and sends; readers see nothing of it.
    editor = signed_in("muharrir@example.org")
    settled(editor, f"/admin/pages/{uzbek}/edit/")
    title = editor.locator("[name=title]").input_value()
    editor.fill("[name=summary]", NEW_TEXT)
    photograph(editor, "editor")
    with editor.expect_navigation():
        editor.locator("[name=action-submit]").first.evaluate("e => e.click()")
    photograph(editor, "editor-sent")
    assert not reader_sees(editor, server, "uz", NEW_TEXT)
    settled(editor, f"/admin/pages/{uzbek}/history/")

    # The approver publishes it; Cyrillic follows by itself.
    approver = signed_in("tasdiqlovchi@example.org")
    approve(approver)
    assert reader_sees(approver, server, "uz", NEW_TEXT)
    assert reader_sees(approver, server, "uz-cyrl", "Бола боғчага навбат билан жойлаштирилади.")

    # The translator finds it out of date on the desk, translates what is new and sends it.
    translator = signed_in("tarjimon@example.org")
    settled(translator, "/admin/translations/?language=ru&state=outdated")
    photograph(translator, "desk")
    expect(translator.locator("main")).to_contain_text(title)
    settled(translator, f"/admin/pages/{russian}/edit/")
    photograph(translator, "translator")
    translate_what_is_missing(translator, "Ребёнок получает место в порядке очереди.")
    photograph(translator, "translator-done")
    settled(translator, f"/admin/translations/approve/{russian}/")
    with translator.expect_navigation():
        translator.locator("form[method=post] button.button[type=submit]").last.click()
    settled(translator, f"/admin/pages/{russian}/edit/")
    photograph(translator, "translator-waiting")
    expect(translator.locator("a[href*='/translations/withdraw/']")).to_have_count(1)
    assert not reader_sees(translator, server, "ru", "в порядке очереди")

    # The same approver decides about the Russian text.
    approve(approver)
    assert reader_sees(approver, server, "ru", "в порядке очереди")


def translate_what_is_missing(page: Page, text: str) -> None:
    """Open each text without a translation, write one, save it."""
    missing = page.get_by_role("button", name="Tarjima qilish", exact=True)
    for _attempt in range(6):
        if not missing.count():
            break
        missing.first.click()
        field = page.locator("textarea:visible, [contenteditable=true]:visible").first
        field.click()
        field.fill(text)
        page.get_by_role("button", name="Saqlash", exact=True).first.click()
        page.wait_for_load_state("networkidle")
    expect(missing).to_have_count(0, timeout=SLOWEST)


ROUTES = {
    "muharrir@example.org": [
        "/admin/",
        "/admin/pages/",
        "/admin/pages/search/?q=bog",
        "/admin/pages/{uz}/edit/",
        "/admin/pages/{uz}/history/",
        "/admin/pages/{uz}/copy/",
        "/admin/pages/{uz}/usage/",
        "/admin/account/",
        "/admin/images/",
        "/admin/images/add/",
        "/admin/documents/",
        "/admin/documents/multiple/add/",
        "/admin/choose-page/",
        "/admin/choose-external-link/",
        "/admin/choose-email-link/",
        "/admin/images/chooser/",
        "/admin/documents/chooser/",
        "/admin/translations/",
    ],
    "tarjimon@example.org": [
        "/admin/",
        "/admin/translations/",
        "/admin/translations/?language=ru",
        "/admin/translations/import/",
        "/admin/translations/lost/",
        "/admin/pages/{ru}/edit/",
        "/admin/pages/{uz-cyrl}/edit/",
        "/admin/pages/{ru}/history/",
    ],
    "tasdiqlovchi@example.org": [
        "/admin/",
        "/admin/pages/{uz}/edit/",
        "/admin/pages/{uz}/history/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
    ],
    "ijrochi@example.org": ["/admin/", "/admin/requests/", "/admin/requests/new/",
                            "/admin/requests/tasks/"],
}  # fmt: skip


def test_the_admin_speaks_uzbek(
    server: DemoServer, signed_in: As, recorded: dict[str, bool]
) -> None:
    """After the journey above and a walk over every page that the four roles meet."""
    numbers = {language: number(server, language) for language in ("uz", "ru", "uz-cyrl")}
    for email, paths in ROUTES.items():
        page = signed_in(email)
        for path in paths:
            for name, value in numbers.items():
                path = path.replace(f"{{{name}}}", str(value))
            settled(page, path)
    lines = Path(server.environment["RECORD_MESSAGES"]).read_text(encoding="utf-8").splitlines()
    said = {json.loads(line[2:]): line[0] == "-" for line in lines} | recorded
    # Signs and numbers are the same in every language.
    said = {text: unchanged for text, unchanged in said.items() if re.search("[A-Za-z]{2}", text)}
    english = sorted(text for text, unchanged in said.items() if unchanged)
    share = len(english) / len(said)
    sys.stdout.write(f"{len(english)} of {len(said)} messages are English ({share:.1%}):\n")
    sys.stdout.writelines(f"  {text!r}\n" for text in english)
    assert len(said) > 500
    assert share <= ALLOWED
