"""A day at an agency: from its slots, with room, confirmed by an officer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import CalendarDay
from forms import reception, services
from forms.engine.rules import term_key
from forms.models import ReceptionBooking, ReceptionSlot, Submission
from tests.forms.conftest import Desk
from tests.forms.factories import (
    fill_draft,
    make_agency,
    make_definition,
    make_reception,
    posted,
    send,
)
from tests.forms.test_views import checked, post, start, url

pytestmark = pytest.mark.django_db


def days() -> list[date]:
    return [datetime.fromisoformat(day).date() for day in reception.days("adliya-vazirligi")]


def test_days_are_working_days_ahead_with_slots() -> None:
    agency = make_agency()
    assert reception.days(agency.key) == []
    ReceptionSlot.objects.create(agency=agency, weekday=2, begins="10:00", ends="13:00")
    found = days()
    today = timezone.localdate()
    assert found and found == sorted(found)
    assert {day.weekday() for day in found} == {2}
    assert min(found) >= today + timedelta(days=2)
    CalendarDay.objects.create(date=found[0], is_working=False, note="Bayram")
    assert found[0] not in days()


def booked(citizen: User, day: str = "") -> Submission:
    version = make_definition("form-reception-booking").current
    assert version is not None
    chosen = {"agency": "adliya-vazirligi"} | ({"day": day} if day else {})
    draft = fill_draft(services.start_draft(citizen, version), chosen)
    return send(draft, language="uz")


def test_a_sent_request_takes_a_place_until_it_is_full(citizen: User, desk: Desk) -> None:
    make_reception(places=1)
    first = booked(citizen)
    booking = ReceptionBooking.objects.get()
    assert booking.submission == first and f"{booking.day}" == first.answers["day"][:10]
    assert term_key(first.version.schema, first.answers) == "standard"
    assert first.answers["day"] not in reception.days("adliya-vazirligi")
    with pytest.raises(services.Incomplete) as caught:
        booked(citizen, first.answers["day"])
    assert caught.value.errors.keys() == {"day"}
    reception.free(first)
    assert first.answers["day"] in reception.days("adliya-vazirligi")


def test_the_form_offers_only_days_with_room(signed_in: Client, desk: Desk) -> None:
    definition = make_definition("form-reception-booking")
    version = definition.current
    assert version is not None
    draft = start(signed_in, version)
    schema = version.schema
    answers = {
        "full_name": "DEMO FUQARO", "phone": "+998610000101", "companions": "0",
        "agency": "adliya-vazirligi", "matter": "Namuna masala. " * 3, "before": "no",
    }  # fmt: skip
    for step in ("who", "where"):
        response = post(signed_in, draft, step, **posted(schema, answers, step))
        assert response.status_code == 303, checked(response)
    page = signed_in.get(url(draft, "when"))
    offered = reception.days("adliya-vazirligi")
    assert checked(page) and all(f'value="{day}"' in page.content.decode() for day in offered)
    response = post(signed_in, draft, "when", day="2020-01-01 10:00", on_time="on")
    assert response.status_code == 400
    response = post(signed_in, draft, "when", day=offered[0], on_time="on")
    assert response["Location"] == url(draft, "check")


def test_slots_make_sense_in_the_database() -> None:
    agency = make_agency()
    for wrong in ({"weekday": 7}, {"weekday": 1, "ends": "09:00"}):
        values = {"begins": "10:00", "ends": "12:00"} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceptionSlot.objects.create(agency=agency, **values)
