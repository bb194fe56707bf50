"""Speed as counts, which no load of a machine changes: queries and calls of uncached pages."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.links import page_path
from operations.counting import flush
from service_pages.models import ServicePage
from tests.portal.measuring import Cost, cost_of
from tests.service_pages import factories
from tests.service_pages.bulk import add_services

pytestmark = pytest.mark.django_db

FEW, MANY = 30, 2_000


def _paths() -> dict[str, str]:
    service = ServicePage.objects.get(slug="nikoh-malumotnoma", locale__language_code="uz")
    path = page_path(service.url_path, "uz")
    return {
        "service": path,
        "agency": path.rsplit("/", 2)[0] + "/",
        "agencies": "/uz/idoralar/",
        "home": "/uz/",
        "catalogue": reverse("catalogue:all"),
        "topic": reverse("catalogue:topic", args=["civil-registration"]),
    }


@pytest.fixture
def costs(settings) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """Costs of each page with few services and with many."""
    settings.PAGE_CACHE = False
    pattern = factories.make_service()
    add_services(pattern, FEW, prefix="oldin")
    cache.clear()
    few = {name: cost_of(path) for name, path in _paths().items()}
    add_services(pattern, MANY, prefix="keyin")
    cache.clear()
    many = {name: cost_of(path) for name, path in _paths().items()}
    # Views wait in memory; written here, they go with this test's transaction.
    flush()
    return few, many


def test_pages_cost_few_queries_and_calls_however_many_services_there_are(
    costs: tuple[dict[str, Cost], dict[str, Cost]],
) -> None:
    few, many = costs
    for name, cost in many.items():
        assert cost.queries <= few[name].queries, (name, cost.sql)
        # Numbers get longer and lists fill up to their limit; nothing else may be added.
        assert cost.calls <= few[name].calls * 1.1, name
    assert many["service"].queries <= 8, many["service"].sql
    assert many["service"].calls <= 20_000
    for name in ("home", "agency", "agencies", "catalogue", "topic"):
        assert many[name].queries <= 10, (name, many[name].sql)
    assert few["service"].size <= 40_000
    assert many["service"].size == few["service"].size
