"""The import of services: validated whole, written whole, past the gate, and found at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Locale, PageLogEntry

from core.translating import alias_new
from service_pages.models import Service, ServicePage
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency() -> str:
    """The key of an agency with a page."""
    factories.make_references()
    page = factories.make_agency()
    others = Locale.objects.exclude(pk=page.locale_id)
    for locale in others:
        factories.agency_index(locale.language_code)
    alias_new(page, list(others))
    return page.agency.key


def record(slug: str = "sinov-xizmati", **fields: Any) -> dict[str, Any]:
    return {"slug": slug, "title": {"uz": "Sinov xizmati"}, **fields}


def load(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], records: Any, agency: str, *more: str
) -> str:
    path = tmp_path / "services.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    call_command("import_services", str(path), "--agency", agency, *more)
    return capsys.readouterr().out


def test_created_then_unchanged_then_updated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], agency: str
) -> None:
    assert "created 1, updated 0, unchanged 0" in load(tmp_path, capsys, [record()], agency)
    page = ServicePage.objects.get(service__key="sinov-xizmati", locale__language_code="uz")
    before = page.revisions.count()
    whole = {"items": [record()]}
    assert "created 0, updated 0, unchanged 1" in load(tmp_path, capsys, whole, agency)
    assert page.revisions.count() == before
    changed = [record(title={"uz": "Boshqa nom"})]
    assert "created 0, updated 1, unchanged 0" in load(tmp_path, capsys, changed, agency)
    page.refresh_from_db()
    assert page.live
    assert page.title == "Boshqa nom"
    comments = [row.data.get("comment") for row in PageLogEntry.objects.filter(page=page.pk)]
    assert "imported" in comments


def test_what_a_record_says_of_the_service_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], agency: str
) -> None:
    load(tmp_path, capsys, [record(external_url="https://example.org/x", form="sinov")], agency)
    service = Service.objects.get(key="sinov-xizmati")
    assert service.external_url == "https://example.org/x"
    assert service.form_key == "sinov"


def test_an_error_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], agency: str
) -> None:
    wrong = {"slug": "nomsiz", "title": {"ru": "Без имени"}}
    with pytest.raises(SystemExit):
        load(tmp_path, capsys, [record(), wrong], agency)
    assert "record 2 (nomsiz): title.uz: " in capsys.readouterr().err
    assert not Service.objects.filter(key="sinov-xizmati").exists()


def test_a_dry_run_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], agency: str
) -> None:
    load(tmp_path, capsys, [record()], agency, "--dry-run")
    assert not Service.objects.filter(key="sinov-xizmati").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("external_id", "7"), ("external_url", "javascript:alert(1)"), ("form", ["a"]), ("phase", 9)],
)
def test_wrong_values_of_the_service_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], agency: str, field: str, value: Any
) -> None:
    with pytest.raises(SystemExit):
        load(tmp_path, capsys, [record(**{field: value})], agency)
    assert f"record 1 (sinov-xizmati): {field}: " in capsys.readouterr().err
