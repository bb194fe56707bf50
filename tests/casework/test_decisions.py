"""The executor drafts, the head signs; messages, assignment and looks are kept in the history."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Agency, User
from casework import assigning, documents, services
from casework.graph import State
from casework.models import ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, transition
from forms.models import Attachment
from forms.readers import may_read
from operations.models import OutboxMessage
from tests.casework.support import PDF, WEDNESDAY, pdf

pytestmark = pytest.mark.every_database


@pytest.fixture
def taken(row: ServiceRequest, officer: User) -> ServiceRequest:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    row.refresh_from_db()
    return row


@pytest.fixture
def signing(taken: ServiceRequest, agency: Agency) -> ServiceRequest:
    agency.sign_off_required = True
    agency.save()
    return taken


def test_whoever_takes_it_answers_for_it(taken: ServiceRequest, officer: User) -> None:
    assert taken.assignee == officer


def test_without_sign_off_a_decision_leaves_at_once(taken: ServiceRequest, officer: User) -> None:
    services.decide(taken, officer, State.APPROVED, "Tayyor")
    taken.refresh_from_db()
    assert (taken.state, taken.outcome) == (State.APPROVED, "approved")


def test_the_head_signs_what_the_executor_drafted(
    signing: ServiceRequest, officer: User, head: User
) -> None:
    sent = OutboxMessage.objects.count()
    services.decide(signing, officer, State.REFUSED, "Arizadagi manzil mos emas", "data_mismatch")
    signing.refresh_from_db()
    assert (signing.state, signing.is_proposed) == (State.IN_REVIEW, True)
    # Nothing has left the house yet.
    assert OutboxMessage.objects.count() == sent
    event = services.sign(signing, head)
    signing.refresh_from_db()
    assert (signing.state, signing.ground_code) == (State.REFUSED, "data_mismatch")
    assert (signing.is_proposed, signing.proposed) == (False, {})
    assert (event.actor, event.data["drafted_by"]) == (head, officer.pk)
    assert event.text.content["public"] == "Arizadagi manzil mos emas"
    assert OutboxMessage.objects.count() == sent + 1


def test_the_head_returns_a_draft_with_a_note(
    signing: ServiceRequest, officer: User, head: User
) -> None:
    with documents.kept(signing, [pdf()]) as files:
        services.decide(signing, officer, State.APPROVED, "Tayyor", files=files)
    with pytest.raises(Missing):
        services.send_back(signing, head, " ")
    services.send_back(signing, head, "Toʻliqroq yozing")
    signing.refresh_from_db()
    assert (signing.state, signing.is_proposed) == (State.IN_REVIEW, False)
    assert not Attachment.objects.filter(question_key=documents.EXCHANGED).exists()
    services.decide(signing, officer, State.APPROVED, "Toʻliq")
    services.sign(signing, head)
    signing.refresh_from_db()
    assert signing.state == State.APPROVED


def test_the_head_decides_alone_too(signing: ServiceRequest, head: User) -> None:
    services.decide(signing, head, State.APPROVED, "Tayyor")
    signing.refresh_from_db()
    assert signing.state == State.APPROVED


def test_only_the_head_signs_and_only_a_draft(
    signing: ServiceRequest, officer: User, head: User, outsider: User, citizen: User
) -> None:
    with pytest.raises(InvalidTransition):
        services.sign(signing, head)
    services.decide(signing, officer, State.APPROVED, "Tayyor")
    for person in (officer, outsider, citizen):
        with pytest.raises(NotAllowed):
            services.sign(signing, person)
        with pytest.raises(NotAllowed):
            services.send_back(signing, person, "x")
    with pytest.raises(InvalidTransition):
        services.decide(signing, officer, State.APPROVED, "Yana")


def test_a_draft_needs_what_a_decision_needs(signing: ServiceRequest, officer: User) -> None:
    with pytest.raises(Missing):
        services.decide(signing, officer, State.APPROVED, "  ")
    with pytest.raises(Missing):
        services.decide(signing, officer, State.REFUSED, "x", "no-such-ground")
    with pytest.raises(InvalidTransition):
        services.decide(signing, officer, State.COMPLETED, "x")
    with pytest.raises(InvalidTransition):
        services.decide(signing, officer, State.APPROVED, "x", expected=State.REGISTERED)


def test_a_moved_request_loses_its_draft(
    signing: ServiceRequest, officer: User, head: User, other_agency: Agency
) -> None:
    services.decide(signing, officer, State.APPROVED, "Tayyor")
    transition(signing.pk, State.FORWARDED, actor=head, reason="Bizniki emas", agency=other_agency)
    signing.refresh_from_db()
    assert (signing.is_proposed, signing.assignee, signing.agency) == (False, None, other_agency)


def test_both_sides_write_until_it_is_closed(
    taken: ServiceRequest, officer: User, citizen: User, stranger: User, outsider: User,
    controller: User,
) -> None:  # fmt: skip
    services.write(taken, citizen, "Qachon?")
    services.write(taken, officer, " Ertaga ")
    assert [(m.side, m.text) for m in taken.messages.all()] == [
        ("applicant", "Qachon?"), ("agency", "Ertaga"),
    ]  # fmt: skip
    for person in (stranger, outsider, controller):
        with pytest.raises(NotAllowed):
            services.write(taken, person, "x")
    with pytest.raises(Missing):
        services.write(taken, citizen, "\n ")
    transition(taken.pk, State.WITHDRAWN, actor=citizen)
    with pytest.raises(InvalidTransition):
        services.write(taken, citizen, "x")


def test_a_question_of_the_officer_does_not_move_it(taken: ServiceRequest, officer: User) -> None:
    transition(taken.pk, State.INFO_REQUESTED, actor=officer, reason="Nusxa", now=WEDNESDAY)
    services.write(taken, officer, "Eslatma")
    taken.refresh_from_db()
    assert taken.state == State.INFO_REQUESTED


def test_assigning_stays_in_the_agency(
    taken: ServiceRequest, officer: User, head: User, outsider: User, citizen: User
) -> None:
    assigning.assign(taken, officer, head)
    assigning.assign(taken, officer, head)
    taken.refresh_from_db()
    assert taken.assignee == head
    assert taken.events.filter(kind="assigned").count() == 1
    for actor, assignee in ((officer, outsider), (officer, citizen), (outsider, officer)):
        with pytest.raises(NotAllowed):
            assigning.assign(taken, actor, assignee)


def test_a_look_is_recorded_once_in_a_while(
    taken: ServiceRequest, officer: User, head: User
) -> None:
    for person in (officer, officer, head):
        services.record_view(taken, person)
    assert taken.events.filter(kind="viewed").count() == 2


def test_files_go_both_ways_and_only_to_those_two(
    taken: ServiceRequest, officer: User, citizen: User, stranger: User, outsider: User,
    controller: User,
) -> None:  # fmt: skip
    with documents.kept(taken, [pdf("natija.pdf")]) as files:
        services.decide(taken, officer, State.APPROVED, "Tayyor", files=files)
    attachment = Attachment.objects.get(uuid=files[0]["uuid"])
    with attachment.file.open() as stored:
        assert stored.read() == PDF
    readers = {
        person
        for person in (citizen, officer, controller, stranger, outsider)
        if may_read(person, attachment)
    }
    assert readers == {citizen, officer, controller}


def test_a_file_stays_only_if_what_it_came_with_does(taken: ServiceRequest, officer: User) -> None:
    with pytest.raises(Missing), documents.kept(taken, [pdf()]) as files:
        services.decide(taken, officer, State.APPROVED, "", files=files)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("a.pdf", b"", content_type="application/pdf"),
        SimpleUploadedFile("a.pdf", b"MZ\x90\x00 no pdf", content_type="application/pdf"),
        SimpleUploadedFile("a.exe", PDF, content_type="application/pdf"),
        SimpleUploadedFile("a.exe.pdf", PDF, content_type="application/pdf"),
        SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * (10 * 1024 * 1024), content_type="application/pdf"),
        SimpleUploadedFile("noending", PDF, content_type="application/pdf"),
    ],
    ids=["empty", "other-content", "other-ending", "two-endings", "large", "no-ending"],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words(taken: ServiceRequest, upload: SimpleUploadedFile) -> None:
    with pytest.raises(documents.BadFile) as raised, documents.kept(taken, [upload]):
        pass
    assert str(raised.value)
    assert not Attachment.objects.exists()


def test_too_many_files_are_refused(taken: ServiceRequest) -> None:
    with pytest.raises(documents.BadFile), documents.kept(taken, [pdf() for _ in range(6)]):
        pass
