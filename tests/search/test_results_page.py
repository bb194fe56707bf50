"""The page of results, as a reader and a reader's screen reader get it."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from languages.uzbek import to_cyrillic
from search import highlighting, store
from search.engine import Terms
from search.indexing import reconcile
from search.models import Synonyms
from search.weights import TITLE
from service_pages import apply_links
from service_pages.apply_links import ApplyLink
from tests.service_pages.factories import make_agency, make_service

pytestmark = pytest.mark.django_db

TITLES = {
    "tugilganlik": {"uz": "Tugʻilganlik haqidagi guvohnoma", "ru": "Свидетельство о рождении"},
    "pasport": {"uz": "Biometrik pasport berish", "ru": "Выдача биометрического паспорта"},
}


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two services; the passport's has a form."""
    link = ApplyLink("/uz/apply/pasport/", "pasport")
    monkeypatch.setattr(
        apply_links, "_resolvers", [lambda row: link if row.key == "pasport" else None]
    )
    for key, title in TITLES.items():
        make_service(key, title=title)
    reconcile()


def write_page(key: str, titles: dict[str, str], facets: Collection[tuple[str, str]] = ()) -> None:
    """Something in the index that is no service."""
    store.write(
        store.Content(
            kind="document",
            key=key,
            titles=titles,
            paths={code: f"/{code}/{key}/" for code in titles},
            fields=[(TITLE, code, title) for code, title in titles.items()],
            facets=facets,
        )
    )


def page(client: Client, path: str, **params: Any) -> str:
    response = client.get(path, params)
    assert response.status_code == 200
    return str(response.content.decode())


def marks(html: str) -> set[str]:
    return set(re.findall(r"<mark>(.*?)</mark>", html))


@pytest.mark.parametrize(
    "query", ["tug'ilganlik guvohnomasi", "тугилганлик гувоҳнома", "TUGILGANLIK guvoxnoma"]
)
def test_words_are_marked_in_the_script_of_the_page(client: Client, query: str) -> None:
    title = "Tugʻilganlik haqidagi guvohnoma"
    write_page("guvohnoma", {"uz": title, "uz-cyrl": to_cyrillic(title)})
    assert {"Tugʻilganlik", "guvohnoma"} <= marks(page(client, "/uz/search/", q=query))
    cyrillic = marks(page(client, "/uz-cyrl/search/", q=query))
    assert {"Туғилганлик", "гувоҳнома"} <= cyrillic


def test_words_of_a_synonym_are_marked_where_the_querys_own_are_not(client: Client) -> None:
    Synonyms.objects.create(words="nikoh\noila qurish tartibi")
    write_page("daftar", {"uz": "Nikoh va qurish daftari"})
    write_page("tartib", {"uz": "Oila qurish tartibi"})
    html = page(client, "/uz/search/", q="nikoh")
    shown = dict(re.findall(r'<a href="/uz/(daftar|tartib)/">(.*?)</a>', html))
    assert marks(shown["daftar"]) == {"Nikoh"}
    assert marks(shown["tartib"]) == {"Oila", "qurish", "tartibi"}


def test_a_text_is_escaped_around_its_marks() -> None:
    wanted = Terms(exact=frozenset({"pasport"}))
    html = highlighting.marked("<b>Pasport</b> & <script>", "uz", wanted)
    assert html == "&lt;b&gt;<mark>Pasport</mark>&lt;/b&gt; &amp; &lt;script&gt;"


def test_a_long_text_is_shown_from_the_word_that_was_found() -> None:
    text = "Avval " + "boshqa soʻzlar " * 40 + "pasport kerak. " + "yana soʻzlar " * 30
    shown = highlighting.excerpt(text, "uz", Terms(stems=frozenset(), exact=frozenset({"pasport"})))
    assert "pasport" in shown
    assert len(shown) <= 172
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_price_term_and_the_button_stand_at_the_result(client: Client, services: None) -> None:
    html = page(client, "/uz/search/", q="pasport")
    assert 'href="/uz/apply/pasport/"' in html
    text = " ".join(strip_tags(html).split())
    assert "Adliya vazirligi" in text
    assert 'class="glance"' in html
    other = page(client, "/uz/search/", q="tugʻilganlik")
    assert "/uz/apply/" not in other


def test_a_result_found_by_its_russian_title_says_so(client: Client) -> None:
    # Words that no synonym ties together, so that only the Russian title has them.
    titles = {"uz": "Qamish oʻrish", "ru": "Заготовка камыша"}
    write_page("nikoh", titles)
    html = page(client, "/uz/search/", q="заготовка")
    assert "Qamish oʻrish" in strip_tags(html)
    assert '<span lang="ru"><mark>Заготовка</mark> камыша</span>' in html
    own = page(client, "/ru/search/", q="заготовка")
    assert "<mark>Заготовка</mark>" in own
    assert '<span lang="ru">' not in own


def test_a_word_within_another_is_not_said_to_be_in_another_language(client: Client) -> None:
    write_page("chet", {"uz": "Xorijga chiqish pasporti", "ru": "Загранпаспорт"})
    html = page(client, "/ru/search/", q="паспорт")
    assert "Загранпаспорт" in strip_tags(html)
    assert 'lang="uz-Latn"><mark>' not in html
    assert "Xorijga" not in html


def test_an_untranslated_result_says_its_language(client: Client, services: None) -> None:
    html = page(client, "/en/search/", q="pasport")
    assert '<h2 class="service-card__title" lang="uz-Latn">' in html


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("uz", ["", "ru", "en"]),
        ("uz-cyrl", ["", "ru", "en"]),
        ("ru", ["uz-Latn", "", "en"]),
        ("en", ["uz-Latn", "ru", ""]),
        ("kaa", ["uz-Latn", "ru", "en"]),
    ],
)
def test_each_result_says_its_language_where_it_is_another(
    client: Client, language: str, shown: list[str]
) -> None:
    for code, title in (("uz", "Viza tartibi"), ("ru", "Виза порядок"), ("en", "Viza order")):
        write_page(f"viza-{code}", {code: title})
    html = page(client, f"/{language}/search/", q="viza", type="document")
    titles = re.findall(r'__title"(?: lang="([\w-]+)")?><a href="/[\w-]+/viza-(\w+)/"', html)
    said = {code: lang for lang, code in titles}
    assert [said[code] for code in ("uz", "ru", "en")] == shown


def test_facets_are_links_that_narrow_and_widen(client: Client) -> None:
    make_agency("iiv", name={"uz": "Ichki ishlar vazirligi"})
    for key in ("iiv", "adliya-vazirligi"):
        write_page(key, {"uz": f"Pasport {key}"}, facets={("agency", key)})
    html = page(client, "/uz/search/", q="pasport")
    link = re.search(
        r'href="(\?q=pasport[^"]*agency=iiv)"[^>]*>([^<]*)<span class="count">1<', html
    )
    assert link
    assert "Ichki ishlar vazirligi" in link[2]
    narrowed = page(client, "/uz/search/" + link[1].replace("&amp;", "&"))
    assert "/uz/iiv/" in narrowed
    assert "/uz/adliya-vazirligi/" not in narrowed
    assert re.search(r'href="\?q=pasport&amp;type=all" aria-current="true"', narrowed)


def test_pages_stand_behind_their_kind(client: Client, services: None) -> None:
    html = page(client, "/uz/search/", q="Adliya vazirligi", type="agency")
    assert "/uz/idoralar/adliya-vazirligi/" in html
    assert "/uz/idoralar/adliya-vazirligi/pasport/" not in html


def test_pages_are_shown_where_no_service_fits(client: Client) -> None:
    write_page("suvoqava", {"uz": "Suvoqava qoidalari"})
    assert "/uz/suvoqava/" in page(client, "/uz/search/", q="Suvoqava")


def test_a_mistyped_word_is_offered_as_it_should_be(client: Client, services: None) -> None:
    html = page(client, "/uz/search/", q="biometirk")
    assert 'href="?q=biometrik' in html
    assert "Biometrik pasport berish" in strip_tags(html)
    cyrillic = page(client, "/uz-cyrl/search/", q="биометирк")
    assert "биометрик" in strip_tags(cyrillic)


def test_an_empty_result_helps(client: Client, services: None) -> None:
    html = page(client, "/uz/search/", q="fuqarolikka qqqq", agency="none")
    assert "?q=fuqarolikka+qqqq" in html
    assert "/uz/services/topic/civil-registration/" in html
    assert "/uz/aloqa/" in html


@pytest.mark.parametrize(
    "params",
    [
        {"q": "pasport", "page": "99999"},
        {"q": "pasport", "page": "-1"},
        {"q": "pasport", "agency": "a|type=page|", "for": "\x00", "free": "maybe", "type": "🙂"},
        {"q": "\x00\u202e'\"><script>alert(1)</script>", "more": "agency"},
        {"q": "   "},
        {"q": "% _ ! * ? ~ AND OR NOT (", "topic": "%"},
    ],
)
def test_a_hostile_address_is_answered(client: Client, params: dict[str, str]) -> None:
    write_page("pasport", {"uz": "Pasport"})
    html = page(client, "/uz/search/", **params)
    assert "<script>alert" not in html
