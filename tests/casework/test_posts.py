"""Who may press anything at all, from one table: every address of casework × everybody.

What a button does, in which state, is tried in test_permissions.py; here an empty form is sent to
every address that there is, so that a new one cannot be forgotten. Let in is whoever is not turned
away (403, 404, 405 where nothing is taken, the door); nobody who is turned away leaves a trace.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from casework import documents, tasks
from casework.graph import State
from casework.models import AnswerTemplate, RequestEvent, ServiceRequest, Unit
from casework.urls import urlpatterns as own_urls
from casework.wagtail_hooks import inbox_urls
from tests.casework.support import make_agency, pdf, put, signed_in
from tests.casework.test_permissions import (
    ADMINISTRATOR,
    ANSWERING,
    APPLICANT,
    CONTROLLER,
    EVERYBODY,
    OTHER,
    SIGNED_IN,
    SIGNING,
    people,
)

__all__ = ["people"]  # its fixture

pytestmark = pytest.mark.django_db

INBOX = ANSWERING | {OTHER, CONTROLLER}
#: Name of an address → who may send a form to it. "Nobody" takes no form, or answers an empty one
#: as it does a number that there is not (`claim`, `status`, `report_by_code`).
TABLE: dict[str, set[str]] = {
    "appeal": EVERYBODY,
    "appeal_sent": set(),
    "casework_absences": ANSWERING | {OTHER},
    "casework_audit": set(),
    "casework_audit_looks": set(),
    "casework_audit_request": {ADMINISTRATOR},
    "casework_bulk": INBOX,  # of what is chosen it moves what is theirs: test_permissions.py
    "casework_detail": ANSWERING | {CONTROLLER},
    "casework_enter": ANSWERING | {OTHER},
    "casework_file": set(),
    "casework_file_content": set(),
    "casework_filters": INBOX,
    "casework_inbox": INBOX,
    "casework_people": set(),
    "casework_person": set(),
    "casework_rule": SIGNING,
    "casework_rules": set(),
    "casework_slip": set(),
    "casework_task": {OTHER, ADMINISTRATOR},
    "casework_tasks": set(),
    "casework_text": ANSWERING,
    "casework_texts": ANSWERING | {OTHER},
    "casework_unit": SIGNING,
    "casework_units": SIGNING,
    "claim": set(),
    "complain": {APPLICANT},
    "message": {APPLICANT},
    "message_open": {APPLICANT},
    "messages": SIGNED_IN,
    "my_data": SIGNED_IN,
    "my_requests": set(),
    "rate": {APPLICANT},
    "receipt": set(),
    "report_by_code": set(),
    "report_delay": {APPLICANT},
    "request": set(),
    "status": set(),
    "verified": set(),
    "verify": set(),
    "withdraw": {APPLICANT},
}


def test_the_table_names_every_address() -> None:
    assert {pattern.name for pattern in [*own_urls, *inbox_urls()]} == TABLE.keys()


def _turned_away(answer: Any) -> bool:
    if answer.status_code in {403, 404, 405}:
        return True
    where = answer.headers.get("Location", "")
    return "/accounts/login" in where or "/admin/login" in where or where == "/admin/"


@pytest.mark.parametrize("name", sorted({p.name for p in [*own_urls, *inbox_urls()]}))
def test_who_may_send(
    name: str, row: ServiceRequest, people: dict[str, User | None], officer: User,
    other_agency: Agency, agency: Agency,
) -> None:  # fmt: skip
    agency.parent = make_agency("kengash", "VKN", kind="council")
    agency.save()
    template = AnswerTemplate.objects.create(agency=agency, name="Matn", text={"uz": "Matn"})
    put(row, State.IN_REVIEW)
    task = tasks.open_task(row, officer, other_agency, "Savol")
    put(row, State.REFUSED if name in {"complain", "rate"} else State.IN_REVIEW)
    with documents.kept(row, [pdf()]) as files:
        pass
    unit = Unit.objects.create(agency=agency, name={"uz": "Boʻlim"})
    whose: dict[str, list[Any]] = {
        "casework_unit": [unit.pk], "casework_person": [officer.pk],
        "casework_rule": [row.service.key], "casework_file": [files[0]["uuid"]],
        "casework_file_content": [files[0]["uuid"]], "casework_text": [template.pk],
        "casework_task": [task.pk], "verified": [row.number, "AAAAAAAA"], "message_open": [1],
    }  # fmt: skip
    pattern = next(p for p in [*own_urls, *inbox_urls()] if p.name == name)
    of_a_request = [row.uuid] if "uuid" in pattern.pattern.converters else []
    full = name if name.startswith("casework_") else f"casework:{name}"
    url = reverse(full, args=whose.get(name, of_a_request))
    allowed = set()
    for who, person in people.items():
        before = RequestEvent.objects.exclude(kind="viewed").count()
        answer = (signed_in(person) if person is not None else Client()).post(url)
        if not _turned_away(answer):
            allowed.add(who)
        else:
            assert RequestEvent.objects.exclude(kind="viewed").count() == before
    assert allowed == TABLE[name]
