"""The desks beside the inbox, as they look to those who work there: on a desk and a telephone, in
Uzbek of both scripts and in Russian; axe finds nothing, and nothing runs out of the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Agency, Role, User
from casework import auditing, desk, services
from casework.graph import State
from casework.models import (
    AnswerTemplate,
    RequestTask,
    ServiceRequest,
    ServiceRules,
    Unit,
    UnitMember,
)
from casework.tasks import open_task
from casework.transitions import transition
from tests.browser.seats import DESK, PHONE, Clock, Seats, clock, follow, seats
from tests.casework.support import (
    WEDNESDAY,
    applicant,
    make_agency,
    make_request,
    make_service,
    staff,
)

__all__ = ["clock", "seats"]  # fixtures

pytestmark = pytest.mark.django_db
#: As long as names of agencies and units really are.
NAME = {
    "uz": "Qoraqalpogʻiston Respublikasi Kambagʻallikni qisqartirish va bandlik vazirligi",
    "uz-cyrl": "Қорақалпоғистон Республикаси Камбағалликни қисқартириш ва бандлик вазирлиги",
    "ru": "Министерство сокращения бедности и занятости Республики Каракалпакстан",
}
UNIT = {
    "uz": "Jismoniy va yuridik shaxslarning murojaatlari bilan ishlash boʻlimi",
    "uz-cyrl": "Жисмоний ва юридик шахсларнинг мурожаатлари билан ишлаш бўлими",
    "ru": "Отдел по работе с обращениями физических и юридических лиц",
}


@dataclass
class Town:
    """An agency with everything that its desks show."""

    agency: Agency
    officer: User
    head: User
    auditor: User
    rows: list[ServiceRequest]
    task: RequestTask
    unit: Unit
    text: AnswerTemplate

    @classmethod
    def built(cls) -> Town:
        agency = make_agency("bandlik", "BND", name=NAME, sign_off_required=True)
        other = make_agency("soliq", "SOL", name={"uz": "Soliq boshqarmasi"})
        service, citizen = make_service(agency), applicant()
        officer = staff(agency, Role.OFFICER, Role.CLERK)
        head = staff(agency, Role.HEAD, name="head")
        auditor = staff(agency, Role.AUDITOR, name="auditor")
        rows = [make_request(service, citizen) for _number in range(4)]
        unit = Unit.objects.create(agency=agency, name=UNIT, takes_complaints=True)
        UnitMember.objects.create(unit=unit, user=officer)
        ServiceRules.objects.create(service=service, unit=unit, answer_days=15)
        text = AnswerTemplate.objects.create(agency=agency, name="Qabul soatlari", text=UNIT)
        day = timezone.localdate()
        desk.enter_absence(officer, head, agency, day, day + timedelta(days=9), head)
        for row in rows:
            transition(row.pk, State.IN_REVIEW, actor=officer)
        mine = make_request(make_service(other, "other-service"), citizen)
        asking = staff(other, Role.OFFICER)
        transition(mine.pk, State.IN_REVIEW, actor=asking)
        task = open_task(mine, asking, agency, "Ishsiz deb roʻyxatdan oʻtganmi?")
        late = WEDNESDAY + timedelta(days=30)
        services.decide(rows[0], head, State.APPROVED, "Maʼlumotnoma tayyor, 3-oyna", now=late)
        services.decide(
            rows[1], officer, State.REFUSED, "Familiya boshqa yozilgan", "data_mismatch"
        )
        auditing.look(auditor, rows[2], "Tekshiruv rejasining 4-bandi", answers=True)
        return cls(agency, officer, head, auditor, rows, task, unit, text)


def pages(town: Town) -> dict[str, tuple[str, User]]:
    """Name → address of a page and who looks at it."""

    def at(name: str, *args: object) -> str:
        return reverse(name, args=args)

    what = "?what=breaches&span=year"
    return {
        "inbox": (at("casework_inbox") + "?show=all", town.head),
        "inbox-late": (at("casework_inbox") + "?show=overdue", town.officer),
        "nothing": (at("casework_inbox") + "?state=expired", town.officer),
        "people": (at("casework_people") + "?span=year", town.head),
        "person": (at("casework_person", town.head.pk) + what, town.head),
        "units": (at("casework_units"), town.head),
        "unit": (at("casework_unit", town.unit.pk), town.head),
        "rules": (at("casework_rules"), town.head),
        "rule": (at("casework_rule", town.rows[0].service.key), town.head),
        "texts": (at("casework_texts"), town.officer),
        "text": (at("casework_text", town.text.pk), town.officer),
        "absences": (at("casework_absences"), town.officer),
        "enter": (at("casework_enter"), town.officer),
        "tasks": (at("casework_tasks"), town.officer),
        "task": (at("casework_task", town.task.pk), town.officer),
        "audit": (at("casework_audit"), town.auditor),
        "audit-request": (at("casework_audit_request", town.rows[2].uuid), town.auditor),
        "audit-looks": (at("casework_audit_looks"), town.head),
        "to-sign": (at("casework_detail", town.rows[1].uuid), town.head),
        "decided": (at("casework_detail", town.rows[0].uuid), town.officer),
    }  # fmt: skip


#: Language → screens on which axe looks: what it finds by words it finds on either, what it finds by
#: the look of a screen it finds in either language. Widths are measured on both in each.
LOOKED_AT = {"uz": (DESK, PHONE), "uz-cyrl": (PHONE,), "ru": (DESK,)}


def look(seats: Seats, page: Page, name: str, language: str) -> None:
    """The page on both screens; the next one is opened on a desk again."""
    for screen in (DESK, PHONE):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        see = seats.look if screen in LOOKED_AT[language] else seats.fits
        see(page, f"{name}-{language}")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LOOKED_AT)
def test_desks(language: str, seats: Seats, clock: Clock) -> None:
    with clock.moved():
        town = Town.built()
    User.objects.filter(is_staff=True).update(language=language)
    clock.now = WEDNESDAY + timedelta(days=12)
    for person in (town.officer, town.head, town.auditor):
        person.refresh_from_db()
        page = seats.of(person)
        for name, (address, reader) in pages(town).items():
            if reader != person:
                continue
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, name
            look(seats, page, name, language)
    # Many at once, by the way people go.
    page = seats.of(town.head)
    page.goto(reverse("casework_inbox"))
    for box in page.locator("input[name=chosen]").all():
        box.check()
    follow(page, page.locator("form[action$='/bulk/'] button[type=submit]"))
    look(seats, page, "bulk", language)
