"""Addresses, languages, headers, the cache of whole answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from core.links import page_path
from home.models import HomePage
from operations.counting import views_of
from portal.checks import pages_are_cached_where_all_see_it
from service_pages.models import AgencyIndexPage, AgencyPage, CatalogueEntry, ServicePage
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("uz-Cyrl-UZ,uz;q=0.8", "uz-cyrl"),
        ("uz-UZ", "uz"),
        ("kaa-UZ", "kaa"),
        ("ru-RU,ru;q=0.9", "ru"),
        ("en-GB", "en"),
        ("uz-Latn-UZ", "uz"),
        ("kaa-Latn,ru;q=0.8", "kaa"),
        ("de,en;q=0.3,ru;q=0.7", "ru"),
        ("kk,tr;q=0.8", "uz"),
        ("*", "uz"),
        ("", "uz"),
        ("fr", "uz"),
    ],
)
def test_the_root_leads_to_the_readers_language(client: Client, asked: str, language: str) -> None:
    answer = client.get("/", headers={"accept-language": asked})
    assert (answer.status_code, answer["Location"]) == (302, f"/{language}/")
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/oz/a/?q=1", "/uz/a/?q=1"),
        ("/qr/", "/kaa/"),
        ("/uz-Cyrl/a/", "/uz-cyrl/a/"),
        ("/uz-latn/", "/uz/"),
        ("/UZ/", "/uz/"),
    ],
)
def test_other_sites_codes_of_languages_lead_to_ours(
    client: Client, path: str, target: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (301, target)


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_a_home_page_in_every_language_says_its_language(client: Client, language: str) -> None:
    factories.home_page(language)
    html = client.get(f"/{language}/").content.decode()
    tag = {"uz": "uz-Latn", "uz-cyrl": "uz-Cyrl", "kaa": "kaa-Latn"}.get(language, language)
    assert f'<html lang="{tag}"' in html
    assert html.count("hreflang=") >= 5


def test_public_pages_forbid_inline_scripts_and_set_no_cookie(client: Client) -> None:
    factories.home_page()
    answer = client.get("/uz/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Request-Id"]


def test_html_is_compressed(client: Client) -> None:
    factories.home_page()
    answer = client.get("/uz/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 14_000


def test_a_kept_answer_is_fresh_after_a_publication_and_still_counts_views(
    client: Client, settings, django_capture_on_commit_callbacks
) -> None:
    settings.PAGE_CACHE = True
    service = factories.make_service()
    page = ServicePage.objects.get(service=service, locale__language_code="uz")
    path = page_path(page.url_path, "uz")
    first = client.get(path)
    assert first.status_code == 200
    assert client.get(path).content == first.content
    assert views_of([service.view_key]) == {service.view_key: 2}
    page.title = "Butunlay yangi nom"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    assert "Butunlay yangi nom" in client.get(path).content.decode()


def test_drafts_and_unknown_pages_are_404_in_the_readers_language(client: Client) -> None:
    home = factories.home_page()
    draft = HomePage(title="x", slug="qoralama", live=False, locale=home.locale)
    home.add_child(instance=draft)
    assert client.get("/uz/qoralama/").status_code == 404
    answer = client.get("/uz/yoq/")
    assert answer.status_code == 404
    assert 'name="q"' in answer.content.decode()


def test_the_sitemap_names_published_pages(client: Client) -> None:
    factories.make_service()
    assert "sitemap-uz.xml" in client.get("/sitemap.xml").content.decode()
    assert "/uz/idoralar/" in client.get("/sitemap-uz.xml").content.decode()
    assert client.get("/sitemap-xx.xml").status_code == 404
    assert "sitemap.xml" in client.get("/robots.txt").content.decode()


def test_a_cache_of_one_process_is_warned_about(settings) -> None:
    settings.PAGE_CACHE, settings.SHARED_CACHE = True, False
    assert [warning.id for warning in pages_are_cached_where_all_see_it(None)] == ["portal.W001"]
    settings.SHARED_CACHE = True
    assert pages_are_cached_where_all_see_it(None) == []


@pytest.mark.parametrize("kept", [False, True])
def test_a_restriction_holds_at_once_for_all_below_it_and_nothing_is_kept(
    client: Client, settings, django_capture_on_commit_callbacks, kept: bool
) -> None:
    settings.PAGE_CACHE = kept
    service = factories.make_service()
    page = ServicePage.objects.get(service=service, locale__language_code="uz")
    path = page_path(page.url_path, "uz")
    assert client.get(path).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        restriction = PageViewRestriction.objects.create(
            page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN
        )
    asked = client.get(path)
    assert (asked.status_code, asked["Location"]) == (302, f"/uz/_util/login/?next={path}")
    login = client.get(asked["Location"])
    assert login["Location"].startswith("/uz/accounts/")
    restriction.restriction_type, restriction.password = "password", "maxfiy-soʻz"
    restriction.save()
    asked = client.get(path)
    assert 'type="password"' in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    assert "public" not in asked["Cache-Control"]
    given = client.post(
        f"/uz/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
        {"password": "maxfiy-soʻz", "return_url": path},
    )
    assert given["Location"] == path
    shown = client.get(path)
    assert service.registry_number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    # Nor does another reader get what was shown.
    assert 'type="password"' in Client().get(path).content.decode()


def test_another_kind_of_page_may_come_to_an_address(client: Client) -> None:
    home = factories.home_page()
    first = home.add_child(instance=HomePage(title="Biri", slug="joy", locale=home.locale))
    assert "Biri" in client.get("/uz/joy/").content.decode()
    first.delete()
    home.refresh_from_db()
    home.add_child(instance=AgencyIndexPage(title="Ikkinchi", slug="joy", locale=home.locale))
    assert "Ikkinchi" in client.get("/uz/joy/").content.decode()
    Page.objects.get(slug="joy").specific.unpublish()
    assert client.get("/uz/joy/").status_code == 404


def test_an_old_address_leads_to_the_new_one_after_a_rename(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    factories.make_service("nikoh-malumotnoma")
    page = ServicePage.objects.get()
    old = page_path(page.url_path, "uz")
    agency = AgencyPage.objects.get()
    agency.slug = "yangi-nom"
    with django_capture_on_commit_callbacks(execute=True):
        agency.save_revision().publish()
    page = ServicePage.objects.get()
    new = page_path(page.url_path, "uz")
    assert new != old
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
    assert client.get(new).status_code == 200
    # Lists lead there at once, without the detour.
    assert CatalogueEntry.objects.get(language="uz").path == new
