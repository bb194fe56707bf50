"""A month played through the front door, whose figures were worked out by hand.

February 2026, Monday to Friday worked. Term of the service: five working days. What happens:

1  Demo citizen 1 (Nukus), portal     4 Feb   taken 5, approved 6 (2 days), completed, rated 5
2  the same again, a repeat           5 Feb   taken 9 (2 days), asked 10, answered 12, refused 13
                                              (6 days less 2: 4), rated 1; reopened 25
3  Demo citizen 2, after hours        6 Feb   registered 9; nobody takes it; due 16, overdue
4  a firm, by citizen 2               9 Feb   taken at once, approved 20 (9 days), late, completed
5  by phone, no account              10 Feb   forwarded 20 (ten days: late) to another agency,
                                              where it is overdue since 17
6  a complaint about 2, one up       16 Feb   approved 25 (7 days of 11): upheld
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import time_machine
from django.utils import timezone

from accounts.models import Agency, Organization, Representation, Role, User
from casework import complaints, services
from casework.graph import State
from casework.intake import register_request
from casework.models import ServiceRequest
from casework.transitions import transition
from core.models import District
from forms.models import Source
from service_pages.models import Service
from tests.casework.support import (
    applicant,
    make_agency,
    make_request,
    make_service,
    make_submission,
    staff,
)


@dataclass
class Played:
    """Who and what was in it."""

    agency: Agency
    council: Agency
    other: Agency
    service: Service
    officer: User
    citizen: User
    requests: list[ServiceRequest]


def moment(day: int, hour: int = 11, month: int = 2) -> datetime:
    """An hour of a day of February 2026 where the portal stands."""
    return timezone.make_aware(datetime(2026, month, day, hour))


def at(day: int, hour: int = 11, month: int = 2) -> Any:
    """The clock stands there."""
    return time_machine.travel(moment(day, hour, month), tick=False)


def _move(row: ServiceRequest, day: int, target: State, actor: User, **more: Any) -> None:
    with at(day):
        transition(row.pk, target, actor=actor, **({"reason": "Sabab"} | more))


def play() -> Played:
    """Play it."""
    council = make_agency("vk", "VKX", kind="council")
    agency = make_agency("adliya", "ADL", parent=council)
    other = make_agency("saqlash", "SAQ", parent=council)
    service = make_service(agency)
    officer, above = staff(agency, Role.OFFICER), staff(council, Role.OFFICER)
    nukus = District.objects.create(key="nukus-city", kind="city", name={"uz": "Nukus"}, order=1)
    first, second = applicant(1), applicant(2)
    first.profile.district = nukus
    first.profile.save()
    firm = Organization.objects.create(stir="301234561", name="Demo firma")
    mandate = Representation.objects.create(
        user=second, organization=firm, role=Representation.Role.HEAD,
        basis=Representation.Basis.HEAD, valid_from=date(2026, 1, 1), confirmed_at=moment(1),
    )  # fmt: skip

    def sent(user: User, day: int, hour: int = 11, **more: Any) -> ServiceRequest:
        with at(day, hour):
            return make_request(service, user, submitted_at=moment(day, hour), **more)

    one = sent(first, 4)
    two = sent(first, 5)
    three = sent(second, 6, 20)
    four = sent(second, 9, representation=mandate)
    with at(10):
        paper = make_submission(
            service, None, source=Source.PHONE, entered_by=officer, submitted_at=moment(10)
        )
        five = register_request(paper, service)
    _move(one, 5, State.IN_REVIEW, officer)
    _move(one, 6, State.APPROVED, officer)
    _move(one, 6, State.COMPLETED, officer)
    with at(6, 15):
        services.rate(one, first, 5)
    _move(two, 9, State.IN_REVIEW, officer)
    _move(two, 10, State.INFO_REQUESTED, officer)
    _move(two, 12, State.IN_REVIEW, first)
    _move(two, 13, State.REFUSED, officer, ground="data_mismatch")
    with at(13, 15):
        services.rate(two, first, 1)
    _move(four, 9, State.IN_REVIEW, officer)
    _move(four, 20, State.APPROVED, officer)
    _move(four, 20, State.COMPLETED, officer)
    _move(five, 20, State.FORWARDED, officer, agency=other)
    with at(16):
        two.refresh_from_db()
        six = complaints.complain(two, first, "Rad etish asossiz", "uz")
    _move(six, 17, State.IN_REVIEW, above)
    _move(six, 25, State.APPROVED, above)
    return Played(
        agency, council, other, service, officer, first, [one, two, three, four, five, six]
    )
