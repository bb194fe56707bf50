"""What editors put above the results of a query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.services import create_staff
from search.models import Promotion
from tests.service_pages.factories import make_agency, make_service, translate

pytestmark = pytest.mark.django_db


def promote(**fields: Any) -> Promotion:
    values = {
        "queries": "subsidiya\nuy-joy yordami",
        "address": "yordam/subsidiya",
        "title": {"uz": "Uy-joy subsidiyasi", "ru": "Субсидия на жильё"},
        "note": {"uz": "Yangi tartib 1-martdan."},
    } | fields
    return Promotion.objects.create(**values)


def above(client: Client, query: str, language: str = "uz") -> bool:
    html = client.get(f"/{language}/search/", {"q": query}).content.decode()
    return 'aria-labelledby="promoted"' in html


@pytest.mark.parametrize(
    "query", ["Subsidiya", "субсидия", "subsidiyani", "uy joyga yordam", "yordam uy-joy"]
)
def test_spelling_script_endings_and_order_do_not_matter(client: Client, query: str) -> None:
    promote()
    assert above(client, query)


@pytest.mark.parametrize("query", ["uy-joy", "subsidiya olish uchun ariza", "pasport"])
def test_other_queries_are_left_alone(client: Client, query: str) -> None:
    promote()
    assert not above(client, query)


def test_a_page_is_shown_in_the_readers_language_with_the_sentence(client: Client) -> None:
    promote()
    html = client.get("/uz/search/", {"q": "subsidiya"}).content.decode()
    assert '<a href="/uz/yordam/subsidiya/">Uy-joy subsidiyasi</a>' in html
    assert "Yangi tartib 1-martdan." in html
    assert (
        'href="/ru/yordam/subsidiya/"'
        in client.get("/ru/search/", {"q": "subsidiya"}).content.decode()
    )


def test_a_promotion_says_its_language_where_it_is_another(client: Client) -> None:
    promote(title={"ru": "Субсидия"}, note={})
    html = client.get("/uz/search/", {"q": "subsidiya"}).content.decode()
    assert '<h3 class="service-card__title" lang="ru">' in html
    html = client.get("/ru/search/", {"q": "subsidiya"}).content.decode()
    assert '<h3 class="service-card__title"><a href="/ru/yordam/subsidiya/">' in html


def test_a_promoted_service_is_shown_as_it_is_translated(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        service = make_service("subsidiya", title={"uz": "Subsidiya olish"})
        translate(service.pages.get(locale__language_code="uz"), "ru")
    promote(service=service, address="", title={})
    html = client.get("/ru/search/", {"q": "субсидия"}).content.decode()
    promoted = html.partition('aria-labelledby="promoted"')[2].partition("</section>")[0]
    assert 'href="/ru/idoralar/adliya-vazirligi/subsidiya/"' in promoted
    assert "[ru] " in promoted
    assert "lang=" not in promoted


def test_language_and_dates_bound_it(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    today = timezone.localdate()
    row = promote(language="ru", starts_on=today, ends_on=today)
    assert above(client, "subsidiya", "ru")
    assert not above(client, "subsidiya", "uz")
    for starts_on, ends_on in ((today + timedelta(1), None), (None, today - timedelta(1))):
        with django_capture_on_commit_callbacks(execute=True):
            row.starts_on, row.ends_on = starts_on, ends_on
            row.save()
        assert not above(client, "subsidiya", "ru")


def test_a_promoted_service_stands_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        service = make_service("subsidiya", title={"uz": "Subsidiya olish"})
    promote(service=service, address="", title={})
    html = client.get("/uz/search/", {"q": "subsidiya"}).content.decode()
    assert html.count('href="/uz/idoralar/adliya-vazirligi/subsidiya/"') == 1
    with django_capture_on_commit_callbacks(execute=True):
        service.pages.get(locale__language_code="uz").unpublish()
    assert not above(client, "subsidiya")


@pytest.mark.parametrize(
    "fields",
    [
        {"address": ""},
        {"title": {}},
        {"address": "javascript:alert(1)"},
        {"address": "//example.org/"},
        {"ends_on": "2026-01-01", "starts_on": "2026-02-01"},
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    values = {"queries": "a", "address": "yordam", "title": {"uz": "Yordam"}} | fields
    with pytest.raises(ValidationError):
        Promotion(**values).full_clean()


@pytest.mark.parametrize(("role", "status"), [(Role.EDITOR, 200), (Role.TRANSLATOR, 302)])
def test_editors_of_the_portal_keep_them_and_others_do_not(
    client: Client, role: Role, status: int
) -> None:
    client.force_login(create_staff(email="xodim@example.org", agency=None, roles=[role]))
    url = reverse(Promotion.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    assert client.get(url).status_code == status


def test_an_editor_of_one_agency_does_not_keep_them(client: Client) -> None:
    agency = make_agency().agency
    client.force_login(create_staff(email="x@example.org", agency=agency, roles=[Role.EDITOR]))
    url = reverse(Promotion.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]
    assert client.get(url).status_code == 302
