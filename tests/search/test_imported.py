"""An import is found when its command returns, on every engine, without a worker of the queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from wagtail.models import Locale

from accounts.models import Role
from accounts.services import create_staff
from core.translating import alias_new
from search import node
from search.engine import Query
from search.models import PendingDocument
from search.query import find
from service_pages.models import AgencyPage
from tests.engines.elasticsearch.node import free_port
from tests.service_pages.factories import agency_index, make_agency, make_references

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.every_database]


@pytest.fixture
def nobody_works(settings: Settings) -> None:
    """Tasks are queued and stay there."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def load(folder: Path, *records: dict[str, Any]) -> None:
    make_references()
    page = make_agency()
    others = Locale.objects.exclude(pk=page.locale_id)
    if not AgencyPage.objects.filter(locale__in=others).exists():
        for locale in others:
            agency_index(locale.language_code)
        alias_new(page, list(others))
    path = folder / "services.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    call_command("import_services", str(path), "--agency", page.agency.key)


def titles(client: Client, query: str, language: str = "uz") -> list[str]:
    answer = client.get("/api/search/", {"q": query, "lang": language})
    return [row["title"] for row in answer.json()["results"]]


def test_what_was_imported_is_found_at_once(
    engine: str, client: Client, tmp_path: Path, nobody_works: None
) -> None:
    if engine == "elasticsearch":
        node.rebuild()
    title = {"uz": "Qamish oʻrish ruxsatnomasi", "ru": "Разрешение на заготовку камыша"}
    load(tmp_path, {"slug": "qamish", "title": title})
    assert find(Query("qamish")).engine == engine
    for query in ("qamish", "қамиш ўриш", "заготовка камыша", "qamsh"):
        assert titles(client, query) == ["Qamish oʻrish ruxsatnomasi"], query
    load(tmp_path, {"slug": "qamish", "title": {"uz": "Yulgʻun kesish"}})
    assert titles(client, "yulgun") == ["Yulgʻun kesish"]


def test_staff_find_it_too(tmp_path: Path) -> None:
    load(tmp_path, {"slug": "qamish", "title": {"uz": "Qamish oʻrish"}})
    user = create_staff(email="x@example.org", agency=None, roles=[Role.EDITOR])
    user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("wagtailadmin_pages:search"), {"q": "қамиш"})
    assert [str(row) for row in answer.context["page_obj"]][:1] == ["Qamish oʻrish"]


def test_an_import_does_not_fail_where_the_node_is_away(
    settings: Settings, client: Client, tmp_path: Path
) -> None:
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    load(tmp_path, {"slug": "qamish", "title": {"uz": "Qamish oʻrish"}})
    assert titles(client, "qamish") == ["Qamish oʻrish"]
    assert PendingDocument.objects.exists()
