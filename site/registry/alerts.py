"""Those who answer for a line of the plan are told before its day, and again once it is over.

Thirty and seven days before to the agency's heads and editors; once the day is over, each Monday, to the
heads and to the controllers. A message has a key of its own, so that running twice tells nobody
twice. It carries the registry number and the day.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.notifying import tell as notify
from accounts.selectors import controllers, staff_of
from languages.dates import format_date
from operations.wording import Kind
from registry.models import PlanLine

#: Days before the planned one on which the answerable persons are told.
DAYS_BEFORE = (30, 7)


def _kind(key: str, subject: str | Promise, words: str | Promise) -> Kind:
    return Kind(
        key=key, label=words, group=_("Registry"),
        samples={"number": "QR-0012", "day": "2026-yil 1-iyul", "url": "https://example.org/"},
        subject=(subject, ": {number}"),
        email=(
            (words,), ("",), (_("Registry number"), ": {number}"),
            (_("Planned to start"), ": {day}"), ("",),
            (_("Say when it has started, or propose another day with the reason:"),), ("{url}",),
        ),
        sms=(("{number}: ", subject, ", {day}"),),
        needed=("number",),
    )  # fmt: skip


SOON = _kind("registry/plan/soon", _("The planned day comes"), _("The service is to start soon."))
LATE = _kind(
    "registry/plan/late",
    _("The planned day is over"),
    _("The service has not started by its planned day."),
)


def tell(today: date | None = None) -> int:
    """Queue what is due; how many messages. Safe to repeat."""
    day = today or timezone.localdate()
    horizon = day + timedelta(days=max(DAYS_BEFORE))
    lines = PlanLine.objects.open().filter(planned_on__lte=horizon)
    queued = 0
    for line in lines.select_related("service__agency").order_by("planned_on"):
        left = (line.planned_on - day).days
        if left < 0:
            # One letter a week while it lasts.
            monday = day - timedelta(days=day.weekday())
            stage, people = f"late-{monday:%Y%m%d}", _above(line)
        else:
            stage = f"due-{min(days for days in DAYS_BEFORE if left <= days)}"
            people = set(staff_of(line.service.agency, Role.HEAD, Role.EDITOR))
        queued += _tell(line, stage, people)
    return queued


def _above(line: PlanLine) -> set[User]:
    return {*staff_of(line.service.agency, Role.HEAD), *controllers()}


@transaction.atomic
def _tell(line: PlanLine, stage: str, people: set[User]) -> int:
    queued = 0
    for person in people:
        language = person.language or settings.LANGUAGE_CODE
        queued += notify(
            person,
            # The planned day is part of the key: a line that was moved is told of anew.
            event_key=f"plan:{line.pk}:{line.planned_on:%Y%m%d}:{stage}:{person.pk}",
            template=LATE.key if stage.startswith("late") else SOON.key,
            context={
                "number": line.service.registry_number,
                "day": format_date(line.planned_on, language),
                "url": settings.BASE_URL + reverse("registry_desk"),
            },
        )
    return queued
