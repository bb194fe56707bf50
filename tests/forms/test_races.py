"""Many at once, and workers that die: one request or none, nothing half, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from accounts.models import User
from casework.journal import broken_links
from casework.models import ServiceRequest
from casework.numbers import parse_number
from forms import services
from forms.models import Attachment, Draft, FormVersion, Signature, Submission
from operations.models import OutboxMessage
from tests.at_once import killed_at, together
from tests.forms import factories
from tests.forms.factories import fill_draft, make_service, make_version, question, send, small_form

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
FILE = {"extensions": ["pdf"], "max_size_kb": 100}
QUESTIONS = (question("a"), question("b", required=False), question("f", "file", validation=FILE))


@pytest.fixture(autouse=True)
def _one_connection_for_each() -> Iterator[None]:
    """No pool: it would let four at a time through, and does not survive a fork."""
    options = connections.settings["default"]["OPTIONS"]
    before = deepcopy(options)
    connection.close()
    connection.close_pool()
    options["pool"] = False
    yield
    connection.close()
    options.update(before)


@pytest.fixture
def version() -> FormVersion:
    item = small_form(*QUESTIONS, signature_required=True)
    return make_version(item, make_service("namuna-xizmat"))


def ready(citizen: User, version: FormVersion) -> Draft:
    return fill_draft(services.start_draft(citizen, version))


def assert_whole(submission: Submission) -> None:
    """Everything that belongs to a sent form is there, once."""
    row = ServiceRequest.objects.get(submission=submission)
    assert row.number == submission.receipt_number and parse_number(row.number)
    assert [event.kind for event in row.events.all()] == ["submitted"]
    assert broken_links(row) == []
    assert OutboxMessage.objects.filter(event_key__startswith=f"request:{row.uuid}:").count() == 1
    named = [item["uuid"] for item in submission.answers["f"]]
    assert [str(file.uuid) for file in submission.attachments.all()] == named
    assert all(map(bytes_of, submission.attachments.all()))
    assert Signature.objects.get(submission=submission).draft is None
    assert not Draft.objects.filter(submit_token=submission.submit_token).exists()


def bytes_of(attachment: Attachment) -> bytes:
    with attachment.file.open() as file:
        return bytes(file.read())


def numbers() -> list[int]:
    """The running part of all numbers that were given."""
    return sorted(int(row.number[9:16]) for row in ServiceRequest.objects.all())


def test_fifty_identical_submits_give_one_request(citizen: User, version: FormVersion) -> None:
    draft = ready(citizen, version)
    copies = [Draft.objects.get(pk=draft.pk) for _number in range(50)]
    results = together(*[partial(send, copy, language="uz") for copy in copies])
    assert len(set(results)) == 1 and isinstance(results[0], Submission), set(results)
    assert_whole(Submission.objects.get())
    assert numbers() == [1]


def test_many_different_forms_at_once_lose_nothing(citizen: User, version: FormVersion) -> None:
    drafts = [ready(citizen, version) for _number in range(20)]
    together(*[partial(send, draft, language="uz") for draft in drafts])
    for submission in Submission.objects.all():
        assert_whole(submission)
    assert numbers() == list(range(1, 21))


def test_of_two_windows_on_one_page_one_is_told(citizen: User, version: FormVersion) -> None:
    draft = services.start_draft(citizen, version)
    results = together(
        *[
            partial(services.save_step, draft, "one", {"a": f"window {number}"}, revision=0)
            for number in range(8)
        ]
    )
    saved = [result for result in results if isinstance(result, services.Saved)]
    told = [result for result in results if isinstance(result, services.StaleDraft)]
    assert (len(saved), len(told)) == (1, 7)
    draft.refresh_from_db()
    assert draft.answers["a"] == saved[0].draft.answers["a"] and draft.revision == 1


def test_files_sent_at_once_are_all_kept(citizen: User) -> None:
    several = question("f", "file", validation=FILE | {"max_files": 5})
    draft = services.start_draft(citizen, make_version(small_form(several, question("a"))))
    results = together(
        *[
            partial(
                services.save_file, draft, "f",
                factories.files_of(f=factories.upload_for(several_of(draft), f"{number}.pdf")), "uz",
            )
            for number in range(5)
        ]
    )  # fmt: skip
    assert all(isinstance(result, services.Saved) for result in results), results
    draft.refresh_from_db()
    assert sorted(item["name"] for item in draft.answers["f"]) == [f"{n}.pdf" for n in range(5)]
    assert Attachment.objects.filter(draft=draft).count() == 5


def several_of(draft: Draft) -> Any:
    return draft.version.schema.by_key["f"]


def test_a_window_that_saves_while_another_sends(citizen: User, version: FormVersion) -> None:
    for _round in range(5):
        draft = ready(citizen, version)
        before = draft.answers["a"]
        sent, saved = together(
            partial(send, draft, language="uz"),
            partial(
                services.save_step, draft, "one", {"a": "Boshqa"}, revision=draft.revision,
                advance=False,
            ),
        )  # fmt: skip
        if isinstance(sent, services.Unsigned):
            # Saved first: the signature was over other answers, so nothing was sent.
            assert isinstance(saved, services.Saved)
            assert not Submission.objects.filter(submit_token=draft.submit_token).exists()
        else:
            assert isinstance(saved, Draft.DoesNotExist)
            assert sent.answers["a"] == before
            assert_whole(sent)


def test_publishing_while_people_fill_in(citizen: User, version: FormVersion) -> None:
    drafts = [services.start_draft(citizen, version) for _number in range(6)]
    sending = [ready(citizen, version) for _number in range(6)]

    def publish(number: int) -> FormVersion | None:
        changed = small_form(
            question("a"), question(f"new_{number}"), QUESTIONS[2], signature_required=True
        )
        return services.publish_schema(version.definition, changed)

    results = together(
        *[partial(publish, number) for number in (1, 2, 2, 3)],
        *[partial(services.save_step, d, "one", {"a": "x", "b": "y"}, revision=0) for d in drafts],
        *[partial(send, draft, language="uz") for draft in sending],
    )
    assert not [result for result in results if isinstance(result, Exception)]
    # The newest of the same content is not written twice unless another came between.
    written = list(version.definition.versions.order_by("number").values_list("number", flat=True))
    assert written == list(range(1, len(written) + 1)) and len(written) in {4, 5}
    for draft in drafts:
        draft.refresh_from_db()
        assert draft.version == version and draft.answers == {"a": "x", "b": "y"}
    for submission in Submission.objects.all():
        assert submission.version == version
        assert_whole(submission)


# -- a worker that is killed -----------------------------------------------------------------------


def send_again(draft: Draft) -> None:
    send(Draft.objects.get(pk=draft.pk), language="uz")


def test_a_worker_killed_at_any_point_leaves_none_or_a_whole_one(
    citizen: User, version: FormVersion
) -> None:
    points, before, after = 0, 0, 0
    killed = True
    while killed:
        points += 1
        draft = ready(citizen, version)
        killed = killed_at(points, partial(send_again, draft), after=True)
        found = Submission.objects.filter(submit_token=draft.submit_token).first()
        if found is None:
            before += 1
            # Everything that was typed and attached is as it was.
            same = Draft.objects.get(pk=draft.pk)
            assert same.answers == draft.answers
            assert all(map(bytes_of, same.attachments.all()))
        else:
            after += 1
            assert_whole(found)
        again = send(draft, language="uz")
        assert Submission.objects.filter(submit_token=draft.submit_token).get() == again
        assert_whole(again)
    # It was killed before the commit, and after it.
    assert before > 10 and after > 1
    # No number is lost with those who died.
    assert numbers() == list(range(1, points + 1))
