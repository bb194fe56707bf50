"""Days on which agencies receive people, and places on them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from core.models import work_calendar
from forms.engine.schema import Schema
from forms.engine.types.appointments import agency_of
from forms.models import ReceptionBooking, ReceptionSlot, Submission

#: So far ahead days are offered; the day after tomorrow at the earliest, so that an officer can
#: confirm.
AHEAD = range(2, 43)


def days(agency: str) -> list[str]:
    """Days with room at an agency, as `2026-03-04 10:00`, in their order."""
    slots = list(ReceptionSlot.objects.filter(agency__key=agency))
    if not slots:
        return []
    today, calendar = timezone.localdate(), work_calendar()
    taken = _taken(slots, today)
    found = []
    for ahead in AHEAD:
        day = today + timedelta(days=ahead)
        if not calendar.is_working(day):
            continue
        found += [
            _value(day, slot)
            for slot in slots
            if slot.weekday == day.weekday() and taken.get((slot.pk, day), 0) < slot.places
        ]
    return found


def _taken(slots: list[ReceptionSlot], since: date) -> dict[tuple[int, date], int]:
    rows = ReceptionBooking.objects.filter(slot__in=slots, day__gte=since)
    counted = rows.values_list("slot", "day").annotate(people=Count("pk")).order_by()
    return {(slot, day): people for slot, day, people in counted}


def _value(day: date, slot: ReceptionSlot) -> str:
    return f"{day:%Y-%m-%d} {slot.begins:%H:%M}"


def book(submission: Submission, schema: Schema) -> None:
    """Take the place that an answer chose, in the caller's transaction.

    The day was found free a moment ago; two who take the last place together both get it, and the
    officer who confirms sees it: nobody is sent away by a race.
    """
    for question in schema.questions():
        chosen = submission.answers.get(question.key)
        if question.type != "reception_day" or not chosen:
            continue
        when = datetime.fromisoformat(chosen)
        slot = ReceptionSlot.objects.filter(
            agency__key=agency_of(question, submission.answers),
            weekday=when.weekday(),
            begins=when.time(),
        ).first()
        if slot is not None:
            ReceptionBooking.objects.create(slot=slot, day=when.date(), submission=submission)


def free(submission: Submission) -> None:
    """Give the place of a request back, where it has one."""
    ReceptionBooking.objects.filter(submission=submission).delete()
