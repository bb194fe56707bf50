"""What is counted of people: from events, of whom they are due to, with the requests behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework import conduct, services, tasks
from casework.conduct import Span, What
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import transition
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request, signed_in, staff

pytestmark = pytest.mark.every_database
MARCH = date(2026, 3, 31)
PEOPLE = "/admin/requests/people/"


def _counts(agency: Agency, span: Span = Span.MONTH) -> dict[User, dict[str, int]]:
    return {line.person: line.counts for line in conduct.table([agency], span, MARCH)}


def _taken(service: Service, citizen: User, officer: User) -> ServiceRequest:
    row = make_request(service, citizen)
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    return row


def test_each_thing_is_counted_of_whom_it_is_due_to(
    service: Service, citizen: User, agency: Agency, officer: User, head: User,
    other_agency: Agency, controller: User,
) -> None:  # fmt: skip
    row = _taken(service, citizen, officer)
    row.refresh_from_db()
    assert row.due_at is not None
    last_day = row.due_at - timedelta(hours=2)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Pasport", now=WEDNESDAY)
    transition(row.pk, State.IN_REVIEW, actor=citizen, now=WEDNESDAY)
    # The head signs what the officer drafted: it is the officer's; on the last day, in time.
    transition(row.pk, State.REFUSED, actor=head, reason="Mos emas", ground="duplicate",
               now=last_day, data={"drafted_by": officer.pk})  # fmt: skip
    transition(row.pk, State.REOPENED, actor=controller, reason="Xato",
               now=last_day + timedelta(hours=1))  # fmt: skip
    late = _taken(service, citizen, officer)
    transition(late.pk, State.APPROVED, actor=officer, reason="Ha",
               now=WEDNESDAY + timedelta(days=20))  # fmt: skip
    sent = _taken(service, citizen, officer)
    transition(sent.pk, State.FORWARDED, actor=officer, reason="Sizniki", agency=other_agency,
               now=WEDNESDAY + timedelta(days=6))  # fmt: skip
    put_off = _taken(service, citizen, officer)
    services.extend(put_off, head, "Ekspertiza", now=WEDNESDAY)
    found = _counts(agency)
    assert found[officer] == {
        What.RETURNED: 1, What.DECIDED: 2, What.LAST_DAY: 1, What.REOPENED: 1, What.BREACHES: 2,
        What.FORWARDED: 1, What.EXTENDED: 1, What.LATE_NOW: 2,
    }  # fmt: skip
    assert head not in found
    # What came from elsewhere is not counted of those who got it.
    assert _counts(other_agency) == {}
    assert [pk for pk, _at in conduct.behind([agency], Span.MONTH, officer.pk, What.BREACHES, MARCH)
            ] == [late.pk, sent.pk]  # fmt: skip
    assert _counts(agency, Span.LAST_MONTH).get(officer, {}).keys() == {What.LATE_NOW}


def test_an_asked_agency_s_delay_is_its_own_person_s(
    service: Service, citizen: User, officer: User, outsider: User, agency: Agency,
    other_agency: Agency,
) -> None:  # fmt: skip
    row = _taken(service, citizen, officer)
    task = tasks.open_task(row, officer, other_agency, "Toʻgʻrimi?", 1, now=WEDNESDAY)
    tasks.answer_task(task, outsider, "Ha", now=WEDNESDAY + timedelta(days=5))
    assert _counts(other_agency)[outsider] == {What.BREACHES: 1}
    assert outsider not in _counts(agency)


@pytest.mark.parametrize(
    ("span", "today", "first", "end"),
    [
        (Span.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (Span.LAST_MONTH, date(2026, 1, 5), date(2025, 12, 1), date(2026, 1, 1)),
        (Span.LAST_MONTH, date(2026, 3, 31), date(2026, 2, 1), date(2026, 3, 1)),
        (Span.QUARTER, date(2026, 6, 30), date(2026, 4, 1), date(2027, 1, 1)),
        (Span.YEAR, date(2026, 6, 30), date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_spans(span: Span, today: date, first: date, end: date) -> None:
    assert span.days(today) == (first, end)


def test_the_head_and_controllers_see_it_and_what_is_behind(
    service: Service, citizen: User, agency: Agency, officer: User, head: User, controller: User,
    outsider: User,
) -> None:  # fmt: skip
    row = make_request(service, citizen, submitted_at=timezone.now())
    transition(row.pk, State.IN_REVIEW, actor=officer)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Pasport")
    url = f"{PEOPLE}{officer.pk}/?what=returned"
    for person in (head, controller):
        client = signed_in(person)
        page = client.get(PEOPLE).content.decode()
        assert str(officer) in page and f"{officer.pk}/?" in page
        assert row.number in client.get(url).content.decode()
        assert client.get(f"{PEOPLE}{officer.pk}/?what=nonsense").status_code == 404
    for stranger in (officer, outsider):
        assert signed_in(stranger).get(PEOPLE).status_code in {302, 403}
    elsewhere = staff(outsider.memberships.get().agency, Role.HEAD, name="head")
    assert signed_in(elsewhere).get(url).status_code == 404
