"""Daily anchors, the audit of the house, who looked, and a role that cannot change the journal."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from casework import journal as requests_journal
from casework import selectors
from casework.graph import State
from casework.journal import broken_links
from casework.models import EventText, RequestEvent, ServiceRequest
from casework.transitions import transition
from forms.models import Attachment
from operations import journal
from operations.models import Anchor, AnchoredHead, AuditEntry
from tests.casework.support import pdf, signed_in
from tests.casework.test_journal import _lift

pytestmark = pytest.mark.every_database


@pytest.fixture
def anchored(row: ServiceRequest, officer: User) -> ServiceRequest:
    """A request whose history, and an export, were anchored."""
    transition(row.pk, State.IN_REVIEW, actor=officer)
    journal.append("export", f"account:{row.applicant_id}", actor=row.applicant)
    assert journal.anchor() is not None
    return row


def _verify() -> str:
    out = StringIO()
    call_command("verify_journal", stdout=out)
    return out.getvalue()


def test_a_day_is_anchored_once_and_whole(anchored: ServiceRequest, officer: User) -> None:
    assert journal.anchor() is None
    streams = set(AnchoredHead.objects.values_list("stream", flat=True))
    assert f"request:{anchored.pk}" in streams
    assert any(stream.startswith("audit:") for stream in streams)
    transition(anchored.pk, State.APPROVED, actor=officer, reason="Tayyor")
    second = journal.anchor(timezone.now() + timedelta(days=1))
    assert second is not None and second.prev == Anchor.objects.order_by("day")[0].root
    assert "all chains whole" in _verify()


def test_a_cut_end_of_a_history_is_seen_though_the_chain_fits(anchored: ServiceRequest) -> None:
    _lift()
    last = RequestEvent.objects.filter(request=anchored).order_by("-sequence")[0]
    RequestEvent.objects.filter(pk=last.pk)._raw_delete("default")
    assert broken_links(anchored) == []
    assert journal.broken_anchors() == [f"request:{anchored.pk}"]
    with pytest.raises(CommandError, match="anchor"):
        _verify()


def test_a_history_written_anew_is_seen(anchored: ServiceRequest) -> None:
    _lift()
    event = RequestEvent.objects.get(request=anchored, sequence=2)
    event.data = {"due_at": None}
    RequestEvent.objects.filter(pk=event.pk).update(data=event.data, hash=event.computed_hash())
    assert broken_links(anchored) == []
    assert f"request:{anchored.pk}" in journal.broken_anchors()


@pytest.mark.parametrize("model", [AuditEntry, Anchor, AnchoredHead])
def test_neither_code_nor_database_changes_the_journal(anchored: ServiceRequest, model) -> None:
    row = model.objects.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    for sql in (
        f"UPDATE {model._meta.db_table} SET id = id",
        f"DELETE FROM {model._meta.db_table}",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_entries_form_a_chain(anchored: ServiceRequest) -> None:
    before = AuditEntry.objects.count()
    for number in range(3):
        journal.append("export", f"account:{number}")
    rows = list(AuditEntry.objects.order_by("sequence"))
    assert before and [row.sequence for row in rows] == list(range(1, before + 4))
    assert [row.prev_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert journal.broken_entries() == []


def test_an_anonymised_text_leaves_chain_and_anchors_whole(
    anchored: ServiceRequest, officer: User
) -> None:
    event = transition(anchored.pk, State.APPROVED, actor=officer, reason="Fuqaroning siri")
    assert journal.anchor(timezone.now() + timedelta(days=1)) is not None
    requests_journal.anonymise(anchored, timezone.now())
    text = EventText.objects.get(event=event)
    assert (text.content, text.salt) == ({}, "")
    assert "all chains whole" in _verify()


def test_the_applicant_sees_who_looked_and_who_opened_files(
    row: ServiceRequest, officer: User, citizen: User
) -> None:
    desk = signed_in(officer)
    transition(row.pk, State.IN_REVIEW, actor=officer)
    url = reverse("casework_detail", args=[row.uuid])
    desk.post(url, {"action": "message", "text": "Hujjat", "files": [pdf()]})
    desk.get(url)
    file = Attachment.objects.get(submission=row.submission)
    for _twice in range(2):
        assert desk.get(reverse("attachment", args=[file.uuid])).status_code == 200
    signed_in(citizen).get(reverse("attachment", args=[file.uuid]))
    looks = selectors.looks_at(row, "uz")
    assert [(look["where"], look["files"]) for look in looks] == [
        ("Idora ADL", True), ("Idora ADL", False),
    ]  # fmt: skip
    page = signed_in(citizen).get(reverse("casework:request", args=[row.uuid])).content.decode()
    assert "Idora ADL" in page and str(officer) not in page
    assert broken_links(row) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_sites_own_role_adds_to_the_journal_and_changes_nothing(
    row: ServiceRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_PASSWORD", 'it\'s a "word"; DROP TABLE')
    for more in ([], ["--password-from", "SITE_PASSWORD"]):
        call_command("limit_rights", "portal_limited", *more, stdout=StringIO())
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], dbname=settings["NAME"],
        user="portal_limited", autocommit=True,
    ) as limited:  # fmt: skip
        limited.execute("UPDATE casework_servicerequest SET asked_count = 0")
        for table in (
            "casework_requestevent",
            "operations_auditentry",
            "operations_anchor",
            "casework_listlook",
        ):
            assert limited.execute(f"SELECT count(*) FROM {table}").fetchone() is not None
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}",
                              f"TRUNCATE {table} CASCADE"):  # fmt: skip
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    limited.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute('DROP OWNED BY "portal_limited"')
        cursor.execute('DROP ROLE "portal_limited"')


def test_roles_are_postgresqls(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("limit_rights", 'x"; DROP', stdout=StringIO())
