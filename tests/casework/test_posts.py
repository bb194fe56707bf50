"""Who may press anything at all, from one table: every address of casework × everybody.

What a button does, in which state, is tried in test_permissions.py; here an empty form is sent to
every address that there is, so that a new one cannot be forgotten. Let in is whoever is not turned
away (403, 404, 405 where nothing is taken, the door); nobody who is turned away leaves a trace.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import Agency, User
from casework.graph import State
from casework.models import RequestEvent, ServiceRequest
from tests.casework import addresses
from tests.casework.support import put, signed_in
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


def _turned_away(answer: Any) -> bool:
    if answer.status_code in {403, 404, 405}:
        return True
    where = answer.headers.get("Location", "")
    return "/accounts/login" in where or "/admin/login" in where or where == "/admin/"


def _let_in(url: str, browsers: dict[str, Client]) -> set[str]:
    """Who is not turned away; whoever is has written nothing."""
    found = set()
    for who, browser in browsers.items():
        before = RequestEvent.objects.exclude(kind="viewed").count()
        if not _turned_away(browser.post(url)):
            found.add(who)
        else:
            assert RequestEvent.objects.exclude(kind="viewed").count() == before, (url, who)
    return found


def test_who_may_send(
    row: ServiceRequest, people: dict[str, User | None], officer: User, other_agency: Agency
) -> None:
    urls = addresses.of(row, officer, other_agency)
    # Signing in takes longer than all the rest: once for all addresses.
    browsers = {who: signed_in(one) if one else Client() for who, one in people.items()}
    allowed = {}
    for name, url in urls.items():
        cache.clear()
        # Each address finds everything as it was: what is done at one is taken back.
        with transaction.atomic():
            put(row, State.REFUSED if name in {"complain", "rate"} else State.IN_REVIEW)
            allowed[name] = _let_in(url, browsers)
            transaction.set_rollback(True)
    assert allowed == TABLE
