"""Applicants are told of each step, in their language, by the way they have, without the matter."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from accounts.selectors import address_of
from casework import services
from casework.graph import EDGES, State
from casework.models import ServiceRequest
from casework.notices import TEMPLATE
from casework.transitions import NO_ANSWER, transition
from operations.models import OutboxMessage
from operations.outbox import deliver_due
from operations.sms import MemoryGateway
from service_pages.models import Service
from tests.casework.support import applicant, make_request, put

LANGUAGES = ["uz", "uz-cyrl", "kaa", "ru", "en"]


def test_every_step_of_the_agency_is_told_once(
    row: ServiceRequest, officer: User, citizen: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    services.write(row, officer, "Savol bor")
    services.write(row, citizen, "Javob")
    transition(row.pk, State.APPROVED, actor=officer, reason="Tayyor")
    transition(row.pk, State.COMPLETED, actor=officer)
    kinds = [message.context["kind"] for message in OutboxMessage.objects.order_by("pk")]
    assert kinds == ["submitted", "in_review", "message", "approved", "completed"]


def test_what_the_applicant_did_is_no_news(row: ServiceRequest, citizen: User) -> None:
    before = OutboxMessage.objects.count()
    transition(row.pk, State.WITHDRAWN, actor=citizen)
    assert OutboxMessage.objects.count() == before


def test_the_portals_own_act_is_told(row: ServiceRequest) -> None:
    put(row, State.INFO_REQUESTED)
    transition(row.pk, State.REFUSED, actor=None, reason="Javob kelmadi", ground=NO_ANSWER)
    assert OutboxMessage.objects.filter(event_key__startswith=f"request:{row.uuid}").count() == 2


def test_mail_goes_out_in_the_language_of_the_form(service: Service, citizen: User) -> None:
    row = make_request(service, citizen, language="ru")
    deliver_due()
    (letter,) = mail.outbox
    assert letter.to == [citizen.email]
    assert row.number in letter.subject
    assert row.number in letter.body
    assert f"/ru/my/{row.uuid}/" in letter.body
    # The matter stays on the page.
    assert "Образец" not in f"{letter.subject} {letter.body}"


def test_without_an_e_mail_an_sms_goes_out(service: Service) -> None:
    user = applicant(7, email="", phone="+998610000007")
    row = make_request(service, user)
    deliver_due()
    ((phone, text),) = MemoryGateway.sent
    assert phone == "+998610000007"
    assert row.number in text
    assert "Namuna" not in text


@pytest.mark.parametrize(
    ("contacts", "wants", "expected"),
    [
        ({"email": "a@example.org", "phone": "+998610000008"}, {}, "email"),
        ({"email": "a@example.org", "phone": "+998610000008"}, {"notify_email": False}, "sms"),
        ({"email": "a@example.org"}, {"notify_email": False}, ""),
        ({"email": "", "phone": "+998610000008"}, {"notify_sms": False}, ""),
    ],
)
def test_a_channel_that_is_not_wanted_is_not_used(
    db: None, contacts: dict[str, str], wants: dict[str, bool], expected: str
) -> None:
    user = applicant(8, **contacts, profile=wants)
    assert address_of(user)[0] == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", sorted({str(edge.target) for edge in EDGES} | {"submitted", "message"})
)
def test_each_message_reads_well_in_each_language(kind: str, language: str) -> None:
    context: dict[str, Any] = {
        "number": "2026-ADL-0000001-7", "kind": kind, "agency": "Idora <b>", "due": "5-mart",
        "answer_by": "", "closed": False, "url": "https://portal.example/uz/my/x/",
    }  # fmt: skip
    with translation.override(language):
        subject = " ".join(render_to_string(f"{TEMPLATE}.subject.txt", context).split())
        body = render_to_string(f"{TEMPLATE}.email.txt", context)
        sms = " ".join(render_to_string(f"{TEMPLATE}.sms.txt", context).split())
    assert subject.startswith("2026-ADL-0000001-7: ")
    assert "Idora <b>" in body
    assert "{" not in subject + body + sms
    assert context["url"] in body
    assert context["url"] in sms
