"""Applicants are told of each step, in their language, by the way they have, without the matter."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from accounts.notifying import ways_to
from casework import message_kinds, services
from casework.graph import EDGES, State
from casework.models import ServiceRequest
from casework.transitions import NO_ANSWER, transition
from operations import wording
from operations.models import OutboxMessage, SiteMessage
from operations.outbox import deliver_due
from operations.sms import MemoryGateway
from service_pages.models import Service
from tests.casework.support import applicant, make_request, put

BOTH = {"email": "a@example.org", "phone": "+998610000008"}
LANGUAGES = ["uz", "uz-cyrl", "kaa", "ru", "en"]


def test_every_step_of_the_agency_is_told_once(
    row: ServiceRequest, officer: User, citizen: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    services.write(row, officer, "Savol bor")
    services.write(row, citizen, "Javob")
    transition(row.pk, State.APPROVED, actor=officer, reason="Tayyor")
    transition(row.pk, State.COMPLETED, actor=officer)
    told = [message.template.rpartition("/")[2] for message in OutboxMessage.objects.order_by("pk")]
    assert told == ["submitted", "in_review", "message", "approved", "completed"]
    # The same stands in the applicant's inbox on the site, and nobody else's.
    titles = list(SiteMessage.objects.order_by("pk").values_list("user", flat=True))
    assert titles == [citizen.pk] * 5


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
        (BOTH, {}, ["email"]),
        (BOTH, {"notify_sms": True}, ["email", "sms"]),
        (BOTH, {"notify_email": False}, ["sms"]),
        (BOTH, {"notify_email": False, "notify_sms": False}, []),
        ({"email": "a@example.org"}, {"notify_email": False}, []),
        ({"email": "", "phone": "+998610000008"}, {}, ["sms"]),
        ({"email": "", "phone": "+998610000008"}, {"notify_sms": False}, []),
    ],
)
def test_a_channel_that_is_not_wanted_is_not_used(
    service: Service, contacts: dict[str, str], wants: dict[str, bool], expected: list[str]
) -> None:
    user = applicant(8, **contacts, profile=wants)
    assert [channel for channel, _address in ways_to(user)] == expected
    make_request(service, user)
    assert sorted(OutboxMessage.objects.values_list("channel", flat=True)) == expected
    # Whatever is wanted outside, it stands in the inbox on the site.
    assert SiteMessage.objects.filter(user=user).count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind", sorted({str(edge.target) for edge in EDGES} | {"submitted", "message"})
)
def test_each_message_reads_well_in_each_language(kind: str, language: str) -> None:
    context: dict[str, Any] = {
        "number": "2026-ADL-0000001-7", "agency": "Idora <b>", "due": "5-mart",
        "answer_by": "", "url": "https://portal.example/uz/my/x/",
    }  # fmt: skip
    words = wording.known(message_kinds.state(kind))
    subject, body, sms = (
        wording.render(words, part, language, context, 0) for part in wording.PARTS
    )
    assert subject.startswith("2026-ADL-0000001-7: ")
    assert "Idora <b>" in body
    assert "{" not in subject + body + sms
    assert context["url"] in body
    assert context["url"] in sms
