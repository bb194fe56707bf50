"""People at the site, each in a browser of their own, and the clock that all of them share.

The site answers within the process of the test (within.py), so its clock can be moved. Every page
that is looked at passes axe and is not wider than its screen; with `PORTAL_SHOTS=folder` each is kept
as a picture, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from accounts.models import User
from casework.models import ServiceRequest
from tests.browser.within import answered_by
from tests.casework.support import WEDNESDAY, signed_in

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def follow(page: Page, control: Locator, how: str = "click") -> None:
    """Press what leads to another page; that page, behind any redirect, is there."""
    with page.expect_navigation():
        getattr(control, how)()
    settled(page)


def settled(page: Page) -> None:
    """A redirect is a page of its own here (within.py), without any heading."""
    page.locator("h1").first.wait_for()
    page.wait_for_load_state()
    quiet(page)


def quiet(page: Page) -> None:
    """Nothing moves or changes its colour any more; what the admin says of success has faded in."""
    page.wait_for_function(
        """() => document.getAnimations().every(a => a.playState !== "running")
          && [...document.querySelectorAll(".messages li")].every(e => getComputedStyle(e).opacity === "1")"""
    )


class Clock:
    """What the server takes for now; the browser's own time goes on."""

    def __init__(self) -> None:
        self.now = WEDNESDAY

    def moved(self) -> Any:
        """Within: the moment of this clock."""
        return time_machine.travel(self.now, tick=False)

    def to_day(self, row: ServiceRequest, before: int) -> None:
        """To ten in the morning of the day that lies so many days before a request is due."""
        row.refresh_from_db()
        assert row.due_at is not None
        day = timezone.localtime(row.due_at).replace(hour=10, minute=0)
        self.now = day - timedelta(days=before)


class Seats:
    """Opens the site for people, each in a browser of their own."""

    def __init__(self, browser: Browser, clock: Clock, axe: Callable[[Page], None]) -> None:
        self.browser, self.clock, self.axe = browser, clock, axe
        self.open: list[BrowserContext] = []
        self.shots = os.environ.get("PORTAL_SHOTS", "")
        self.count = 0

    def of(self, user: User, screen: dict[str, int] = DESK, **options: Any) -> Page:
        """A browser in which somebody is signed in."""
        clock = self.clock
        with clock.moved():
            client = signed_in(user)
        answer = client.generic

        def at_its_time(*args: Any, **kwargs: Any) -> Any:
            with clock.moved():
                return answer(*args, **kwargs)

        client.generic = at_its_time  # type: ignore[method-assign]
        context = answered_by(client, self.browser, viewport=screen, **options)
        self.open.append(context)
        return context.new_page()

    def look(self, page: Page, name: str) -> None:
        """No violation, nothing wider than the screen; a picture where they are asked for."""
        self.fits(page, name)
        self.axe(page)

    def look_as_sat(self, page: Page, name: str) -> None:
        """`look`, with axe where people sit: an officer at a desk, an applicant with a telephone.

        For journeys that are gone on both screens. Pages of the desk on a telephone meet axe in
        test_casework_desks and in a working day by fingers.
        """
        assert page.viewport_size is not None
        at_a_desk = page.viewport_size["width"] == DESK["width"]
        self.fits(page, name)
        if ("/admin/" in page.url) == at_a_desk:
            self.axe(page)

    def fits(self, page: Page, name: str) -> None:
        """Nothing is wider than the screen; a picture where they are asked for."""
        settled(page)
        assert page.viewport_size is not None
        width = page.viewport_size["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        outside = page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, select, input, textarea, a)")]
              .filter(e => e.checkVisibility() && !e.closest(".desk__scroll, .w-sr-only")
                && e.getBoundingClientRect().right > innerWidth + 1)
              .map(e => e.outerHTML.slice(0, 120))"""
        )
        assert outside == [], name
        if self.shots:
            self.count += 1
            Path(self.shots).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{self.shots}/{name}-{width}.png", full_page=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seats(browser: Browser, clock: Clock, axe: Callable[[Page], None], db: None) -> Iterator[Seats]:
    found = Seats(browser, clock, axe)
    yield found
    for context in found.open:
        context.close()
