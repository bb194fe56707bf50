"""Result documents: signed by whoever decides, verified by anybody, void once it is reopened."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Agency, User
from casework import results, services
from casework.graph import State
from casework.models import ResultDocument, ServiceRequest
from casework.transitions import Missing, transition
from forms.models import Attachment
from tests.casework.support import signed_in

pytestmark = pytest.mark.every_database
TEXT = "Guvohnoma berildi.\n\nAmal qilish muddati: bir yil."


@pytest.fixture
def decided(row: ServiceRequest, officer: User) -> ServiceRequest:
    """A request approved with a document."""
    transition(row.pk, State.IN_REVIEW, actor=officer)
    services.decide(row, officer, State.APPROVED, TEXT, document=True)
    row.refresh_from_db()
    return row


def _text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_the_applicant_gets_a_pdf_with_number_code_and_signer(
    decided: ServiceRequest, citizen: User, officer: User
) -> None:
    document = ResultDocument.objects.get()
    client = signed_in(citizen)
    page = client.get(reverse("casework:request", args=[decided.uuid])).content.decode()
    assert f"{decided.number}.pdf" in page
    got = client.get(reverse("attachment", args=[document.attachment]))
    content = b"".join(got.streaming_content)
    assert hashlib.sha256(content).hexdigest() == document.sha256
    text = _text(content)
    for part in (decided.number, document.code, str(officer), "Guvohnoma berildi.", "Idora ADL",
                 "Demo Fuqaro 1"):  # fmt: skip
        assert part in text, part


def test_anybody_verifies_it_and_reads_no_name(decided: ServiceRequest) -> None:
    document = ResultDocument.objects.get()
    url = reverse("casework:verified", args=[decided.number, document.code])
    for answer in (
        Client().get(url),
        Client().post(reverse("casework:verify"),
                      {"number": decided.number.lower(), "code": document.code.lower()}),
    ):  # fmt: skip
        page = answer.content.decode()
        assert answer.status_code == 200
        assert document.sha256 in page and "Idora ADL" in page
        assert "Fuqaro" not in page and "Guvohnoma" not in page and "Demo officer" not in page
    assert url.endswith(f"/{decided.number}/{document.code}/")


@override_settings(RATELIMIT_ENABLE=True)
def test_a_wrong_code_or_number_finds_nothing_and_guessing_ends(decided: ServiceRequest) -> None:
    url = reverse("casework:verify")
    document = ResultDocument.objects.get()
    for number, code in (
        (decided.number, "AAAAAAAA"), (decided.number, ""), (decided.number, decided.access_code),
        ("2026-ADL-0000009-9", document.code), ("x", "x"), ("\x00", "\x00"),
    ):  # fmt: skip
        assert Client().post(url, {"number": number, "code": code}).status_code == 404
    assert Client().get(url).status_code == 200
    statuses = {
        Client().post(url, {"number": decided.number, "code": "AAAAAAAA"}).status_code
        for _ in range(20)
    }
    assert statuses == {404, 429}


def test_reopened_it_is_no_longer_valid_and_the_next_one_is(
    decided: ServiceRequest, head: User, officer: User
) -> None:
    first = ResultDocument.objects.get()
    transition(decided.pk, State.COMPLETED, actor=officer)
    transition(decided.pk, State.REOPENED, actor=head, reason="Xato topildi")
    url = reverse("casework:verified", args=[decided.number, first.code])
    answer = Client().get(url)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert answer.context["document"].revoked_at == first.revoked_at
    transition(decided.pk, State.IN_REVIEW, actor=officer)
    services.decide(decided, officer, State.APPROVED, "Yangi guvohnoma", document=True)
    second = ResultDocument.objects.get(revoked_at__isnull=True)
    assert results.find(decided.number, second.code) == second
    assert results.find(decided.number, first.code) == first


def test_where_the_head_signs_the_document_is_made_at_signing(
    row: ServiceRequest, officer: User, head: User, agency: Agency
) -> None:
    agency.sign_off_required = True
    agency.save()
    transition(row.pk, State.IN_REVIEW, actor=officer)
    desk = signed_in(officer)
    desk.post(
        reverse("casework_detail", args=[row.uuid]),
        {"action": "approve", "text": TEXT, "document": "on"},
    )
    assert not ResultDocument.objects.exists()
    services.sign(row, head)
    document = ResultDocument.objects.get()
    assert document.signed_by == head
    file = Attachment.objects.get(uuid=document.attachment)
    with file.file.open("rb") as stored:
        assert str(head) in _text(stored.read())


def test_a_decision_that_fails_leaves_no_document(row: ServiceRequest, officer: User) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    with pytest.raises(Missing):
        services.decide(row, officer, State.REFUSED, TEXT, "nonsense", document=True)
    with pytest.raises(Missing):
        services.decide(row, officer, State.APPROVED, " ", document=True)
    assert not ResultDocument.objects.exists() and not Attachment.objects.exists()
    services.decide(row, officer, State.REFUSED, TEXT, "duplicate", document=True)
    assert not ResultDocument.objects.exists()


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_it_is_readable_in_every_language(
    row: ServiceRequest, officer: User, language: str
) -> None:
    row.language = language
    content = results.pdf(row, officer, "Қарор / Qaror / ǵúń", "ABCD2345", row.submitted_at)
    text = _text(content)
    assert row.number in text and "ABCD2345" in text and "Қарор" in text and "ǵúń" in text
