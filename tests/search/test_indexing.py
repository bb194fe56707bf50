"""The tables of the index follow what is published, one by one and many at once."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from search import indexing
from search.engine import Query
from search.models import SearchDocument, SearchPosting
from search.query import find
from service_pages.models import Service, ServicePage
from tests.service_pages.factories import make_agency, make_service, translate

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def _index() -> dict[str, Any]:
    """Everything that the tables say of each document, without primary keys and versions."""
    words: dict[int, set[tuple[str, str, int]]] = {}
    for document, view, text, weight in SearchPosting.objects.values_list(
        "document_id", "word__view", "word__text", "weight"
    ):
        words.setdefault(document, set()).add((view, text, weight))
    return {
        row.key: (
            row.titles, row.paths, row.phrase, row.title_stems, row.facets, row.content_hash,
            words.get(row.pk),
        )
        for row in SearchDocument.objects.filter(kind="service")
    }  # fmt: skip


@pytest.fixture
def services() -> list[Service]:
    return [
        make_service("nikoh-malumotnoma"),
        make_service("hujjat-nusxasi", title={"uz": "Hujjat nusxasini olish", "ru": "Копия"}),
        make_service("yer-uchastkasi", title={"uz": "Yer uchastkasi", "en": "Plot of land"}),
    ]


def test_many_at_once_are_indexed_as_one_by_one(services: list[Service]) -> None:
    SearchDocument.objects.all().delete()
    for service in services:
        assert indexing.index_service(service)
    one_by_one = _index()
    assert len(one_by_one) == len(services)
    SearchDocument.objects.all().delete()
    assert indexing.index_services() == len(services)
    assert _index() == one_by_one


def test_reconciling_writes_what_differs_and_nothing_else(services: list[Service]) -> None:
    indexing.reconcile()
    before = dict(SearchDocument.objects.values_list("key", "version"))
    assert indexing.reconcile() == (0, 0)
    spoilt, hidden = services[0], services[1]
    SearchDocument.objects.filter(key=spoilt.key).update(content_hash="")
    hidden.entries.all().delete()
    assert indexing.reconcile() == (2, 0)
    after = dict(SearchDocument.objects.values_list("key", "version"))
    assert hidden.key not in after
    assert {key for key, version in after.items() if before[key] != version} == {spoilt.key}
    assert [hit.slug for hit in find(Query("plot of land", "en")).hits][:1] == [services[2].key]


def found(query: str, language: str) -> list[str]:
    return [hit.url for hit in find(Query(query, language)).hits]


def test_a_service_is_found_as_soon_as_each_language_of_it_is_published() -> None:
    service = make_service("qamish", title={"uz": "Qamish oʻrish"})
    assert found("qamish", "uz") == ["/uz/idoralar/adliya-vazirligi/qamish/"]
    page = translate(service.pages.get(locale__language_code="uz"), "ru")
    page.title = "Заготовка камыша"
    page.save_revision().publish()
    assert found("заготовка", "ru") == ["/ru/idoralar/adliya-vazirligi/qamish/"]
    page.title = "Покос камыша"
    page.save_revision().publish()
    assert found("покос", "ru") == ["/ru/idoralar/adliya-vazirligi/qamish/"]
    assert found("заготовка", "ru") == []


def test_a_service_that_moves_or_goes_takes_its_results_along() -> None:
    page = make_service("qamish", title={"uz": "Qamish"}).pages.get(locale__language_code="uz")
    page.slug = "qamish-orish"
    page.save_revision().publish()
    assert found("qamish", "uz") == ["/uz/idoralar/adliya-vazirligi/qamish-orish/"]
    page.move(make_agency("ssv", name={"uz": "Sogʻliq"}), pos="last-child")
    assert found("qamish", "uz") == ["/uz/idoralar/ssv/qamish-orish/"]
    ServicePage.objects.get(pk=page.pk).delete()
    assert found("qamish", "uz") == []


def test_the_command_mends_what_is_missing_stale_and_superfluous(services: list[Service]) -> None:
    indexing.reconcile()
    right = _index()
    missing, stale, _fine = services
    SearchDocument.objects.get(key=missing.key).delete()
    document = SearchDocument.objects.get(key=stale.key)
    document.titles, document.content_hash = {"uz": "Eski"}, "old"
    document.save()
    document.postings.all().delete()
    for kind in ("service", "page", "of-an-older-portal"):
        SearchDocument.objects.create(kind=kind, key="arvoh", titles={"uz": "Arvoh"})
    said = StringIO()
    call_command("reconcile_search", stdout=said)
    assert "3 services and 2 pages were out of step" in said.getvalue()
    assert _index() == right
    assert not SearchDocument.objects.filter(key="arvoh").exists()
    said = StringIO()
    call_command("reconcile_search", stdout=said)
    assert "0 services and 0 pages were out of step" in said.getvalue()


def test_a_service_may_get_another_key(services: list[Service]) -> None:
    indexing.reconcile()
    services[0].key = "yangi-kalit"
    services[0].save()
    Service.objects.filter(pk=services[1].pk).update(key="boshqa-kalit")
    assert indexing.reconcile() == (1, 0)
    keys = set(Service.objects.values_list("key", flat=True))
    assert keys == set(SearchDocument.objects.filter(kind="service").values_list("key", flat=True))
    assert {"yangi-kalit", "boshqa-kalit"} < keys


def test_reconciling_does_not_ask_for_each_service(
    services: list[Service], django_assert_max_num_queries: Any
) -> None:
    indexing.index_services()
    with django_assert_max_num_queries(10):
        indexing.index_services()
