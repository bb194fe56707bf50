"""A working day at the desk by fingers on a telephone, and by the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from casework.graph import State
from casework.models import ServiceRequest
from service_pages.models import Service
from tests.browser.counter import action, agency, row, stands
from tests.browser.seats import PHONE, Clock, Seats, clock, follow, seats
from tests.casework.conftest import citizen, officer, service
from tests.casework.support import make_request

__all__ = ["agency", "citizen", "clock", "officer", "row", "seats", "service"]  # fixtures

pytestmark = pytest.mark.django_db
#: Smallest height and width of what fingers press on a telephone, in px (2.75 rem of the desk).
_TOUCH = 44


def small_targets(page: Page) -> list[str]:
    """What is too small for a finger: buttons, fields, lists and links that stand alone."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll(".desk :is(button, select, input, textarea, summary, .desk__filters a, th a)")]
          .filter(e => e.checkVisibility() && e.type !== "hidden")
          .filter(e => (/checkbox|radio/.test(e.type) && e.labels[0] || e).getBoundingClientRect().height < least - 0.5)
          .map(e => e.outerHTML.slice(0, 120) + " " + e.getBoundingClientRect().height)""",
        _TOUCH,
    )
    return found


def tab_to(page: Page, locator: Locator, most: int = 120) -> None:
    """Reach something by the keyboard alone."""
    for _step in range(most):
        if locator.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} is not reached by the keyboard")


def test_a_working_day_on_a_telephone_by_fingers(
    seats: Seats, row: ServiceRequest, service: Service, citizen: User, officer: User, clock: Clock
) -> None:
    with clock.moved():
        others = [make_request(service, citizen) for _number in range(3)]
    phone = seats.of(officer, PHONE, has_touch=True, is_mobile=True)
    phone.goto("/admin/requests/")
    assert small_targets(phone) == []
    seats.look(phone, "e1-inbox")
    follow(phone, phone.locator(".desk__filters a[href*='show=unassigned']"), "tap")
    expect(phone.locator(".desk__cards tbody tr")).to_have_count(1 + len(others))
    follow(phone, phone.get_by_role("link", name=row.number), "tap")
    seats.look(phone, "e2-request")
    assert small_targets(phone) == []
    follow(phone, phone.locator("button[name=action][value=take]"), "tap")
    details = phone.locator("details:has(form button[value=note])")
    details.locator("summary").tap()
    assert small_targets(phone) == []
    note = action(phone, "note")
    note.locator("textarea").fill("Qoʻngʻiroq qildim, ertaga keladi.")
    follow(phone, note.locator("button[name=action][value=note]"), "tap")
    expect(phone.locator("section[aria-labelledby=history]")).to_contain_text("ertaga keladi")
    ask = action(phone, "ask")
    ask.locator("textarea").fill("Pasport nusxasi")
    follow(phone, ask.locator("button[name=action][value=ask]"), "tap")
    stands(row, State.INFO_REQUESTED)
    seats.look(phone, "e3-asked")
    # The next one is answered at once.
    phone.goto("/admin/requests/?show=unassigned")
    follow(phone, phone.get_by_role("link", name=others[0].number), "tap")
    follow(phone, phone.locator("button[name=action][value=take]"), "tap")
    answer = action(phone, "approve")
    answer.locator("textarea").fill("Maʼlumotnoma tayyor: 3-oynadan oling.")
    follow(phone, answer.locator("button[name=action][value=approve]"), "tap")
    stands(others[0], State.APPROVED)
    seats.look(phone, "e4-answered")


def test_a_working_day_by_the_keyboard_alone(
    seats: Seats, row: ServiceRequest, officer: User
) -> None:
    page = seats.of(officer, PHONE)
    page.goto("/admin/requests/")
    link = page.get_by_role("link", name=row.number)
    tab_to(page, link)
    page.keyboard.press("Enter")
    expect(page.locator("#history")).to_be_visible()
    take = page.locator("button[name=action][value=take]")
    tab_to(page, take)
    page.keyboard.press("Enter")
    text = page.locator("#text-approve")
    expect(text).to_be_visible()
    tab_to(page, text)
    page.keyboard.type("Maʼlumotnoma tayyor: 3-oynadan oling.")
    button = page.locator("button[name=action][value=approve]")
    tab_to(page, button)
    # Where one is can be seen.
    assert button.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator("button[name=action][value=approve]")).to_have_count(0)
    stands(row, State.APPROVED)
