"""Those who must act are told before it is late, and those above them once it is.

To the executor three and one working days before the term ends; once it is over, to the executor,
head and deputies and the controllers; to the executor on the eve of the head's inner day, and to
those who sign once it is over; each morning one list of numbers. Every message has a key of its own
in the outbox, so that running twice tells nobody twice. A message carries numbers and links only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.membership import SIGNING
from accounts.models import Role, User
from accounts.notifying import tell
from accounts.selectors import controllers, staff_of
from casework import desk, impartial
from casework import message_kinds as kinds
from casework.graph import RUNNING
from casework.models import ServiceRequest
from core.models import work_calendar
from languages.dates import format_date

#: Working days before the term ends on which the executor is reminded.
DAYS_BEFORE = (3, 1)
#: The digest comes with the working day.
MORNING = time(8, 30)
BATCH = 500
#: More numbers than this are only said to be more: a letter is no list of the whole house.
MOST_NUMBERS = 40


class _People:
    """Whom a run tells. Each agency's people are asked for once, however many of its terms end."""

    def __init__(self) -> None:
        self.staff = cache(lambda agency, *roles: frozenset(staff_of(agency, *roles)))
        self.substitutes = cache(desk.substitutes_of)
        self.controllers = frozenset(controllers())

    def answerable(self, row: ServiceRequest) -> set[User]:
        """The executor; before anybody took it, the officers of the agency."""
        if row.assignee is not None and row.assignee.is_active:
            # Who stands in for somebody away is told with them.
            return {row.assignee, *self.substitutes(row.assignee, row.agency)}
        # Nobody is reminded of a complaint about what they did themselves.
        barred = impartial.barred(row)
        return {one for one in self.staff(row.agency, Role.OFFICER) if one.pk not in barred}

    def signing(self, row: ServiceRequest) -> frozenset[User]:
        """Head and deputies of the agency."""
        return self.staff(row.agency, *SIGNING)

    def above(self, row: ServiceRequest) -> frozenset[User]:
        """Those who sign, and the controllers of the agency and of the whole portal."""
        return self.staff(row.agency, *SIGNING, Role.CONTROLLER) | self.controllers


def remind(now: datetime | None = None) -> int:
    """Tell of terms that end soon or are over; how many messages were queued. Safe to repeat."""
    moment = now or timezone.now()
    calendar, today = work_calendar(), timezone.localdate(moment)
    if not calendar.is_working(today):
        return 0
    horizon = calendar.closing(calendar.add_working_days(today, max(DAYS_BEFORE)))
    rows = (
        ServiceRequest.objects.filter(state__in=RUNNING, due_at__lte=horizon)
        .select_related("agency", "assignee")
        .order_by("due_at")
    )
    people = _People()
    eve = calendar.closing(calendar.add_working_days(today, 1))
    queued = _remind_of_control(people, moment, eve)
    for row in rows.iterator(BATCH):
        assert row.due_at is not None
        if row.due_at < moment:
            # The day of the term is part of the key: a term put off may be broken again.
            queued += _tell(row, "overdue", people.answerable(row) | people.above(row))
            continue
        left = calendar.working_days_between(today, timezone.localdate(row.due_at))
        stage = min((days for days in DAYS_BEFORE if left <= days), default=None)
        if stage is not None:
            queued += _tell(row, f"due-{stage}", people.answerable(row))
    return queued


def _remind_of_control(people: _People, moment: datetime, horizon: datetime) -> int:
    """Drafts that the head wants by an inner day; what is drafted already waits for the head."""
    rows = ServiceRequest.objects.filter(
        control_at__lte=horizon, state__in=RUNNING, is_proposed=False
    ).select_related("agency", "assignee")
    queued = 0
    for row in rows.order_by("control_at").iterator(BATCH):
        assert row.control_at is not None
        late = row.control_at < moment
        told = people.answerable(row) | (people.signing(row) if late else frozenset())
        queued += _tell(row, "control-over" if late else "control", told, row.control_at)
    return queued


@transaction.atomic
def _tell(
    row: ServiceRequest, stage: str, people: Iterable[User], until: datetime | None = None
) -> int:
    until = until or row.due_at
    assert until is not None
    day, queued = timezone.localdate(until), 0
    for person in people:
        language = person.language or settings.LANGUAGE_CODE
        queued += tell(
            person,
            event_key=f"remind:{row.uuid}:{stage}:{day:%Y%m%d}",
            template=kinds.reminder(stage),
            context={
                "number": row.number,
                "due": format_date(day, language, weekday=True),
                "url": settings.BASE_URL + reverse("casework_detail", args=[row.uuid]),
            },
        )
    return queued


def digest(now: datetime | None = None) -> int:
    """Each working morning tell every executor, head and deputy with open requests what is late, due today
    and due on the next working day; how many messages were queued. Safe to repeat."""
    moment = timezone.localtime(now or timezone.now())
    calendar, today = work_calendar(), moment.date()
    if not calendar.is_working(today) or moment.time() < MORNING:
        return 0
    tomorrow = calendar.add_working_days(today, 1)
    people = _People()
    piles: dict[User, dict[str, list[str]]] = defaultdict(
        lambda: {"late": [], "today": [], "tomorrow": []}
    )
    end = calendar.closing(tomorrow) + timedelta(days=1)
    rows = ServiceRequest.objects.filter(state__in=RUNNING, due_at__lt=end)
    for row in rows.select_related("agency", "assignee").order_by("due_at").iterator(BATCH):
        assert row.due_at is not None
        day = timezone.localdate(row.due_at)
        if row.due_at < moment:
            pile = "late"
        elif day == today:
            pile = "today"
        elif day <= tomorrow:
            pile = "tomorrow"
        else:
            continue
        for person in {*([row.assignee] if row.assignee else []), *people.signing(row)}:
            piles[person][pile].append(row.number)
    return sum(_tell_morning(person, pile, today) for person, pile in piles.items())


def _tell_morning(person: User, pile: dict[str, list[str]], today: date) -> int:
    language = person.language or settings.LANGUAGE_CODE
    return tell(
        person,
        event_key=f"digest:{person.pk}:{today:%Y%m%d}",
        template=kinds.DIGEST,
        context={
            **{name: _numbers(rows) for name, rows in pile.items()},
            "date": format_date(today, language, weekday=True),
            "url": settings.BASE_URL + reverse("casework_inbox"),
        },
        only="email",
    )


def _numbers(rows: list[str]) -> str:
    """`3: A, B, C`; "" for none, so that the line is left out."""
    shown = ", ".join(rows[:MOST_NUMBERS]) + ("…" if len(rows) > MOST_NUMBERS else "")
    return f"{len(rows)}: {shown}" if rows else ""
