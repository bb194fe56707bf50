"""Generated services: in the tree, in lists and in search, as if they had been published."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from modelsearch.backends import get_search_backend
from wagtail.models import Page

from search.engine import Query
from search.query import find
from service_pages.models import CatalogueEntry, Service, ServicePage
from tests.service_pages.factories import make_service, translate

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_without_services_there_is_nothing_to_make_others_like() -> None:
    with pytest.raises(CommandError, match="demonstration"):
        call_command("generate_services", "5")


def test_generated_services_are_found_and_shown(client: Client) -> None:
    service = make_service("nikoh-malumotnoma")
    source = ServicePage.objects.get(service=service, locale__language_code="uz")
    for language in ("uz-cyrl", "kaa", "ru", "en"):
        translate(source, language)
    call_command("generate_services", "4")
    made = Service.objects.filter(key__startswith="sinov-").order_by("key")
    assert made.count() == 3
    assert CatalogueEntry.objects.filter(service__in=made).count() == 15
    assert Page.find_problems() == ([], [], [], [], [])
    call_command("generate_services", "4")
    assert made.count() == 3
    entry = CatalogueEntry.objects.get(service=made[1], language="ru")
    assert client.get(entry.path).status_code == 200
    found = find(Query(" ".join(entry.title.split()[-2:]), "ru")).hits
    assert [hit.slug for hit in found][:1] == [made[1].key]


def test_staff_find_them_unless_told_otherwise() -> None:
    service = make_service("nikoh-malumotnoma")
    source = ServicePage.objects.get(service=service, locale__language_code="uz")
    for language in ("uz-cyrl", "kaa", "ru", "en"):
        translate(source, language)
    call_command("generate_services", "3", without_admin=True)
    made = ServicePage.objects.filter(service__key__startswith="sinov-", locale__language_code="uz")
    assert made.count() == 2

    def found(page: ServicePage) -> list[int]:
        words = " ".join(page.title.split()[-2:])
        return [row.pk for row in get_search_backend().search(words, ServicePage.objects.all())]

    assert not any(page.pk in found(page) for page in made)
    call_command("generate_services", "4")
    assert all(page.pk in found(page) for page in made)
