"""People's rights: everything of oneself in a file, and forgetting that leaves the journal whole."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Organization, Representation, User
from casework import rights, services
from casework.graph import State
from casework.journal import broken_links
from casework.models import ServiceRequest
from casework.transitions import transition
from forms import retention
from forms.models import FormDefinition, Submission
from forms.services import save_step, start_draft
from operations import journal
from operations.models import AuditEntry
from payments.models import MerchantAccount
from service_pages.models import Service
from tests.casework.support import make_request, signed_in
from tests.casework.test_paying import FEE, make_paid_service, rule

pytestmark = pytest.mark.every_database
SECRET = "Qoʻngʻir eshikli uy"


@pytest.fixture
def closed(row: ServiceRequest, citizen: User, officer: User) -> ServiceRequest:
    """A request with everything personal that a request can hold, closed long ago."""
    past = timezone.now() - timedelta(days=400)
    Submission.objects.filter(pk=row.submission_id).update(submitted_at=past)
    transition(row.pk, State.IN_REVIEW, actor=officer)
    services.write(row, citizen, SECRET)
    transition(row.pk, State.APPROVED, actor=officer, reason=SECRET)
    transition(row.pk, State.COMPLETED, actor=officer)
    services.rate(row, citizen, 5, SECRET)
    row.refresh_from_db()
    return row


def _texts(row: ServiceRequest) -> str:
    page = {
        "subject": row.subject, "texts": [e.text.content for e in row.events.all()
                                          if hasattr(e, "text")],
        "messages": [m.content for m in row.messages.all()], "rating": row.rating.comment,
    }  # fmt: skip
    return json.dumps(page, ensure_ascii=False)


def test_everything_of_oneself_and_nobody_elses(
    closed: ServiceRequest, citizen: User, stranger: User, service: Service
) -> None:
    other = make_request(service, stranger)
    answer = signed_in(citizen).post(reverse("casework:my_data"))
    assert answer["Content-Disposition"].startswith("attachment")
    found = json.loads(answer.content)
    assert [one["number"] for one in found["requests"]] == [closed.number]
    assert SECRET in answer.content.decode() and other.number not in answer.content.decode()
    one = found["requests"][0]
    assert one["rating"] == {"score": 5, "comment": SECRET}
    assert one["answers"] == {"speed": "usual"}
    # What only staff read is not in it.
    assert {"viewed", "assigned", "proposed"}.isdisjoint(e["what"] for e in one["history"])
    entry = AuditEntry.objects.get(kind="export")
    assert (entry.thing, entry.actor_id) == (f"account:{citizen.pk}", citizen.pk)
    assert signed_in(citizen).get(reverse("casework:my_data")).status_code == 200


def test_what_was_begun_and_paid_and_for_whom_one_acts_is_in_it(
    citizen: User, stranger: User, agency: Agency
) -> None:
    MerchantAccount.objects.create(agency=agency, provider="cash")
    service = make_paid_service(agency, [rule()])
    version = service.forms.get().current
    assert version is not None
    for who in (citizen, stranger):
        draft = start_draft(who, version)
        save_step(draft, "main", {"speed": "usual", "asked": ["place", "speed"]}, revision=0)
    firm = Organization.objects.create(stir="123456789", name="Namuna MChJ")
    Representation.objects.create(
        user=citizen, organization=firm, valid_from=timezone.localdate(), basis="power_of_attorney"
    )
    paid = make_request(service, citizen)
    found = json.loads(signed_in(citizen).post(reverse("casework:my_data")).content)
    assert [one["answers"] for one in found["drafts"]] == [{"speed": "usual"}]
    assert [one["for"] for one in found["mandates"]] == ["123456789"]
    assert [(one["about"], one["state"], one["total_tiyin"]) for one in found["invoices"]] == [
        (paid.number, "open", FEE)
    ]


def test_a_dry_run_a_hold_and_an_open_request_change_nothing(
    closed: ServiceRequest, service: Service
) -> None:
    FormDefinition.objects.filter(service=service).update(retention_days=365)
    assert retention.forget_due(dry_run=True).purged + retention.forget_due(dry_run=True).anonymised
    Submission.objects.filter(pk=closed.submission_id).update(legal_hold=True)
    assert retention.forget_due().held == 1
    closed.refresh_from_db()
    assert closed.anonymised_at is None and SECRET in _texts(closed)


def test_what_is_over_loses_everything_personal_and_the_journal_stays_whole(
    closed: ServiceRequest, service: Service, citizen: User, officer: User
) -> None:
    journal.anchor()
    FormDefinition.objects.filter(service=service).update(retention_days=365)
    for _again in range(2):
        retention.forget_due()
    closed.refresh_from_db()
    assert closed.anonymised_at is not None and closed.applicant is None
    assert SECRET not in _texts(closed) and "Fuqaro" not in _texts(closed)
    assert (closed.state, closed.outcome) == (State.COMPLETED, "approved")
    assert closed.number and closed.submitted_at
    assert broken_links(closed) == []
    assert closed.events.filter(kind="anonymised").count() == 1
    call_command("verify_journal", stdout=StringIO())
    page = signed_in(officer).get(reverse("casework_detail", args=[closed.uuid]))
    assert page.status_code == 200
    url = reverse("casework:request", args=[closed.uuid])
    assert signed_in(citizen).get(url).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt FROM casework_eventtext")
        assert {salt for (salt,) in cursor.fetchall()} == {""}


def test_an_open_request_keeps_its_data(row: ServiceRequest) -> None:
    with pytest.raises(ValueError):
        rights.anonymise(row)
