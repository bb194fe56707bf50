"""Figures without people, exports that compute nothing, forgetting, keys that change."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from core import tables
from forms import exports, retention, services, usage
from forms.models import Attachment, Forgetting, FormDefinition, FormEvent, Signature, Submission
from tests.forms import factories
from tests.forms.conftest import Desk
from tests.forms.factories import fill_draft, make_service, make_version, question, send, small_form
from tests.forms.test_views import post, start, version_of

pytestmark = pytest.mark.django_db
ASKED = (
    question("kind", "choice", options=["a", "b"]),
    question("note"),
    question("own", "pinfl", sensitive=True),
    question("paper", "file"),
)


@pytest.fixture
def sent(citizen: User, desk: Desk) -> Submission:
    version = version_of(*ASKED, signature_required=True)
    draft = fill_draft(services.start_draft(citizen, version), {"note": "=1+1"})
    factories.sign(draft)
    return send(draft, language="ru")


# -- figures ----------------------------------------------------------------------------------------


def test_figures_of_a_form(signed_in: Client, desk: Desk) -> None:
    item = small_form(question("a"), question("n", "number"))
    item["steps"].append({"key": "two", "title": {"uz": "Ikkinchi"}, "questions": [question("b")]})
    version = make_version(item, make_service("namuna-xizmat"))
    drafts = [start(signed_in, version) for _number in range(3)]
    post(signed_in, drafts[0], a="bir", n="x")
    post(signed_in, drafts[0], a="bir", n="1")
    post(signed_in, drafts[0], "two", b="ikki")
    signed_in.post(f"/uz/apply/d/{drafts[0].uuid}/check/", {"declared": "on"})
    post(signed_in, drafts[1], a="bir", n="1")
    signed_in.post(f"/uz/apply/d/{drafts[1].uuid}/delete/")
    drafts[2].expires_at = timezone.now() - timedelta(days=1)
    drafts[2].save()
    services.delete_expired()
    found = usage.of_form(version.definition, timezone.localdate())
    assert (found.started, found.sent) == (3, 1)
    assert found.steps == {"one": 2, "two": 1} and found.errors == {"n": 1}
    assert found.abandoned == {"two": 1, "one": 1} and found.median_minutes == 1


def test_figures_hold_nothing_personal(sent: Submission) -> None:
    """Every column of every event: a form, a kind, a place in the form, seconds, a day."""
    names = {field.name for field in FormEvent._meta.get_fields()}
    assert names == {"id", "version", "kind", "place", "seconds", "day"}
    places = set(FormEvent.objects.values_list("place", flat=True))
    assert places <= {"", "one", "kind", "note", "own", "paper"}


def test_the_page_of_use(client: Client, sent: Submission) -> None:
    admin = User.objects.create_superuser("demo.admin@example.org", "uch-baliq-1")
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    definition = sent.version.definition
    page = client.get(f"/admin/forms/{definition.pk}/use/")
    assert page.status_code == 200 and "answers.xlsx" in page.content.decode()
    for kind in exports.FORMATS:
        assert client.get(f"/admin/forms/{definition.pk}/answers.{kind}").status_code == 200
    assert client.get(f"/admin/forms/{definition.pk}/answers.exe").status_code == 404


# -- exports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
def test_the_same_columns_in_every_language_and_no_formula(sent: Submission, language: str) -> None:
    content = exports.export(sent.version.definition, "csv", language).decode("utf-8-sig")
    head, _words, row = csv.reader(io.StringIO(content))
    columns = [
        "uuid",
        "number",
        "sent",
        "version",
        "language",
        "kind",
        "kind:label",
        "note",
        "paper",
    ]
    assert head == columns
    values = dict(zip(head, row, strict=True))
    assert values["kind"] == "a" and values["note"] == "'=1+1"
    assert values["kind:label"] == ("a ru" if language == "ru" else "a uz")
    assert sent.answers["own"] not in content


def test_spreadsheets_compute_nothing(sent: Submission) -> None:
    book = load_workbook(io.BytesIO(exports.export(sent.version.definition, "xlsx", "uz")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "'=1+1" in {cell.value for cell in cells}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute(text: str) -> None:
    assert tables.harmless(text) == f"'{text}" and tables.harmless("1=1") == "1=1"


def test_json_has_values_and_labels(sent: Submission) -> None:
    data = json.loads(exports.export(sent.version.definition, "json", "ru"))
    (item,) = data["items"]
    assert item["answers"]["kind"] == {"value": "a", "label": "a ru"}
    assert "own" not in data["questions"]


def test_answers_of_all_versions_stand_under_their_questions(citizen: User, desk: Desk) -> None:
    for asked in (question("a"), question("b")):
        version = version_of(asked)
        send(fill_draft(services.start_draft(citizen, version)), language="uz")
    content = exports.export(version.definition, "csv", "uz").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(content)))[1:]
    assert [bool(line["a"]) for line in lines] == [True, False]
    assert [bool(line["b"]) for line in lines] == [False, True]


# -- forgetting -------------------------------------------------------------------------------------


@pytest.fixture
def old(sent: Submission, monkeypatch: pytest.MonkeyPatch) -> Submission:
    monkeypatch.setattr(retention, "_holders", [])
    FormDefinition.objects.update(retention_days=30)
    long_ago = timezone.now() - timedelta(days=31)
    Submission.objects.filter(pk=sent.pk).update(submitted_at=long_ago)
    return sent


def test_a_dry_run_only_counts(old: Submission, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("forget_answers", "--dry-run")
    assert "anonymised: 1" in capsys.readouterr().out
    old.refresh_from_db()
    assert old.answers["own"] and old.anonymised_at is None


def test_what_is_left_tells_nothing_of_anybody(
    old: Submission, citizen: User, django_capture_on_commit_callbacks: Any
) -> None:
    secret, number = old.answers["own"], old.receipt_number
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.forget_due().anonymised == 1
    old.refresh_from_db()
    assert old.answers == {"kind": "a"} and old.user is None and old.receipt_number == number
    assert not Attachment.objects.exists() and not Signature.objects.exists()
    assert secret not in json.dumps(old.answers)
    # Read with its version it still is.
    from forms.selectors import shown_submission

    assert shown_submission(old, "uz")
    # And a second run finds nothing to do.
    assert retention.forget_due() == retention.Report()


def test_deleting_where_nothing_refers_to_it(old: Submission) -> None:
    FormDefinition.objects.update(retention_action=Forgetting.PURGE)
    assert retention.forget_due() == retention.Report(purged=1)
    assert not Submission.objects.exists()


def test_what_the_law_or_an_open_request_holds_stays(old: Submission) -> None:
    retention.register(lambda submission: True)
    assert retention.forget_due() == retention.Report(held=1)
    retention._holders.clear()
    Submission.objects.update(legal_hold="Sud ishi 1/2026")
    assert retention.forget_due() == retention.Report(held=1)
    Submission.objects.update(legal_hold="", submitted_at=timezone.now())
    assert retention.forget_due() == retention.Report()


# -- keys -------------------------------------------------------------------------------------------


def test_answers_are_written_anew_with_a_new_key(sent: Submission, settings: Any) -> None:
    def stored() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT answers FROM portal_forms_submission")
            return str(cursor.fetchone()[0])

    before, old_keys = stored(), list(settings.FIELD_KEYS)
    assert sent.answers["own"] not in before
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *old_keys]
    call_command("rotate_keys", "--dry-run", verbosity=0)
    assert stored() == before
    call_command("rotate_keys", verbosity=0)
    assert stored() != before
    # The old key may go now.
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    assert Submission.objects.get().answers == sent.answers
    settings.FIELD_KEYS = old_keys
