"""Those who write the report are told before 1 December, and after it until it is sent (S-20)."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.selectors import controllers
from casework.notices import address_of
from languages.dates import format_date
from operations import outbox
from registry.models import Report

#: Days before 1 December on which controllers are told.
DAYS_BEFORE = (30, 14, 7, 1)
TEMPLATE = "registry/messages/report"


def due_year(today: date) -> int:
    """The year whose report is due next: from November on this one; before, last year's while it
    is not sent."""
    if today.month >= 11 or Report.objects.filter(year=today.year - 1, state="sent").exists():
        return today.year
    return today.year if not Report.objects.filter(year=today.year - 1).exists() else today.year - 1


def calendar(year: int) -> list[date]:
    """Days on which people are told of the report of a year."""
    return [date(year, 12, 1) - timedelta(days=days) for days in DAYS_BEFORE]


def remind(today: date | None = None) -> int:
    """Queue what is due; how many messages. Safe to repeat: each day has a key of its own."""
    day = today or timezone.localdate()
    due = date(day.year, 12, 1)
    left = (due - day).days
    if left > max(DAYS_BEFORE) or Report.objects.filter(year=day.year, state="sent").exists():
        return 0
    if left >= 0:
        stage = f"due-{min(days for days in DAYS_BEFORE if left <= days)}"
    else:
        # One letter a week while it lasts.
        stage = f"late-{day - timedelta(days=day.weekday()):%Y%m%d}"
    return sum(_tell(person, day.year, stage, due) for person in controllers())


@transaction.atomic
def _tell(person: User, year: int, stage: str, due: date) -> int:
    channel, address = address_of(person)
    key = f"report:{year}:{stage}:{person.pk}"
    if not channel or outbox.is_queued(key, channel, address):
        return 0
    language = person.language or settings.LANGUAGE_CODE
    outbox.send(
        event_key=key, channel=channel, address=address, template=TEMPLATE, language=language,
        user=person,
        context={
            "year": year,
            "stage": stage.partition("-")[0],
            "day": format_date(due, language),
            "url": settings.BASE_URL + reverse("registry_reports"),
        },
    )  # fmt: skip
    return 1
