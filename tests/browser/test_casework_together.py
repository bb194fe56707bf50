"""A request that concerns more people than its officer: who is told when it is late, and who answers
together with the officer. Looked at like the journeys of test_casework_journeys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Agency, Role, User
from casework import reminders
from casework.graph import State
from casework.models import Kind, RequestTask, ServiceRequest
from operations.models import OutboxMessage
from tests.browser.counter import (
    agency,
    desk_page,
    on_both_screens,
    open_from_inbox,
    own_page,
    press,
    row,
    stands,
)
from tests.browser.seats import Clock, Seats, clock, follow, seats
from tests.casework.conftest import citizen, officer, service
from tests.casework.support import make_agency, staff

__all__ = ["agency", "citizen", "clock", "officer", "row", "seats", "service"]  # fixtures

pytestmark = pytest.mark.django_db


def told(stage: str) -> set[str]:
    """To whom a reminder of a stage was queued."""
    rows = OutboxMessage.objects.filter(event_key__startswith="remind:", channel="email")
    return {one.address for one in rows if f":{stage}:" in one.event_key}


@on_both_screens
def test_a_late_answer_is_escalated_and_the_applicant_tells_the_controller(
    screen: dict[str, int], seats: Seats, clock: Clock, row: ServiceRequest, citizen: User,
    officer: User, agency: Agency,
) -> None:  # fmt: skip
    council = make_agency("kengash", "VKN", kind="council", name={"uz": "Vazirlar Kengashi"})
    head, controls = staff(agency, Role.HEAD, name="head"), staff(council, Role.OFFICER)
    controller = staff(None, Role.CONTROLLER, name="controller")
    desk = seats.of(officer, screen)
    open_from_inbox(desk, row)
    press(desk, "take")

    def at(days_before: int) -> None:
        clock.to_day(row, days_before)
        with clock.moved():
            for _again in range(2):
                reminders.remind()

    # Wednesday the 11th is due; the 9th is a holiday, so three working days before is the 5th.
    at(6)
    assert told("due-3") == {officer.email} and told("due-1") == set()
    at(1)
    assert told("due-1") == {officer.email} and told("overdue") == set()
    desk = seats.of(officer, screen)
    desk.goto("/admin/requests/?show=mine")
    seats.look_as_sat(desk, "c1-due-tomorrow")
    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    expect(own.locator("form[action$='/report/']")).to_have_count(0)

    at(-1)
    assert told("overdue") == {officer.email, head.email, controller.email}
    for person, name in ((officer, "c2-officer"), (head, "c3-head"), (controller, "c4-controller")):
        page = seats.of(person, screen)
        page.goto("/admin/requests/?show=overdue")
        expect(page.locator(".desk__cards tbody")).to_contain_text(row.number)
        seats.look_as_sat(page, name)
    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    seats.look_as_sat(own, "c5-late")
    follow(own, own.locator("form[action$='/report/'] button"))
    expect(own.locator(".receipt__number")).to_be_visible()
    seats.look_as_sat(own, "c6-reported")
    complaint = ServiceRequest.objects.get(follows=row)
    assert (complaint.agency, complaint.kind) == (council, Kind.COMPLAINT)
    own.goto(own_page(row))
    expect(own.locator("form[action$='/report/']")).to_have_count(0)

    page = seats.of(controls, screen)
    open_from_inbox(page, complaint)
    expect(page.locator("section[aria-labelledby=together]")).to_contain_text(row.number)
    seats.look_as_sat(page, "c7-controlling-body")
    page = seats.of(controller, screen)
    page.goto(desk_page(row))
    expect(page.locator("section[aria-labelledby=together]")).to_contain_text(complaint.number)
    seats.look_as_sat(page, "c8-controller")


@on_both_screens
def test_one_window_for_several_agencies(
    screen: dict[str, int], seats: Seats, clock: Clock, row: ServiceRequest, citizen: User,
    officer: User,
) -> None:  # fmt: skip
    cadastre = make_agency("kadastr", "KAD", name={"uz": "Kadastr agentligi"})
    taxes = make_agency("soliq", "SOL", name={"uz": "Soliq boshqarmasi"})
    surveyor, inspector = staff(cadastre, Role.OFFICER), staff(taxes, Role.OFFICER)
    desk = seats.of(officer, screen)
    open_from_inbox(desk, row)
    press(desk, "take")
    press(desk, "ask_agency", "Uy kimning nomida?", agency="kadastr", days="1")
    press(desk, "ask_agency", "Soliqdan qarzi bormi?", agency="soliq", days="3")
    seats.look_as_sat(desk, "d1-asked")
    first, second = RequestTask.objects.order_by("pk")
    assert first.due_at < second.due_at
    # Nothing leaves before all have answered.
    press(desk, "approve", "Subsidiya ajratildi: 12-martdan oling.")
    expect(desk.locator("[role=alert]")).to_be_visible()
    stands(row, State.IN_REVIEW)

    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    for name in ("Kadastr agentligi", "Soliq boshqarmasi"):
        expect(own.locator("aside")).to_contain_text(name)
    seats.look_as_sat(own, "d2-applicant")

    def answer(person: User, task: RequestTask, text: str, name: str) -> None:
        page = seats.of(person, screen)
        page.goto("/admin/requests/tasks/")
        seats.look_as_sat(page, f"{name}-tasks")
        follow(page, page.get_by_role("link", name=row.number))
        seats.look_as_sat(page, f"{name}-task")
        page.locator("textarea[name=text]").fill(text)
        follow(page, page.locator("form:has(textarea[name=text]) button[type=submit]"))
        expect(page.locator("main")).to_contain_text(text)
        task.refresh_from_db()

    answer(surveyor, first, "Uy arizachining nomida, 2019-yildan.", "d3")
    clock.now = second.due_at + timedelta(hours=15)  # a day too late
    answer(inspector, second, "Qarzi yoʻq, 1-mart holatiga.", "d4")
    assert (first.was_late, second.was_late) == (False, True)

    desk = seats.of(officer, screen)
    desk.goto(desk_page(row))
    expect(desk.locator("section[aria-labelledby=tasks] .due--late")).to_have_count(1)
    seats.look_as_sat(desk, "d5-answered")
    press(desk, "approve", "Subsidiya ajratildi: 12-martdan oling.")
    press(desk, "complete")
    stands(row, State.COMPLETED)
    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    expect(own.locator("section[aria-labelledby=decision]")).to_contain_text("12-martdan oling")
    # What agencies tell each other is not the applicant's letter.
    expect(own.locator("main")).not_to_contain_text("Qarzi yoʻq")
    seats.look_as_sat(own, "d6-one-answer")
