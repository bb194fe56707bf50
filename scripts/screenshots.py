"""Photograph the demonstration's pages into docs/screenshots, on a phone and on a desktop.

    make screenshots             or   .venv/bin/python scripts/screenshots.py [NAME…]

PAGES is the list to edit.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from scripts.browsers import chromium, flags  # noqa: E402
from scripts.demo_server import scratch_demo  # noqa: E402
from scripts.signing import Kept, sign_in  # noqa: E402
from tests.engines.processes import free_port  # noqa: E402

FOLDER = ROOT / "docs" / "screenshots"


@dataclass(frozen=True)
class Shot:
    """One page: the name of its picture, its path, the e-mail to sign in with first, and whether
    the whole length of the page is wanted."""

    name: str
    path: str
    account: str | None = None
    whole: bool = False


@dataclass(frozen=True)
class Screen:
    """One kind of device, sizes in CSS pixels."""

    name: str
    width: int
    height: int
    touch: bool


SCREENS = (Screen("phone", 390, 844, True), Screen("desktop", 1350, 900, False))
# The demonstration's accounts (docs/demo.md).
CITIZEN = "fuqaro@example.org"
OFFICER = "ijrochi@example.org"
EDITOR = "muharrir@example.org"
_SERVICE = "idoralar/maktab-talimi-vazirligi/kindergarten-place/"
PAGES = (
    *(Shot(f"home-{code}", f"/{code}/") for code in ("uz", "uz-cyrl", "kaa", "ru", "en")),
    *(Shot(f"service-{code}", f"/{code}/{_SERVICE}") for code in ("uz", "uz-cyrl", "ru")),
    Shot("agency-uz", "/uz/idoralar/maktab-talimi-vazirligi/"),
    Shot("agencies-uz", "/uz/idoralar/"),
    Shot("catalogue-uz", "/uz/services/"),
    Shot("search-uz", "/uz/search/?q=yer"),
    Shot("sign-in-uz", "/uz/accounts/login/"),
    Shot("form-uz", "/uz/apply/form-kindergarten/", CITIZEN),
    Shot("my-requests-uz", "/uz/my/", CITIZEN),
    Shot("inbox", "/admin/requests/", OFFICER),
    Shot("editor", "/admin/", EDITOR),
)


def take(browser: Browser, url: str, shot: Shot, screen: Screen, kept: Kept) -> Path:
    """Photograph one page; raises AssertionError where it answers with an error."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": screen.width, "height": screen.height},
        has_touch=screen.touch,
        is_mobile=screen.touch,
        device_scale_factor=1,
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        if shot.account is not None:
            sign_in(page, shot.account, f"{url}/uz/accounts/login/", shot.path, kept)
        answer = page.goto(f"{url}{shot.path}", wait_until="networkidle")
        if answer is None or not answer.ok:
            raise AssertionError(f"{shot.path} answered {answer.status if answer else 'nothing'}")
        if shot.account is not None and page.url.partition("?")[0] != f"{url}{shot.path}":
            raise AssertionError(f"{shot.path} sent {shot.account} to {page.url}")
        picture = FOLDER / f"{shot.name}-{screen.name}.png"
        page.screenshot(path=picture, full_page=shot.whole)
        return picture
    finally:
        context.close()


def main(names: list[str]) -> int:
    """Photograph all pages, or those named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in PAGES if not names or shot.name in names]
    with (
        tempfile.TemporaryDirectory(prefix="portal-screenshots-") as folder,
        scratch_demo(Path(folder), free_port()) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags())
        kept: Kept = {}
        for shot in wanted:
            for screen in SCREENS:
                picture = take(browser, server.url, shot, screen, kept)
                sys.stdout.write(f"{picture.relative_to(ROOT)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
