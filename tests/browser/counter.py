"""One request and both sides of the counter: its pages, and what people press on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page

from accounts.models import Agency, User
from casework.graph import State
from casework.models import ServiceRequest
from service_pages.models import Service
from tests.browser.seats import DESK, PHONE, Clock, follow
from tests.casework.support import make_agency, make_request

#: A journey that is gone on both screens.
on_both_screens = pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def agency(db: None) -> Agency:
    return make_agency("adliya", "ADL", name={"uz": "Adliya vazirligi", "ru": "Минюст"})


@pytest.fixture
def row(service: Service, citizen: User, clock: Clock) -> ServiceRequest:
    with clock.moved():
        return make_request(service, citizen)


def own_page(row: ServiceRequest, language: str = "uz") -> str:
    return f"/{language}/my/{row.uuid}/"


def desk_page(row: ServiceRequest) -> str:
    return f"/admin/requests/{row.uuid}/"


def action(page: Page, name: str) -> Locator:
    """The form of an action."""
    return page.locator(f"form:has(button[name=action][value={name}])")


def press(page: Page, name: str, text: str = "", **chosen: str) -> None:
    """Fill in the form of an action and press it; the page that follows is there."""
    form = action(page, name)
    for field, value in chosen.items():
        control = form.locator(f"[name={field}]")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    if text:
        form.locator("textarea[name=text]").fill(text)
    follow(page, form.locator(f"button[name=action][value={name}]"))


def stands(row: ServiceRequest, state: State) -> None:
    row.refresh_from_db()
    assert row.state == state


def open_from_inbox(page: Page, row: ServiceRequest, show: str = "") -> None:
    page.goto(f"/admin/requests/{f'?show={show}' if show else ''}")
    follow(page, page.get_by_role("link", name=row.number))
