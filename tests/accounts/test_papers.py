"""Papers of mandates: checked like every file, read by the two people and the counter, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import mandates as verbs
from accounts import papers, upkeep
from accounts.models import (
    Agency,
    IdentityLevel,
    MandatePaper,
    Profile,
    Representation,
    RepresentedPerson,
    Role,
    User,
)
from accounts.numbers import pinfl_control
from accounts.services import create_applicant, create_staff
from forms.models import Submission
from operations.models import AuditEntry
from tests.accounts.support import as_user
from tests.forms.clamd import EICAR, Clamd
from tests.forms.factories import make_version, pdf_of, question, small_form

pytestmark = pytest.mark.django_db

PINFL = "3120340000000" + pinfl_control("3120340000000")
ASKED = {
    "full_name": "Demo Ota",
    "pinfl": PINFL,
    "basis": "relative",
    "document": "Ishonchnoma, 1-son",
}


def scan(name: str = "ishonchnoma.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf_of(), content_type="application/pdf")


def ask(user: User, **more: Any) -> Any:
    return as_user(user).post(reverse("ask_mandate"), ASKED | more)


@pytest.fixture
def paper(applicant: User) -> MandatePaper:
    assert ask(applicant, papers=[scan()]).status_code == 302
    return MandatePaper.objects.get()


@pytest.fixture
def father() -> User:
    """Whom OneID knows as the person concerned."""
    user = create_applicant(phone="+998610000003", full_name="Demo Ota")
    User.objects.filter(pk=user.pk).update(identity_level=IdentityLevel.ONEID)
    profile = Profile.objects.get(user=user)
    profile.pinfl = PINFL
    profile.save()
    return User.objects.get(pk=user.pk)


@pytest.fixture
def clerk(first_agency: Agency) -> User:
    return create_staff(email="xodim@example.org", agency=first_agency, roles=(Role.CLERK,))


def read(user: User, paper: MandatePaper) -> int:
    answer = as_user(user).get(reverse("mandate_paper", args=[paper.uuid]))
    if answer.streaming:
        list(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


def test_it_is_asked_with_the_mandate_and_kept_where_no_address_reaches(
    applicant: User, paper: MandatePaper
) -> None:
    assert str(paper.file.name).startswith("mandates/")
    assert "ishonchnoma" not in str(paper.file.name)
    answer = as_user(applicant).get(reverse("mandate_paper", args=[paper.uuid]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "ishonchnoma.pdf" in as_user(applicant).get(reverse("mandates")).content.decode()


def test_each_reading_is_noted_without_names(applicant: User, paper: MandatePaper) -> None:
    read(applicant, paper)
    entry = AuditEntry.objects.get(kind="mandate paper read")
    assert entry.data["paper"] == str(paper.uuid)
    assert "ishonchnoma" not in str(entry.data)


def test_the_person_concerned_reads_it_before_agreeing(father: User, paper: MandatePaper) -> None:
    assert read(father, paper) == 200
    assert "ishonchnoma.pdf" in as_user(father).get(reverse("mandates")).content.decode()


def test_others_find_nothing(paper: MandatePaper, clerk: User, father: User) -> None:
    stranger = create_applicant(phone="+998610000009", full_name="Demo Begona")
    User.objects.filter(pk=father.pk).update(identity_level=IdentityLevel.ACCOUNT)
    assert read(stranger, paper) == read(clerk, paper) == 404
    assert read(User.objects.get(pk=father.pk), paper) == 404, "not proven by OneID"
    assert Client().get(reverse("mandate_paper", args=[paper.uuid])).status_code == 302
    assert not AuditEntry.objects.filter(kind="mandate paper read").exists()


def test_the_counter_opens_it_by_the_applicants_code_alone(
    paper: MandatePaper, clerk: User, first_agency: Agency
) -> None:
    client, mandate = as_user(clerk), paper.mandate
    page = reverse("mandate_counter")
    sent = {"reference": mandate.reference, "paper": str(paper.uuid)}
    found = client.post(page, {"reference": mandate.reference})
    assert "ishonchnoma.pdf" in found.content.decode()
    given = client.post(page, sent)
    assert given["Content-Type"] == "application/pdf"
    assert b"".join(given.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    wrong = client.post(page, sent | {"reference": "AAAAAAAA"})
    assert not wrong.streaming, "no file without the code"
    assert client.post(page, sent | {"paper": "0"}).status_code == 404
    verbs.confirm_at_counter(clerk, mandate, document="1")
    assert not client.post(page, sent).streaming, "once confirmed it is no longer the counter's"
    assert AuditEntry.objects.filter(kind="mandate paper read", actor_id=clerk.pk).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.exe", b"MZ" + bytes(64), "application/octet-stream"),
        ("x.pdf", b"<html>" + bytes(64), "application/pdf"),
        ("x.exe.pdf", None, "application/pdf"),
        ("x.pdf", b"", "application/pdf"),
        ("x.svg", b"<svg/>", "image/svg+xml"),
        ("x.pdf", b"%PDF-" + bytes(6 * 1024 * 1024), "application/pdf"),
    ],
)
def test_what_is_no_scan_is_refused_and_nothing_is_asked(
    applicant: User, name: str, content: bytes | None, kind: str
) -> None:
    upload = SimpleUploadedFile(name, pdf_of() if content is None else content, content_type=kind)
    answer = ask(applicant, papers=[upload])
    assert answer.status_code == 200
    assert "field--error" in answer.content.decode()
    assert not MandatePaper.objects.exists()
    assert not Representation.objects.exists()


def test_a_virus_is_refused(applicant: User, settings: Any) -> None:
    with Clamd() as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        assert ask(applicant, papers=[scan(content=pdf_of() + EICAR)]).status_code == 200
        assert not MandatePaper.objects.exists()
        assert ask(applicant, papers=[scan()]).status_code == 302
    assert MandatePaper.objects.get().scanned


def test_more_are_added_and_taken_off_while_it_waits(applicant: User, paper: MandatePaper) -> None:
    client, mandate = as_user(applicant), paper.mandate
    page = reverse("mandate_papers", args=[mandate.pk])
    three = [scan(f"{n}.pdf") for n in range(3)]
    assert client.post(page, {"papers": three}).status_code == 302
    assert client.post(page, {"papers": [scan()]}).status_code == 400, "four at most"
    assert client.post(page, {}).status_code == 400
    assert mandate.papers.count() == papers.MOST
    other = create_applicant(phone="+998610000009", full_name="Demo Begona")
    drop = {"action": "drop", "pk": paper.pk}
    assert as_user(other).post(reverse("mandate_act"), drop).status_code == 404
    assert as_user(other).get(page).status_code == 404
    assert client.post(reverse("mandate_act"), drop).status_code == 302
    assert mandate.papers.count() == papers.MOST - 1


def test_once_confirmed_the_papers_stay_as_they_were_seen(
    applicant: User, paper: MandatePaper, clerk: User
) -> None:
    verbs.confirm_at_counter(clerk, paper.mandate, document="1")
    client = as_user(applicant)
    page = reverse("mandate_papers", args=[paper.mandate_id])
    assert client.post(page, {"papers": [scan()]}).status_code == 404
    drop = {"action": "drop", "pk": paper.pk}
    assert client.post(reverse("mandate_act"), drop).status_code == 404
    assert read(applicant, paper) == 200


def test_they_are_forgotten_when_the_mandate_ends(
    applicant: User, paper: MandatePaper, django_capture_on_commit_callbacks: Any
) -> None:
    assert papers.forget() == 0
    verbs.end(applicant, paper.mandate_id)
    assert read(applicant, paper) == 404, "at once, before its bytes go"
    with django_capture_on_commit_callbacks(execute=True):
        assert papers.forget() == 1
    assert not storages["private"].exists(paper.file.name)


def test_they_are_forgotten_when_nobody_confirms(paper: MandatePaper) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=papers.WAITING_DAYS + 1), tick=False):
        assert papers.forget() == 1


def test_a_mandate_that_is_over_asks_the_person_for_nothing(
    applicant: User, father: User, clerk: User
) -> None:
    today = timezone.localdate()
    mandate = verbs.ask_for_person(
        applicant, full_name="Demo Ota", pinfl=PINFL, basis="relative", document="1",
        valid_from=today, valid_until=today,
    )  # fmt: skip
    assert [row.pk for row in verbs.asked_of(father)] == [mandate.pk]
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert verbs.asked_of(father) == []
        assert not verbs.waiting_of(applicant).exists()
        answer = as_user(clerk).post(
            reverse("mandate_counter"), {"reference": mandate.reference, "action": "confirm"}
        )
        assert answer.status_code == 200
    mandate.refresh_from_db()
    assert mandate.confirmed_at is None


def test_ended_mandates_are_forgotten_with_the_people_they_were_for(
    applicant: User, paper: MandatePaper
) -> None:
    verbs.end(applicant, paper.mandate_id)
    papers.forget()
    assert upkeep.forget_mandates() == 0
    later = timezone.now() + timedelta(days=upkeep.ENDED_DAYS + 1)
    with time_machine.travel(later, tick=False):
        assert upkeep.forget_mandates() == 1
    assert not RepresentedPerson.objects.exists()
    assert not Representation.objects.exists()


def test_what_a_request_was_sent_by_is_kept_with_it(applicant: User, paper: MandatePaper) -> None:
    verbs.end(applicant, paper.mandate_id)
    papers.forget()
    Submission.objects.create(
        version=make_version(small_form(question("about"))), user=applicant, representation=paper.mandate,
        language="uz", answers={}, submit_token="x",
    )  # fmt: skip
    later = timezone.now() + timedelta(days=upkeep.ENDED_DAYS + 1)
    with time_machine.travel(later, tick=False):
        assert upkeep.forget_mandates() == 0
    assert RepresentedPerson.objects.exists()
