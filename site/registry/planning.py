"""The verbs of the transition plan: lines come, move and go by decisions; agencies launch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.publishing import bump_generation
from registry import publishing
from registry.models import Decision, PlanLine, PlanMove
from service_pages.models import Service
from service_pages.vocabulary import Status

#: Statuses of services that nobody uses yet: a planned day makes them scheduled.
_NOT_BEGUN = frozenset({Status.PROPOSED, Status.RETIRED, Status.SUSPENDED})


class CannotMove(Exception):
    """A day that cannot move; the text says why."""


class CannotLaunch(Exception):
    """A line that cannot be launched; the text says why."""


def schedule(
    service: Service,
    decision: Decision,
    change: dict[str, Any],
    reason: Mapping[str, str] | None = None,
) -> PlanLine:
    """Put a service on the plan, or move its open line to another day or phase.

    The caller is in a transaction and holds the service's row. The service keeps its phase until
    it is launched. Raises CannotMove for another day without a reason.
    """
    day, phase = date.fromisoformat(change["planned_on"]), change.get("phase")
    line = PlanLine.objects.select_for_update().open().filter(service=service).first()
    if line is None:
        line = PlanLine.objects.create(
            service=service,
            phase=service.phase if phase is None else phase,
            planned_on=day,
            first_planned_on=day,
            decision=decision,
        )
    else:
        if line.planned_on != day:
            if not any(text.strip() for text in (reason or {}).values()):
                raise CannotMove(_("Say why the day moves."))
            PlanMove.objects.create(
                line=line, moved_from=line.planned_on, moved_to=day, reason=dict(reason or {}),
                decision=decision,
            )  # fmt: skip
        line.planned_on = day
        line.phase = line.phase if phase is None else phase
        line.save(update_fields=["planned_on", "phase"])
    service.planned_on = day
    if service.status in _NOT_BEGUN:
        service.status = Status.SCHEDULED
    service.save(update_fields=["planned_on", "status"])
    return line


def drop(service: Service, decision: Decision) -> None:
    """End the open line of a service that is suspended or retired by a decision."""
    PlanLine.objects.open().filter(service=service).update(dropped_by=decision)


@transaction.atomic
def launch(
    line: PlanLine, *, by: User | None = None, on: date | None = None, at: datetime | None = None
) -> PlanLine:
    """The service has reached the phase: it goes live, and the registry says since when.

    `at`: as `publishing.publish` has it.
    Raises CannotLaunch where the line is over or the day has not come.
    """
    locked = PlanLine.objects.select_for_update().get(pk=line.pk)
    today = timezone.localdate()
    day = on or today
    if locked.launched_on is not None or locked.dropped_by_id is not None:
        raise CannotLaunch(_("This line of the plan is closed."))
    if day > today:
        raise CannotLaunch(_("The day of the start cannot be in the future."))
    service = Service.objects.select_for_update().get(pk=locked.service_id)
    if not service.versions.exists():
        raise CannotLaunch(_("The passport of the service is not published yet."))
    locked.launched_on, locked.launched_by = day, by
    locked.save(update_fields=["launched_on", "launched_by"])
    service.phase, service.status, service.launched_on = locked.phase, Status.LIVE, day
    service.save(update_fields=["phase", "status", "launched_on"])
    publishing.publish(at=at)
    bump_generation()
    return locked
