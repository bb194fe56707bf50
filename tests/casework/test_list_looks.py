"""A list with names shown to staff is a look: in the journal once a day, told to whom it shows."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from casework import rights, selectors
from casework.models import ListLook, ServiceRequest
from operations.models import AuditEntry
from service_pages.models import Service
from tests.casework.support import make_request, signed_in

pytestmark = pytest.mark.every_database
INBOX = "/admin/requests/"


def test_a_list_is_one_entry_that_names_what_it_showed(
    service: Service, citizen: User, stranger: User, officer: User, outsider: User
) -> None:
    rows = [make_request(service, person) for person in (citizen, stranger, officer)]
    client = signed_in(officer)
    for _twice in range(2):
        assert client.get(INBOX).status_code == 200
    entry = AuditEntry.objects.get(kind="list shown")
    # One's own request is no look at anybody's data.
    assert (entry.actor_id, entry.data) == (officer.pk, {"requests": [row.pk for row in rows[:2]]})
    late = make_request(service, citizen)
    client.get(INBOX)
    assert AuditEntry.objects.filter(kind="list shown").last().data == {"requests": [late.pk]}
    signed_in(outsider).get(INBOX)
    assert not ListLook.objects.filter(viewer=outsider).exists()
    call_command("verify_journal", stdout=StringIO())


def test_the_applicant_reads_it_and_no_name(
    row: ServiceRequest, citizen: User, officer: User
) -> None:
    signed_in(officer).get(INBOX)
    looks = selectors.looks_at(row, "uz")
    assert [(look["where"], look["listed"]) for look in looks] == [("Idora ADL", True)]
    page = signed_in(citizen).get(reverse("casework:request", args=[row.uuid])).content.decode()
    assert "Idora ADL" in page and str(officer) not in page
    assert rights.export(citizen)["requests"][0]["looked_at"][0]["listed"] is True


def test_what_was_written_down_costs_no_query_more(
    service: Service, citizen: User, officer: User
) -> None:
    for _request in range(5):
        make_request(service, citizen)
    client = signed_in(officer)
    client.get(INBOX)
    with CaptureQueriesContext(connection) as again:
        client.get(INBOX)
    assert len(again) <= 12, "\n".join(query["sql"][:150] for query in again.captured_queries)
