"""Requests from both sides of the counter: what people press, in the order of real cases.

Every page that somebody passes is looked at by axe and may not be wider than its screen (seats.py).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Agency, Role, User
from casework import reminders
from casework.graph import State
from casework.models import Kind, RequestTask, ServiceRequest, Unit, UnitMember
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.browser.seats import DESK, PHONE, Clock, Seats, clock, follow, seats
from tests.casework.conftest import citizen, officer, service
from tests.casework.support import (
    make_agency,
    make_request,
    staff,
)
from tests.forms.factories import PDF

__all__ = ["citizen", "clock", "officer", "seats", "service"]  # fixtures

pytestmark = pytest.mark.django_db

PAPER = {"name": "nusxa.pdf", "mimeType": "application/pdf", "buffer": PDF}
#: Smallest height and width of what fingers press on a telephone, in px (2.75 rem of the desk).
_TOUCH = 44


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


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_question_its_answer_the_decision_and_one_rating(
    screen: dict[str, int], seats: Seats, row: ServiceRequest, citizen: User, officer: User
) -> None:
    desk, own = seats.of(officer, screen), seats.of(citizen, screen)
    desk.goto("/admin/requests/")
    seats.look(desk, "a1-inbox")
    open_from_inbox(desk, row)
    press(desk, "take")
    seats.look(desk, "a2-taken")
    press(desk, "ask", "  ")
    expect(desk.locator("[role=alert]")).to_be_visible()
    press(desk, "ask", "- Pasport nusxasi\n- Yashash joyi qayerda?\n")
    stands(row, State.INFO_REQUESTED)
    seats.look(desk, "a3-asked")

    own.goto("/uz/my/")
    seats.look(own, "a4-mine")
    follow(own, own.locator(f"li:has-text('{row.number}') a").first)
    asked = own.locator("section[aria-labelledby=asked] li")
    expect(asked).to_have_text(["Pasport nusxasi", "Yashash joyi qayerda?"])
    seats.look(own, "a5-asked-of-me")
    # One of two is not enough; what was typed stays.
    own.locator("#answer-2").fill("Nukus, Doʻstlik 5")
    follow(own, own.locator("#reply button[type=submit]"))
    expect(own.locator(".error-summary a")).to_have_attribute("href", "#answer-1")
    expect(own.locator("#answer-2")).to_have_value("Nukus, Doʻstlik 5")
    seats.look(own, "a6-one-missing")
    own.locator("#files-1").set_input_files([PAPER])
    follow(own, own.locator("#reply button[type=submit]"))
    expect(own.locator(".message--me")).to_be_visible()
    stands(row, State.IN_REVIEW)
    seats.look(own, "a7-answered")

    open_from_inbox(desk, row, "mine")
    thread = desk.locator("section[aria-labelledby=thread]")
    expect(thread).to_contain_text("Nukus, Doʻstlik 5")
    expect(thread.get_by_role("link", name="nusxa.pdf")).to_be_visible()
    seats.look(desk, "a8-answer-seen")
    press(desk, "approve", "Maʼlumotnoma tayyor: 3-oynadan oling.")
    press(desk, "complete")
    stands(row, State.COMPLETED)
    seats.look(desk, "a9-completed")

    own.goto(own_page(row))
    expect(own.locator("section[aria-labelledby=decision]")).to_contain_text("3-oynadan oling")
    seats.look(own, "a10-result")
    follow(own, own.locator("section[aria-labelledby=rate] button"))
    expect(own.locator("#score-error")).to_be_visible()
    own.get_by_label("5 –").check()
    own.locator("#comment").fill("Tez va tushunarli")
    follow(own, own.locator("section[aria-labelledby=rate] button"))
    expect(own.locator("section[aria-labelledby=rate]")).to_have_count(0)
    seats.look(own, "a11-rated")
    assert (row.rating.score, row.rating.comment) == (5, "Tez va tushunarli")
    desk.goto(desk_page(row))
    expect(desk.locator("main")).to_contain_text("5 / 5")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_refusal_its_appeal_with_another_unit_and_a_new_decision(
    screen: dict[str, int], seats: Seats, clock: Clock, row: ServiceRequest, citizen: User,
    officer: User, agency: Agency,
) -> None:  # fmt: skip
    other = staff(agency, Role.OFFICER, name="other")
    answering = Unit.objects.create(agency=agency, name={"uz": "Hujjatlar boʻlimi"})
    appeals = Unit.objects.create(
        agency=agency, name={"uz": "Shikoyatlar boʻlimi"}, takes_complaints=True
    )
    UnitMember.objects.create(unit=answering, user=officer)
    UnitMember.objects.create(unit=appeals, user=other)
    ServiceRequest.objects.filter(pk=row.pk).update(unit=answering)
    desk, second, own = (
        seats.of(officer, screen),
        seats.of(other, screen),
        seats.of(citizen, screen),
    )

    open_from_inbox(desk, row)
    press(desk, "take")
    # Without its coded ground nothing is refused, and the text stays.
    press(desk, "refuse", "Maʼlumotnomada familiya boshqa yozilgan")
    expect(desk.locator("[role=alert]")).to_be_visible()
    expect(desk.locator("#text-refuse")).to_have_value("Maʼlumotnomada familiya boshqa yozilgan")
    seats.look(desk, "b1-no-ground")
    press(desk, "refuse", ground="data_mismatch")
    stands(row, State.REFUSED)

    own.goto(own_page(row))
    decision = own.locator("section[aria-labelledby=decision]")
    expect(decision).to_contain_text("Maʼlumotlar mos kelmaydi")
    expect(decision).to_contain_text("14-band")
    seats.look(own, "b2-refused")
    follow(own, own.locator(f"a[href='{own_page(row)}complain/']"))
    expect(own.locator("main")).to_contain_text("Shikoyatlar boʻlimi")
    seats.look(own, "b3-complain")
    own.locator("textarea[name=text]").fill("Familiyam nikohdan keyin oʻzgargan, guvohnoma bor.")
    follow(own, own.locator("main form.form button[type=submit]"))
    expect(own.locator(".receipt__number")).to_be_visible()
    seats.look(own, "b4-receipt")
    complaint = ServiceRequest.objects.get(kind=Kind.COMPLAINT, follows=row)
    assert complaint.unit == appeals

    # Whoever refused it may look and press nothing.
    desk.goto(desk_page(complaint))
    expect(desk.locator("section[aria-labelledby=actions]")).to_have_count(0)
    seats.look(desk, "b5-barred")
    open_from_inbox(second, complaint, "unit")
    press(second, "take")
    press(second, "approve", "Shikoyat asosli: guvohnoma ilova qilingan edi, qayta koʻriladi.")
    stands(complaint, State.APPROVED)
    seats.look(second, "b6-upheld")

    stands(row, State.REOPENED)
    own.goto(own_page(row))
    seats.look(own, "b7-reopened")
    open_from_inbox(desk, row)
    press(desk, "take")
    press(desk, "approve", "Maʼlumotnoma yangi familiyaga yozildi.")
    press(desk, "complete")
    stands(row, State.COMPLETED)
    own.goto(own_page(row))
    expect(decision).to_contain_text("yangi familiyaga yozildi")
    expect(own.locator("main")).to_contain_text(complaint.number)
    seats.look(own, "b8-decided-anew")


def told(stage: str) -> set[str]:
    """To whom a reminder of a stage was queued."""
    rows = OutboxMessage.objects.filter(event_key__startswith="remind:", channel="email")
    return {one.address for one in rows if f":{stage}:" in one.event_key}


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
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
    seats.look(desk, "c1-due-tomorrow")
    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    expect(own.locator("form[action$='/report/']")).to_have_count(0)

    at(-1)
    assert told("overdue") == {officer.email, head.email, controller.email}
    for person, name in ((officer, "c2-officer"), (head, "c3-head"), (controller, "c4-controller")):
        page = seats.of(person, screen)
        page.goto("/admin/requests/?show=overdue")
        expect(page.locator(".desk__cards tbody")).to_contain_text(row.number)
        seats.look(page, name)
    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    seats.look(own, "c5-late")
    follow(own, own.locator("form[action$='/report/'] button"))
    expect(own.locator(".receipt__number")).to_be_visible()
    seats.look(own, "c6-reported")
    complaint = ServiceRequest.objects.get(follows=row)
    assert (complaint.agency, complaint.kind) == (council, Kind.COMPLAINT)
    own.goto(own_page(row))
    expect(own.locator("form[action$='/report/']")).to_have_count(0)

    page = seats.of(controls, screen)
    open_from_inbox(page, complaint)
    expect(page.locator("section[aria-labelledby=together]")).to_contain_text(row.number)
    seats.look(page, "c7-controlling-body")
    page = seats.of(controller, screen)
    page.goto(desk_page(row))
    expect(page.locator("section[aria-labelledby=together]")).to_contain_text(complaint.number)
    seats.look(page, "c8-controller")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
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
    seats.look(desk, "d1-asked")
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
    seats.look(own, "d2-applicant")

    def answer(person: User, task: RequestTask, text: str, name: str) -> None:
        page = seats.of(person, screen)
        page.goto("/admin/requests/tasks/")
        seats.look(page, f"{name}-tasks")
        follow(page, page.get_by_role("link", name=row.number))
        seats.look(page, f"{name}-task")
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
    seats.look(desk, "d5-answered")
    press(desk, "approve", "Subsidiya ajratildi: 12-martdan oling.")
    press(desk, "complete")
    stands(row, State.COMPLETED)
    own = seats.of(citizen, screen)
    own.goto(own_page(row))
    expect(own.locator("section[aria-labelledby=decision]")).to_contain_text("12-martdan oling")
    # What agencies tell each other is not the applicant's letter.
    expect(own.locator("main")).not_to_contain_text("Qarzi yoʻq")
    seats.look(own, "d6-one-answer")


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
