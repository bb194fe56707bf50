"""Whether the portal keeps its dates: milestones, what is late and whose (requirements.md S-14…S-20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import Agency
from core.texts import pick
from registry import columns, control
from registry.models import ControlTask, PlanLine, RegistryVersion
from registry.models.plan import PlanLineQuerySet

SHOWN = 200


def milestones(language: str, today: date) -> list[dict[str, Any]]:
    """Milestones by their day: what, by when, whose, and how they stand."""
    rows = ControlTask.objects.filter(milestone=True).select_related("document", "agency")
    return _shown(rows, language, today)


def late(language: str, today: date) -> dict[str, Any]:
    """Late tasks and late lines of the plan, with how many each agency has."""
    tasks = list(ControlTask.objects.late(today).select_related("document", "agency", "service"))
    lines = list(_late_lines(today))
    columns.called([line.service for line in lines[:SHOWN]], language)
    whose: Counter[str] = Counter()
    for task in tasks:
        whose[_whose(task, language)] += 1
    for line in lines:
        whose[pick(line.service.agency.name, language)] += 1
    return {
        "tasks": _shown(tasks[:SHOWN], language, today),
        "lines": lines[:SHOWN],
        "whose": whose.most_common(),
    }


def _late_lines(today: date) -> PlanLineQuerySet:
    return PlanLine.objects.late(today).select_related("service__agency").order_by("planned_on")


def facts() -> dict[str, Any]:
    """What shows by itself that milestones are reached: the registry and the plan as published."""
    newest = RegistryVersion.objects.first()
    decided = (
        RegistryVersion.objects.filter(decision__isnull=False)
        .select_related("decision")
        .order_by("number")
        .first()
    )
    return {
        "version": newest,
        "decided": decided,
        "planned": PlanLine.objects.count(),
        "launched": PlanLine.objects.filter(launched_on__isnull=False).count(),
        "agencies": Agency.objects.filter(active=True).count(),
    }


def _whose(task: ControlTask, language: str) -> str:
    if task.agency is not None:
        return pick(task.agency.name, language)
    return pick(task.post, language)


def _shown(tasks: Iterable[ControlTask], language: str, today: date) -> list[dict[str, Any]]:
    rows = list(tasks)
    acts = control.act_titles(rows, language)
    return [
        {
            "row": task,
            "act": acts[task.pk],
            "text": pick(task.text, language),
            "whose": _whose(task, language),
            "post": pick(task.post, language),
            "late": task.is_open and task.due_on < today,
            "days": (today - task.due_on).days,
        }
        for task in rows
    ]
