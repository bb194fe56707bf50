"""A list with names shown to staff is a look: in the journal once a day, told to whom it shows."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from casework import rights, selectors
from casework.models import ListLook, ServiceRequest
from operations import journal as house
from service_pages.models import Service
from tests.casework.support import make_request, signed_in

pytestmark = pytest.mark.every_database
INBOX = "/admin/requests/"


def test_who_was_shown_what_is_kept_once_a_day(
    service: Service, citizen: User, stranger: User, officer: User, outsider: User
) -> None:
    rows = [make_request(service, person) for person in (citizen, stranger, officer)]
    client = signed_in(officer)
    for _twice in range(2):
        assert client.get(INBOX).status_code == 200
    looks = ListLook.objects.filter(viewer=officer)
    # One's own request is no look at anybody's data.
    assert {look.request_id for look in looks} == {row.pk for row in rows[:2]}
    late = make_request(service, citizen)
    client.get(INBOX)
    assert looks.all().count() == 3 and looks.filter(request=late).exists()
    signed_in(outsider).get(INBOX)
    assert not ListLook.objects.filter(viewer=outsider).exists()


def test_a_day_is_anchored_and_a_changed_or_missing_row_is_found(
    service: Service, citizen: User, stranger: User, officer: User
) -> None:
    for person in (citizen, stranger):
        make_request(service, person)
    signed_in(officer).get(INBOX)
    house.anchor(timezone.now() + timedelta(minutes=1))
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        made = house.anchor()
        assert made is not None
        assert made.heads.filter(stream__startswith="list:").count() == 1
        call_command("verify_journal", stdout=StringIO())
        ListLook.objects.filter(pk=ListLook.objects.order_by("pk").last().pk)._raw_delete("default")
        with pytest.raises(CommandError, match="list:"):
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


def test_the_first_look_of_a_day_costs_one_query_more(
    service: Service, citizen: User, officer: User
) -> None:
    client = signed_in(officer)
    client.get(INBOX)
    for _request in range(5):
        make_request(service, citizen)
    counts = []
    for _look in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(INBOX)
        counts.append(len(queries))
    assert counts[0] == counts[1] + 1 and counts[0] <= 12
