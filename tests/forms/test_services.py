"""Drafts and sending: nothing lost, nothing twice, nothing hidden kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.models import Organization, Representation, User
from accounts.services import give_mandate, revoke_mandate
from forms import services
from forms.models import Attachment, Draft, FormVersion, Submission
from forms.selectors import choices_for, drafts_of, shown_submission, told_apart
from tests.forms.conftest import Desk
from tests.forms.factories import (
    PDF,
    demo_pinfl,
    fill_draft,
    filled_answers,
    keys,
    make_citizen,
    make_definition,
    make_service,
    make_version,
    posted,
    question,
    send,
    small_form,
)

FILE = {"accept": ["application/pdf"], "extensions": ["pdf"], "max_size_kb": 5, "max_files": 2}


def version_of(*questions: dict[str, Any], **members: Any) -> FormVersion:
    return make_version(small_form(*questions, **members), make_service("namuna-xizmat"))


def files(**uploads: Any) -> MultiValueDict[str, Any]:
    return MultiValueDict({key: list(value) for key, value in uploads.items()})


def pdf(name: str = "a.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.mark.parametrize("key", keys())
def test_every_form_can_be_sent(key: str, citizen: User, desk: Desk) -> None:
    definition = make_definition(key, identification_level="account")
    version = definition.current
    assert version is not None
    draft = fill_draft(services.start_draft(citizen, version))
    answers = draft.answers
    submission = send(draft, language="ru")
    assert submission.answers == answers
    assert submission.receipt_number == "N-1" and desk.taken == [submission]
    assert submission.language == "ru" and submission.version == version
    assert not Draft.objects.filter(pk=draft.pk).exists()
    sent_files = [
        i for v in answers.values() if isinstance(v, list) for i in v if isinstance(i, dict)
    ]
    assert submission.attachments.count() == len(sent_files)


def test_a_draft_knows_what_the_profile_knows(citizen: User) -> None:
    version = make_definition("form-birth-certificate").current
    assert version is not None
    draft = services.start_draft(citizen, version)
    prefilled = {q.key for q in version.schema.questions() if q.prefill == "profile.pinfl"}
    assert {draft.answers[key] for key in prefilled} == {demo_pinfl(7)}


def test_a_prefill_that_the_question_refuses_is_asked(citizen: User) -> None:
    citizen.profile.pinfl = "123"
    citizen.profile.save()
    version = version_of(question("a", "pinfl", prefill="profile.pinfl"))
    assert services.start_draft(citizen, version).answers == {}


def test_good_answers_are_kept_beside_wrong_ones(citizen: User) -> None:
    draft = services.start_draft(citizen, version_of(question("a"), question("b", "number")))
    saved = services.save_step(draft, "one", {"a": "bir", "b": "ikki"}, revision=0, language="en")
    assert saved.errors.keys() == {"b"}
    assert saved.draft.answers == {"a": "bir"}
    assert saved.draft.revision == 1 and saved.draft.step == "one"


def test_a_second_tab_is_told(citizen: User) -> None:
    draft = services.start_draft(citizen, version_of(question("a")))
    services.save_step(draft, "one", {"a": "bir"}, revision=0)
    with pytest.raises(services.StaleDraft):
        services.save_step(draft, "one", {"a": "eski"}, revision=0)
    draft.refresh_from_db()
    assert draft.answers == {"a": "bir"} and draft.step == "check"


def test_answers_to_questions_that_are_hidden_now_are_dropped(citizen: User, desk: Desk) -> None:
    condition = {"question": "a", "operator": "equals", "value": "yes"}
    version = version_of(
        question("a", "choice", options=["yes", "no"]),
        question("b", condition=condition),
        question("c", "file", condition=condition, validation=FILE),
    )
    draft = services.start_draft(citizen, version)
    saved = services.save_step(draft, "one", {"a": "yes", "b": "sir"}, files(c=[pdf()]), revision=0)
    assert saved.errors == {} and saved.draft.answers.keys() == {"a", "b", "c"}
    saved = services.save_step(saved.draft, "one", {"a": "no", "b": "sir"}, revision=1)
    assert saved.draft.answers == {"a": "no"}
    assert Attachment.objects.count() == 0
    # A value put there by hand is dropped on sending too.
    Draft.objects.filter(pk=draft.pk).update(answers={"a": "no", "b": "sir", "x": 1})
    assert send(draft).answers == {"a": "no"}


def test_sending_twice_gives_the_same_receipt(citizen: User, desk: Desk) -> None:
    draft = fill_draft(services.start_draft(citizen, version_of(question("a"))))
    twin = Draft.objects.get(pk=draft.pk)
    first = send(draft)
    second = send(twin)
    assert first == second and second.receipt_url == first.receipt_url
    assert len(desk.taken) == 1 and Submission.objects.count() == 1


def test_the_token_is_unique_in_the_database(citizen: User, desk: Desk) -> None:
    submission = send(fill_draft(services.start_draft(citizen, version_of(question("a")))))
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(
            version=submission.version, user=citizen, language="uz", answers={},
            submit_token=submission.submit_token,
        )  # fmt: skip


def test_a_desk_that_refuses_leaves_everything_as_it_was(citizen: User, desk: Desk) -> None:
    desk.refuses = True
    draft = fill_draft(
        services.start_draft(
            citizen, version_of(question("a"), question("f", "file", validation=FILE))
        )
    )
    with pytest.raises(RuntimeError):
        send(draft)
    assert Submission.objects.count() == 0
    draft.refresh_from_db()
    assert draft.attachments.count() == 1
    desk.refuses = False
    assert send(draft).receipt_number == "N-1"


def test_everything_is_checked_again_on_sending(citizen: User, desk: Desk) -> None:
    version = version_of(
        question("a"), question("b", "choice", options=["x"]), question("c", "pinfl"),
        question("f", "file", validation=FILE),
    )  # fmt: skip
    draft = services.start_draft(citizen, version)
    draft.answers = {"b": "never offered", "c": "1", "f": [{"uuid": "gone", "name": "", "size": 1}]}
    draft.save()
    with pytest.raises(services.Incomplete) as caught:
        send(draft, language="uz")
    assert caught.value.errors.keys() == {"a", "b", "c", "f"}
    assert desk.taken == []


def test_an_infected_file_is_not_sent(citizen: User, desk: Desk) -> None:
    draft = fill_draft(
        services.start_draft(citizen, version_of(question("f", "file", validation=FILE)))
    )
    draft.attachments.update(state=Attachment.State.INFECTED)
    with pytest.raises(services.Incomplete):
        send(draft)


def test_without_a_desk_a_service_takes_nothing(citizen: User, desk: Desk) -> None:
    from forms import receivers

    receivers._receivers.clear()
    draft = fill_draft(services.start_draft(citizen, version_of(question("a"))))
    with pytest.raises(services.Unavailable):
        send(draft)
    free = fill_draft(
        services.start_draft(citizen, make_version(small_form(question("a"), key="free")))
    )
    assert send(free).receipt_url == ""


def test_answers_are_stored_unreadable(citizen: User) -> None:
    draft = services.start_draft(citizen, version_of(question("a")))
    services.save_step(draft, "one", {"a": "juda maxfiy"}, revision=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM portal_forms_draft WHERE id = %s", [draft.pk])
        stored = cursor.fetchone()[0]
    assert "maxfiy" not in stored


def test_answers_are_equal_in_all_languages_and_shown_in_the_readers(
    citizen: User, desk: Desk
) -> None:
    version = make_definition("form-kindergarten", identification_level="account").current
    assert version is not None
    sent = []
    for language in ("uz", "uz-cyrl", "kaa", "ru", "en"):
        draft = services.start_draft(citizen, version)
        answers = filled_answers(version.schema, optional=False)
        for step in version.schema.steps:
            saved = services.save_step(
                draft, step.key, posted(version.schema, answers, step.key),
                revision=draft.revision, language=language,
            )  # fmt: skip
            draft = saved.draft
        sent.append(
            {k: v for k, v in draft.answers.items() if version.schema.by_key[k].type != "file"}
        )
    assert all(answers == sent[0] for answers in sent)
    submission = send(fill_draft(draft), language="ru")
    in_uzbek = [a.label for step in shown_submission(submission, "uz") for a in step.answers]
    in_russian = [a.label for step in shown_submission(submission, "ru") for a in step.answers]
    assert len(in_uzbek) == len(in_russian) and in_uzbek != in_russian


# -- files -----------------------------------------------------------------------------------------


def test_files_are_added_replaced_and_taken_off(
    citizen: User, django_capture_on_commit_callbacks: Any
) -> None:
    version = version_of(
        question("many", "file", validation=FILE),
        question("one", "file", validation=FILE | {"max_files": 1}, required=False),
    )
    draft = services.start_draft(citizen, version)
    saved = services.save_step(
        draft, "one", {}, files(many=[pdf("a.pdf"), pdf("b.pdf")], one=[pdf("c.pdf")]), revision=0
    )
    assert [f["name"] for f in saved.draft.answers["many"]] == ["a.pdf", "b.pdf"]
    old = Attachment.objects.get(question_key="one")
    assert old.file.storage.exists(old.file.name) and "c.pdf" not in str(old.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        saved = services.save_step(saved.draft, "one", {}, files(one=[pdf("d.pdf")]), revision=1)
    assert [f["name"] for f in saved.draft.answers["one"]] == ["d.pdf"]
    assert not old.file.storage.exists(old.file.name)
    first = saved.draft.answers["many"][0]["uuid"]
    saved = services.save_step(saved.draft, "one", {}, revision=2, remove=first)
    assert [f["name"] for f in saved.draft.answers["many"]] == ["b.pdf"]
    assert Attachment.objects.count() == 2


def test_a_bad_file_is_refused_and_the_good_one_kept(citizen: User) -> None:
    draft = services.start_draft(citizen, version_of(question("f", "file", validation=FILE)))
    saved = services.save_step(
        draft, "one", {}, files(f=[pdf("ok.pdf"), pdf("bad.pdf", b"MZ" * 20)]), revision=0,
        language="en",
    )  # fmt: skip
    assert "not accepted" in saved.errors["f"]
    assert [f["name"] for f in saved.draft.answers["f"]] == ["ok.pdf"]


@pytest.mark.parametrize(
    ("uploads", "words"),
    [
        ([pdf("a.pdf", b"")], "empty"),
        ([pdf("a.pdf", PDF + b"0" * 6000)], "too large"),
        ([pdf()] * 3, "Too many files"),
        ([pdf("a.pdf.exe")], "not accepted"),
    ],
)
def test_files_beyond_the_limits(citizen: User, uploads: list[Any], words: str) -> None:
    draft = services.start_draft(citizen, version_of(question("f", "file", validation=FILE)))
    saved = services.save_step(draft, "one", {}, files(f=uploads), revision=0, language="en")
    assert words in saved.errors["f"]
    assert Attachment.objects.count() == 0


def test_all_files_together_have_a_limit(citizen: User) -> None:
    version = version_of(
        question("f", "file", validation=FILE | {"max_size_kb": 2000}),
        question("g", "file", validation=FILE | {"max_size_kb": 2000}),
        max_total_upload_kb=1,
    )
    draft = services.start_draft(citizen, version)
    saved = services.save_step(
        draft, "one", {}, files(f=[pdf()], g=[pdf("b.pdf", PDF + b"0" * 1000)]), revision=0,
        language="en",
    )  # fmt: skip
    assert saved.errors.keys() == {"g"} and "together" in saved.errors["g"]


# -- drafts ----------------------------------------------------------------------------------------


def test_drafts_of_a_form_are_told_apart_by_what_differs(citizen: User) -> None:
    version = version_of(question("a"), question("b"))
    one, other, begun = (services.start_draft(citizen, version) for _draft in range(3))
    for draft, own in ((one, "Nukus"), (other, "Xoʻjayli" + "x" * 200)):
        Draft.objects.filter(pk=draft.pk).update(answers={"a": "same", "b": own})
    Draft.objects.filter(pk=begun.pk).update(answers={"a": "same"})
    apart = told_apart(drafts_of(citizen), "uz")
    assert apart.keys() == {one.pk, other.pk}  # of the third it is known that it has no answer
    assert apart[one.pk].endswith(": Nukus") and len(apart[other.pk]) == 120
    assert told_apart([Draft.objects.get(pk=one.pk)], "uz") == {}


def test_drafts_end_after_thirty_days(
    citizen: User, django_capture_on_commit_callbacks: Any
) -> None:
    draft = fill_draft(
        services.start_draft(citizen, version_of(question("f", "file", validation=FILE)))
    )
    row = draft.attachments.get()
    assert drafts_of(citizen) == [draft]
    Draft.objects.filter(pk=draft.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert drafts_of(citizen) == []
    with django_capture_on_commit_callbacks(execute=True):
        assert services.delete_expired() == 1
    assert not row.file.storage.exists(row.file.name)


def test_versions_in_use_are_protected(citizen: User, desk: Desk) -> None:
    version = version_of(question("a"))
    send(fill_draft(services.start_draft(citizen, version)))
    with pytest.raises(ProtectedError):
        FormVersion.objects.filter(pk=version.pk).delete()


# -- on whose behalf -------------------------------------------------------------------------------


@pytest.fixture
def mandate(citizen: User) -> Representation:
    firm = Organization.objects.create(stir="301234561", name="Namuna MChJ")
    return give_mandate(
        citizen, firm, basis=Representation.Basis.HEAD, role=Representation.Role.HEAD
    )


def test_the_organisation_fills_in_its_own(citizen: User, mandate: Representation) -> None:
    version = make_definition("form-language-school-subsidy").current
    assert version is not None
    answers = services.start_draft(citizen, version, mandate).answers
    assert {"301234561", "Namuna MChJ"} <= {v for v in answers.values() if isinstance(v, str)}


def test_choices_follow_the_audience_and_the_scope(citizen: User, mandate: Representation) -> None:
    def values(key: str) -> list[str]:
        version = make_definition(key).current
        assert version is not None
        return [choice.value for choice in choices_for(citizen, version.schema)]

    assert values("form-kindergarten") == [""]
    assert values("form-language-school-subsidy") == [str(mandate.pk)]
    assert values("form-window-tinting") == ["", str(mandate.pk)]
    mandate.scope = ["rural-language-school-subsidy"]
    mandate.save()
    assert values("form-window-tinting") == [""]


def test_a_mandate_that_ended_sends_nothing(
    citizen: User, mandate: Representation, desk: Desk
) -> None:
    draft = fill_draft(services.start_draft(citizen, version_of(question("a")), mandate))
    revoke_mandate(mandate)
    with pytest.raises(services.NotEntitled):
        send(draft)
    with pytest.raises(services.NotEntitled):
        services.start_draft(make_citizen("boshqa@example.org"), draft.version, mandate)


def test_the_level_of_identity_is_asked_again(citizen: User, desk: Desk) -> None:
    draft = fill_draft(
        services.start_draft(citizen, version_of(question("a"), identification_level="eds"))
    )
    with pytest.raises(services.NotEntitled):
        send(draft)
