"""A page that is not translated: its text in Uzbek, said so, and out of everybody's index."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.links import page_path
from core.publishing import past_the_gate
from core.translations import open_translation, save_draft
from home.models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    DocumentIndexPage,
    InformationPage,
    LegalDocumentPage,
)
from languages import registry
from search import indexing
from search.models import SearchDocument
from service_pages.models import CatalogueEntry, ServicePage
from tests.service_pages.translating import LANGUAGES, house, translate, version

pytestmark = pytest.mark.django_db
OTHERS = ("kaa", "ru", "en")
NOTICE = {
    "ru": "Эта страница ещё не переведена",
    "en": "This page is not translated yet",
}


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """A context at whose end what waits for the commit is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page(commit: Any) -> ServicePage:
    """A published Uzbek page of a service, with aliases in three languages."""
    return house(commit)


@pytest.fixture
def information(page: ServicePage, commit: Any) -> InformationPage:
    """A page of the portal's own, right under the home page."""
    home = page.get_ancestors().get(depth=2)
    row = InformationPage(
        title="Toʻlov tartibi", slug="tolov-tartibi", summary="Qanday toʻlanadi", live=False,
        locale=page.locale,
    )  # fmt: skip
    home.add_child(instance=row)
    with commit(), past_the_gate("test"):
        row.save_revision().publish()
    return InformationPage.objects.get(pk=row.pk)


def soup(path: str) -> BeautifulSoup:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


def address(page: Any, language: str) -> str:
    return page_path(page.url_path, language)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("kind", ["service", "information"])
def test_an_alias_says_what_it_is(
    page: ServicePage, information: InformationPage, language: str, kind: str
) -> None:
    """Notice in the reader's language, `lang` of the text, canonical to the source, noindex."""
    shown = page if kind == "service" else information
    html = soup(address(shown, language))
    assert html.html["lang"] == registry.by_code(language).bcp47  # type: ignore[index]
    notice = html.select_one("main .notice--important")
    assert notice is not None
    with translation.override(language):
        said = translation.gettext("This page is not translated yet")
    assert said in notice.text
    if language in NOTICE:
        assert NOTICE[language] in notice.text
    link = notice.select_one("a[href]")
    assert link is not None and link["href"] == address(shown, "uz")
    assert link["lang"] == "uz-Latn"
    article = html.select_one("main article")
    assert article is not None and article["lang"] == "uz-Latn"
    assert shown.title in article.text
    robots = html.select_one('meta[name="robots"]')
    assert robots is not None and robots["content"] == "noindex"
    canonical = html.select_one('link[rel="canonical"]')
    assert canonical is not None and str(canonical["href"]).endswith(address(shown, "uz"))
    assert html.select('link[rel="alternate"][hreflang]') == []


def test_own_texts_say_nothing_of_it(page: ServicePage) -> None:
    """Uzbek in both scripts: canonical to themselves, in the index, without a notice."""
    for language in ("uz", "uz-cyrl"):
        html = soup(address(page, language))
        assert html.select_one("main .notice--important") is None
        assert html.select_one('meta[name="robots"]') is None
        canonical = html.select_one('link[rel="canonical"]')
        assert canonical is not None and str(canonical["href"]).endswith(address(page, language))
        article = html.select_one("main article")
        assert article is not None and not article.has_attr("lang")


def test_a_page_translated_in_part_says_so(
    page: ServicePage, information: InformationPage, commit: Any
) -> None:
    """In the reader's language, until the last text is there; a page of its own all the same."""
    said = "Часть текста ещё не переведена"
    for left, shown in ((1, True), (0, False)):
        translate(information, "ru", but=left)
        draft = save_draft(open_translation(version(information, "ru")))  # type: ignore[arg-type]
        with commit(), past_the_gate("test"):
            draft.publish()
        html = soup(address(information, "ru"))
        assert (said in html.main.text) is shown  # type: ignore[union-attr]
        assert html.select_one("main .notice--important") is None
        assert html.select_one('meta[name="robots"]') is None
    assert said not in soup(address(information, "uz")).text


def test_hreflang_names_only_languages_with_a_text(page: ServicePage, commit: Any) -> None:
    """And the switch leads to the same page in all, saying where it is not translated."""

    def named() -> set[str]:
        links = soup(address(page, "uz")).select('link[rel="alternate"][hreflang]')
        return {str(link["hreflang"]) for link in links}

    def untranslated(language: str) -> set[str]:
        rows = soup(address(page, language)).select("nav .languages li")
        # `til=1` says that the reader chose: only then is the choice remembered.
        expected = [f"{address(page, code)}?til=1" for code in LANGUAGES]
        assert [row.a["href"] for row in rows] == expected  # type: ignore[index]
        return {str(row.a["hreflang"]) for row in rows if row.select_one(".languages__note")}  # type: ignore[index]

    assert named() == {"uz-Latn", "uz-Cyrl", "x-default"}
    for language in LANGUAGES:
        assert untranslated(language) == {"kaa-Latn", "ru", "en"}
    translate(page, "ru")
    draft = save_draft(open_translation(version(page, "ru")))  # type: ignore[arg-type]
    with commit():
        draft.publish()
    assert named() == {"uz-Latn", "uz-Cyrl", "ru", "x-default"}
    assert untranslated("uz") == {"kaa-Latn", "en"}
    assert soup(address(page, "ru")).select_one("main .notice--important") is None


def test_pages_that_are_no_wagtail_pages_are_in_every_language(page: ServicePage) -> None:
    """The catalogue speaks all five."""
    html = soup(reverse("catalogue:all"))
    assert len(html.select('link[rel="alternate"][hreflang]')) == 6
    assert not html.select(".languages__note")


def test_the_sitemap_leaves_aliases_out(page: ServicePage, information: InformationPage) -> None:
    """Only texts of its own stand in a language's map."""
    for language in LANGUAGES:
        found = Client().get(f"/sitemap-{language}.xml").content.decode()
        for row in (page, information):
            assert (address(row, language) in found) is (language in {"uz", "uz-cyrl"})


def test_feeds_leave_aliases_out(page: ServicePage, commit: Any) -> None:
    """Announcements and documents of a language are those written in it."""
    home = page.get_ancestors().get(depth=2)
    for index, child in (
        (
            AnnouncementIndexPage(title="Eʼlonlar", slug="elonlar"),
            AnnouncementPage(title="Yangi xizmat", slug="yangi", announced_on=date(2026, 3, 1)),
        ),
        (
            DocumentIndexPage(title="Hujjatlar", slug="hujjatlar"),
            LegalDocumentPage(
                title="Qaror", slug="qaror", key="vk-1", number="1", kind="law",
                issuing_body="Vazirlar Kengashi", issued_on=date(2026, 3, 1),
            ),
        ),
    ):  # fmt: skip
        index.locale = child.locale = page.locale
        home.refresh_from_db()
        home.add_child(instance=index)
        with commit(), past_the_gate("test"):
            index.save_revision().publish()
        index.refresh_from_db()
        index.add_child(instance=child)
        with commit(), past_the_gate("test"):
            child.save_revision().publish()
    for name, title in (("feed_announcements", "Yangi xizmat"), ("feed_documents", "Qaror")):
        for language in LANGUAGES:
            with translation.override(language):
                feed = Client().get(reverse(f"home:{name}")).content.decode()
            assert feed.count("<entry") == (1 if language in {"uz", "uz-cyrl"} else 0)
            assert (title in feed) is (language == "uz")
    # Lists for people show it, in the language that it is in.
    with translation.override("ru"):
        row = soup(f"{page_path(home.url_path, 'ru')}elonlar/").select_one("main li h2 a")
    assert row is not None and row["lang"] == "uz-Latn"


def test_an_alias_is_not_indexed_and_the_source_is_found(
    page: ServicePage, information: InformationPage
) -> None:
    """A reader of Russian finds the Uzbek entry, and its link leads to the Russian address."""
    indexing.reconcile()
    documents = SearchDocument.objects.all()
    assert documents.filter(kind="page").count() == 1
    assert set(documents.get(kind="page").titles) == {"uz", "uz-cyrl"}
    assert documents.filter(kind="service").count() == 1
    for language in LANGUAGES:
        own = registry.by_code(language if language in {"uz", "uz-cyrl"} else "uz").bcp47
        for words, row in (("nikoh", page), ("toʻlov tartibi", information)):
            query = {"q": words, "lang": language, "type": "all"}
            found = Client().get("/api/search/", query).json()["results"]
            hits = [(hit["url"], hit["lang"]) for hit in found if row.slug in hit["url"]]
            assert hits == [(address(row, language), own)]
            assert Client().get(hits[0][0]).status_code == 200


def test_lists_of_services_say_the_language_of_a_title(page: ServicePage) -> None:
    """In the catalogue the title is Uzbek and says so; its link stays in the language."""
    entry = CatalogueEntry.objects.get(service=page.service, language="ru")
    assert (entry.text_language, entry.path) == ("uz", address(page, "ru"))


@pytest.mark.parametrize("slug", ["nikoh", "boshqa-nom"])
def test_aliases_follow_a_rename(page: ServicePage, commit: Any, slug: str) -> None:
    """wagtail #7168: they would keep the old address, and the switch would lead nowhere."""
    old = {code: address(version(page, code), code) for code in LANGUAGES}
    source = version(page, "uz")
    source.slug = slug
    with commit():
        source.save_revision().publish()
    for code in LANGUAGES:
        row = version(page, code)
        assert row.slug == slug
        assert Client().get(address(row, code)).status_code == 200
        assert Client().get(old[code]).status_code == 301
    renamed = version(page, "ru")
    assert [
        link.a["href"] for link in soup(address(renamed, "ru")).select("nav .languages li")
    ] == [  # type: ignore[index]
        f"{address(version(page, code), code)}?til=1" for code in LANGUAGES
    ]
