"""Every address of casework, with things behind it: for tables of who gets in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.models import Agency, User
from casework import documents, tasks
from casework.graph import State
from casework.models import AnswerTemplate, ServiceRequest, Unit
from casework.urls import urlpatterns as own_urls
from casework.wagtail_hooks import inbox_urls
from tests.casework.support import make_agency, pdf, put

PATTERNS = {pattern.name: pattern for pattern in [*own_urls, *inbox_urls()]}


def of(row: ServiceRequest, officer: User, asked: Agency) -> dict[str, str]:
    """Name of an address → address of `row` or of something that belongs to it: a file, a unit, a
    text of the library, a task of another agency (`asked`). Its agency stands under a council."""
    agency = row.agency
    agency.parent = make_agency("kengash", "VKN", kind="council")
    agency.save()
    template = AnswerTemplate.objects.create(agency=agency, name="Matn", text={"uz": "Matn"})
    unit = Unit.objects.create(agency=agency, name={"uz": "Boʻlim"})
    put(row, State.IN_REVIEW)
    task = tasks.open_task(row, officer, asked, "Savol")
    with documents.kept(row, [pdf()]) as files:
        pass
    named: dict[str, Any] = {
        "casework_unit": unit.pk, "casework_person": officer.pk, "casework_task": task.pk,
        "casework_rule": row.service.key, "casework_text": template.pk, "message_open": 1,
        "casework_file": files[0]["uuid"], "casework_file_content": files[0]["uuid"],
    }  # fmt: skip
    found = {}
    for name, pattern in PATTERNS.items():
        args: list[Any] = [row.uuid] if "uuid" in pattern.pattern.converters else []
        args = [named[name]] if name in named else args
        if name == "verified":
            args = [row.number, "AAAAAAAA"]
        full = name if name.startswith("casework_") else f"casework:{name}"
        found[name] = reverse(full, args=args)
    return found
