"""What was late on a day that is over: papers of a session say what its council was told, and not what
is late when somebody opens them years later."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from registry.models import ControlEvent, ControlTask, PlanLine
from registry.monitoring.periods import begin_of


def late_lines(day: date, known: date) -> list[tuple[PlanLine, date]]:
    """(line, its day then) of the plan that were late on a day, as was known when another day began,
    the longest overdue first."""
    rows = PlanLine.objects.filter(
        Q(launched_on__isnull=True) | Q(launched_on__gte=known),
        Q(dropped_by__isnull=True) | Q(dropped_by__decided_on__gte=known),
        decision__decided_on__lt=known,
    ).select_related("service__agency")
    found = []
    for line in rows.prefetch_related("moves__decision"):
        planned = line.planned_on
        for move in reversed(line.moves.all()):
            if move.decision.decided_on >= known:
                planned = move.moved_from
        if planned < day:
            found.append((line, planned))
    return sorted(found, key=lambda one: (one[1], one[0].pk))


def late_tasks(day: date, known: date) -> list[tuple[ControlTask, date]]:
    """(task, its day then) of the control card, likewise."""
    begin = begin_of(known)
    rows = ControlTask.objects.filter(
        Q(closed_at__isnull=True) | Q(closed_at__gte=begin),
        events__kind=ControlEvent.Kind.MADE, events__at__lt=begin,
    ).select_related("document", "agency", "service")  # fmt: skip
    found = []
    for task in rows.prefetch_related("events"):
        due = task.due_on
        for event in reversed(task.events.all()):
            if event.kind == ControlEvent.Kind.MOVED and event.at >= begin and event.moved_from:
                due = event.moved_from
        if due < day:
            found.append((task, due))
    return sorted(found, key=lambda one: (one[1], one[0].pk))
