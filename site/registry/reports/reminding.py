"""Those who write the report are told before 1 December, and after it until it is sent (S-20)."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notifying import tell
from accounts.selectors import controllers
from languages.dates import format_date
from operations.wording import Kind
from registry.models import Report

#: Days before 1 December on which controllers are told.
DAYS_BEFORE = (30, 14, 7, 1)


def _kind(stage: str, words: str | Promise) -> Kind:
    return Kind(
        key=f"registry/report/{stage}", label=words, group=_("Registry"),
        samples={"year": "2026", "day": "1-dekabr", "url": "https://example.org/"},
        subject=(_("Yearly report to the council"), ": {year}"),
        email=(
            (_("Yearly report to the council"), ": {year}"), (words, " {day}"), ("",), ("{url}",),
        ),
        sms=((_("Yearly report to the council"), ": {year}. ", words, " {day}"),),
        needed=("year",),
    )  # fmt: skip


DUE = _kind("due", _("It is due by:"))
LATE = _kind("late", _("The day is over:"))


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


def _tell(person: User, year: int, stage: str, due: date) -> int:
    language = person.language or settings.LANGUAGE_CODE
    return tell(
        person,
        event_key=f"report:{year}:{stage}:{person.pk}",
        template=(LATE if stage.startswith("late") else DUE).key,
        context={
            "year": year,
            "day": format_date(due, language),
            "url": settings.BASE_URL + reverse("registry_reports"),
        },
    )
