"""The history cannot be changed: not by the code, not by SQL, and not unseen."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from casework.graph import State
from casework.journal import broken_links
from casework.models import EventText, RequestEvent, ServiceRequest
from casework.transitions import transition
from tests.casework.support import WEDNESDAY, make_request

pytestmark = pytest.mark.every_database


@pytest.fixture
def moved(row: ServiceRequest, officer: User) -> ServiceRequest:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Pasport nusxasi", now=WEDNESDAY)
    return row


def _lift() -> None:
    """Somebody who may change the schema may change anything: the chain shows it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER casework_requestevent_no_update")
            cursor.execute("DROP TRIGGER casework_requestevent_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE casework_requestevent DISABLE TRIGGER USER")


def test_a_whole_chain_is_whole(moved: ServiceRequest) -> None:
    out = StringIO()
    call_command("verify_journal", stdout=out)
    assert broken_links(moved) == []
    assert "1 requests" in out.getvalue()
    sequences = [event.sequence for event in moved.events.all()]
    assert sequences == [1, 2, 3]
    hashes = [event.hash for event in moved.events.all()]
    assert [event.prev_hash for event in moved.events.all()] == ["", *hashes[:-1]]


def test_the_code_refuses(moved: ServiceRequest) -> None:
    event = moved.events.first()
    assert event is not None
    event.kind = "approved"
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


@pytest.mark.parametrize(
    "sql",
    ["UPDATE casework_requestevent SET kind = 'approved'", "DELETE FROM casework_requestevent"],
)
def test_the_database_refuses(moved: ServiceRequest, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert moved.events.count() == 3


def test_the_queryset_is_refused_too(moved: ServiceRequest) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        RequestEvent.objects.update(kind="approved")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "approved"}, {"to_state": "approved"}, {"ground_code": "x"},
        {"data": {"due_at": None}}, {"at": timezone.now()}, {"prev_hash": "0" * 64},
        {"hash": "0" * 64}, {"text_digest": "0" * 64}, {"actor": None},
    ],
)  # fmt: skip
def test_a_change_is_seen(moved: ServiceRequest, change: dict[str, object]) -> None:
    _lift()
    RequestEvent.objects.filter(request=moved, sequence=2).update(**change)
    assert 2 in broken_links(moved)
    with pytest.raises(CommandError, match=moved.number):
        call_command("verify_journal", stdout=StringIO())


def test_a_missing_line_is_seen(moved: ServiceRequest) -> None:
    _lift()
    RequestEvent.objects.filter(request=moved, sequence=2)._raw_delete("default")
    assert broken_links(moved) == [3]


def test_a_changed_text_is_seen_and_an_anonymised_one_is_not(moved: ServiceRequest) -> None:
    text = EventText.objects.get(event__request=moved)
    text.content = {"public": "Boshqa matn"}
    text.save()
    assert broken_links(moved) == [3]
    text.content, text.anonymised_at = {}, timezone.now()
    text.save()
    assert broken_links(moved) == []


def test_the_personal_text_is_no_part_of_the_event(moved: ServiceRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM casework_requestevent")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT content FROM casework_eventtext")
        texts = str(cursor.fetchall())
    assert "Pasport" not in stored + texts


def test_the_chain_does_not_depend_on_the_zone_a_moment_is_written_in(
    service: object, citizen: User
) -> None:
    local = timezone.localtime(timezone.now())
    row = make_request(service, citizen, submitted_at=local)  # type: ignore[arg-type]
    assert broken_links(row) == []


@pytest.mark.django_db(transaction=True)
def test_emptying_the_database_is_possible_and_leaves_the_guard(
    row: ServiceRequest, citizen: User
) -> None:
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    assert not RequestEvent.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM sqlite_master"
                " WHERE type = 'trigger' AND tbl_name = 'casework_requestevent'"
            )
            assert cursor.fetchone() == (2,)
