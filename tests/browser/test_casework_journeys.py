"""Requests from both sides of the counter: what people press, in the order of real cases.

Every page that somebody passes is looked at by axe and may not be wider than its screen (seats.py).
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Agency, Role, User
from casework.graph import State
from casework.models import Kind, ServiceRequest, Unit, UnitMember
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
from tests.casework.support import staff
from tests.forms.factories import PDF

__all__ = ["agency", "citizen", "clock", "officer", "row", "seats", "service"]  # fixtures

pytestmark = pytest.mark.django_db

PAPER = {"name": "nusxa.pdf", "mimeType": "application/pdf", "buffer": PDF}


@on_both_screens
def test_a_question_its_answer_the_decision_and_one_rating(
    screen: dict[str, int], seats: Seats, row: ServiceRequest, citizen: User, officer: User
) -> None:
    desk, own = seats.of(officer, screen), seats.of(citizen, screen)
    desk.goto("/admin/requests/")
    seats.look_as_sat(desk, "a1-inbox")
    open_from_inbox(desk, row)
    press(desk, "take")
    seats.look_as_sat(desk, "a2-taken")
    press(desk, "ask", "  ")
    expect(desk.locator("[role=alert]")).to_be_visible()
    press(desk, "ask", "- Pasport nusxasi\n- Yashash joyi qayerda?\n")
    stands(row, State.INFO_REQUESTED)
    seats.look_as_sat(desk, "a3-asked")

    own.goto("/uz/my/")
    seats.look_as_sat(own, "a4-mine")
    follow(own, own.locator(f"li:has-text('{row.number}') a").first)
    asked = own.locator("section[aria-labelledby=asked] li")
    expect(asked).to_have_text(["Pasport nusxasi", "Yashash joyi qayerda?"])
    seats.look_as_sat(own, "a5-asked-of-me")
    # One of two is not enough; what was typed stays.
    own.locator("#answer-2").fill("Nukus, Doʻstlik 5")
    follow(own, own.locator("#reply button[type=submit]"))
    expect(own.locator(".error-summary a")).to_have_attribute("href", "#answer-1")
    expect(own.locator("#answer-2")).to_have_value("Nukus, Doʻstlik 5")
    seats.look_as_sat(own, "a6-one-missing")
    own.locator("#files-1").set_input_files([PAPER])
    follow(own, own.locator("#reply button[type=submit]"))
    expect(own.locator(".message--me")).to_be_visible()
    stands(row, State.IN_REVIEW)
    seats.look_as_sat(own, "a7-answered")

    open_from_inbox(desk, row, "mine")
    thread = desk.locator("section[aria-labelledby=thread]")
    expect(thread).to_contain_text("Nukus, Doʻstlik 5")
    expect(thread.get_by_role("link", name="nusxa.pdf")).to_be_visible()
    seats.look_as_sat(desk, "a8-answer-seen")
    press(desk, "approve", "Maʼlumotnoma tayyor: 3-oynadan oling.")
    press(desk, "complete")
    stands(row, State.COMPLETED)
    seats.look_as_sat(desk, "a9-completed")

    own.goto(own_page(row))
    expect(own.locator("section[aria-labelledby=decision]")).to_contain_text("3-oynadan oling")
    seats.look_as_sat(own, "a10-result")
    follow(own, own.locator("section[aria-labelledby=rate] button"))
    expect(own.locator("#score-error")).to_be_visible()
    own.get_by_label("5 –").check()
    own.locator("#comment").fill("Tez va tushunarli")
    follow(own, own.locator("section[aria-labelledby=rate] button"))
    expect(own.locator("section[aria-labelledby=rate]")).to_have_count(0)
    seats.look_as_sat(own, "a11-rated")
    assert (row.rating.score, row.rating.comment) == (5, "Tez va tushunarli")
    desk.goto(desk_page(row))
    expect(desk.locator("main")).to_contain_text("5 / 5")


@on_both_screens
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
    seats.look_as_sat(desk, "b1-no-ground")
    press(desk, "refuse", ground="data_mismatch")
    stands(row, State.REFUSED)

    own.goto(own_page(row))
    decision = own.locator("section[aria-labelledby=decision]")
    expect(decision).to_contain_text("Maʼlumotlar mos kelmaydi")
    expect(decision).to_contain_text("14-band")
    seats.look_as_sat(own, "b2-refused")
    follow(own, own.locator(f"a[href='{own_page(row)}complain/']"))
    expect(own.locator("main")).to_contain_text("Shikoyatlar boʻlimi")
    seats.look_as_sat(own, "b3-complain")
    own.locator("textarea[name=text]").fill("Familiyam nikohdan keyin oʻzgargan, guvohnoma bor.")
    follow(own, own.locator("main form.form button[type=submit]"))
    expect(own.locator(".receipt__number")).to_be_visible()
    seats.look_as_sat(own, "b4-receipt")
    complaint = ServiceRequest.objects.get(kind=Kind.COMPLAINT, follows=row)
    assert complaint.unit == appeals

    # Whoever refused it may look and press nothing.
    desk.goto(desk_page(complaint))
    expect(desk.locator("section[aria-labelledby=actions]")).to_have_count(0)
    seats.look_as_sat(desk, "b5-barred")
    open_from_inbox(second, complaint, "unit")
    press(second, "take")
    press(second, "approve", "Shikoyat asosli: guvohnoma ilova qilingan edi, qayta koʻriladi.")
    stands(complaint, State.APPROVED)
    seats.look_as_sat(second, "b6-upheld")

    stands(row, State.REOPENED)
    own.goto(own_page(row))
    seats.look_as_sat(own, "b7-reopened")
    open_from_inbox(desk, row)
    press(desk, "take")
    press(desk, "approve", "Maʼlumotnoma yangi familiyaga yozildi.")
    press(desk, "complete")
    stands(row, State.COMPLETED)
    own.goto(own_page(row))
    expect(decision).to_contain_text("yangi familiyaga yozildi")
    expect(own.locator("main")).to_contain_text(complaint.number)
    seats.look_as_sat(own, "b8-decided-anew")
