"""A real Chromium on the demonstration site, which runs as a process of its own.

The content is loaded once for each state of the code and kept in `.cache/demo`; a run works on a
copy of it, so what tests send stays among them. Pages may only reach that server: a request to any
other host is a failure, and so are an uncaught error of a script and a breach of the page's content
policy.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from scripts.browsers import chromium, flags
from scripts.demo_server import DemoServer, content_key
from tests.conftest import BROWSER_VERSION, missing
from tests.databases import sqlite_template
from tests.engines.processes import CACHE, ComponentMissing, free_port

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1350, "height": 900}}
TINY: dict[str, Any] = {"viewport": {"width": 320, "height": 480}, "java_script_enabled": False}

OpenPage = Callable[..., Page]

#: Only what is wrong comes over from the browser. Assets are looked through in advance for two rules
#: alone: one is about sound, the other is off unless asked for.
_AXE = """async () => {
  const found = await axe.run({
    resultTypes: ["violations"],
    preload: Boolean(document.querySelector("audio, video")),
  });
  return found.violations;
}"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Half of all tests on the demonstration, then those within this process, then the rest.

    Of two workers one begins at the first half: while it loads the demonstration the other has
    something to do. A demonstration of its own (`server`) comes first, so its tests stay together.
    """
    ours = [at for at, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    shown: list[pytest.Item] = []
    within: list[pytest.Item] = []
    for item in (items[at] for at in ours):
        names = getattr(item, "fixturenames", ())
        (shown if {"server", "demo_server"} & set(names) else within).append(item)
    shown.sort(key=lambda item: "server" not in getattr(item, "fixturenames", ()))
    half = len(ours) // 2
    for at, item in zip(ours, shown[:half] + within + shown[half:], strict=True):
        items[at] = item


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The machine's Chromium."""
    try:
        program = chromium()
    except ComponentMissing as error:
        missing(str(error))
    # Playwright's loop runs in this thread; Django would refuse a fixture its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=flags())
        request.config.stash[BROWSER_VERSION] = f"Chromium {started.version}"
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def demo_server(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[DemoServer]:
    """The demonstration site with its content, on a database of this run.

    `demo_server.url`, `demo_server.database` (an SQLite file) and `demo_server.output()`, where
    codes sent by SMS or e-mail stand.
    """
    kept = _loaded(django_db_blocker)
    folder = tmp_path_factory.mktemp("demo")
    database = folder / "demo.sqlite3"
    shutil.copy(kept / "demo.sqlite3", database)
    shutil.copytree(kept / "files", folder / "files")
    with DemoServer(database, folder / "files", port=free_port()) as server:
        yield server


def _loaded(django_db_blocker: DjangoDbBlocker) -> Path:
    """The folder with a loaded demonstration for the present code; made if it is not there."""
    kept = CACHE / "demo" / content_key()
    (CACHE / "demo").mkdir(parents=True, exist_ok=True)
    # Of several workers one loads, and the others wait for it.
    with (CACHE / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_dir():
            _load(kept, django_db_blocker)
    return kept


def _load(kept: Path, django_db_blocker: DjangoDbBlocker) -> None:
    for old in (CACHE / "demo").glob("*"):
        shutil.rmtree(old)
    building = kept.with_suffix(".building")
    building.mkdir(parents=True)
    with django_db_blocker.unblock():
        template = _template()
    if template is not None:
        shutil.copy(template, building / "demo.sqlite3")
    with DemoServer(building / "demo.sqlite3", building / "files", port=free_port()):
        pass  # ready: everything is loaded
    building.rename(kept)


def _template() -> Path | None:
    """The migrated template, which spares the demonstration its migrations."""
    return sqlite_template() if connection.vendor == "sqlite" else None


@pytest.fixture
def open_page(
    browser: Browser, demo_server: DemoServer, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Open a page of a new visitor; arguments are those of Playwright's new_context.

    Everything opened is watched (see the top of this file) and closed after the test.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []
    ours = (demo_server.url, demo_server.oneid.partition("/sso/")[0])

    def make(**options: Any) -> Page:
        context = browser.new_context(
            base_url=demo_server.url, reduced_motion="reduce", locale="uz-UZ", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("console", lambda said: _note_breach(said.text, wrong))
        page.on("request", lambda asked: _note_stranger(asked.url, ours, wrong))
        return page

    failed_before = request.session.testsfailed
    yield make
    if request.session.testsfailed > failed_before:
        _photograph(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


def _note_breach(said: str, wrong: list[str]) -> None:
    if "Content Security Policy" in said:
        wrong.append(f"content policy: {said}")


def _note_stranger(address: str, ours: tuple[str, ...], wrong: list[str]) -> None:
    if not address.startswith((*ours, "data:", "blob:", "about:")):
        wrong.append(f"a request to another host: {address}")


def _photograph(contexts: list[BrowserContext], name: str) -> None:
    """Keep what a failed test saw, in .cache/browser."""
    folder = CACHE / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    safe = re.sub(r"[^\w.-]+", "-", name)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages):
        with contextlib.suppress(Exception):  # a page that cannot be photographed hides no failure
            page.screenshot(path=folder / f"{safe}-{number}.png", full_page=True)


@pytest.fixture
def phone_page(open_page: OpenPage) -> Page:
    """A telephone: 390 × 844, touch."""
    return open_page(**PHONE)


@pytest.fixture
def desktop_page(open_page: OpenPage) -> Page:
    """A desktop: 1350 × 900."""
    return open_page(**DESKTOP)


@pytest.fixture(params=["phone", "desktop"])
def any_page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """Runs the test twice: on a telephone and on a desktop."""
    return open_page(**(PHONE if request.param == "phone" else DESKTOP))


@pytest.fixture
def nojs_page(open_page: OpenPage) -> Page:
    """A telephone without scripts."""
    return open_page(**PHONE, java_script_enabled=False)


@pytest.fixture
def tiny_page(open_page: OpenPage) -> Page:
    """The smallest screen we promise: 320 × 480, without scripts."""
    return open_page(**TINY)


@pytest.fixture
def dark_page(open_page: OpenPage) -> Page:
    """A telephone that prefers dark colours."""
    return open_page(**PHONE, color_scheme="dark")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with a readable list where axe-core finds any violation, of any impact."""

    def check(page: Page) -> None:
        page.evaluate(f"{AXE_SCRIPT};0")
        found = page.evaluate(_AXE)
        lines = [page.url]
        for violation in found:
            lines.append(f"{violation['impact']}: {violation['id']}: {violation['help']}")
            for node in violation["nodes"][:5]:
                summary = " ".join(node["failureSummary"].split())
                lines.append(f"    {node['target']} {node['html'][:160]}\n        {summary[:300]}")
        assert not found, "\n".join(lines)

    return check
