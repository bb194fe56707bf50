"""Whatever is typed, search answers or says what is wrong: on every engine, in bounded time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from search import node, planning
from search.engine import Query
from tests.search import corpus

pytestmark = pytest.mark.django_db

HOSTILE = [
    "x" * 10_240,
    "ж" * 200,
    " ".join(["pasport"] * 25),
    " ".join("abcdefghijklmnopqrstuvwxyz" * 3),
    "\x00\x01\x02\x1b[31m\x7f",
    "pas\x00port",
    "+pasport -viza && || ! ( ) { } [ ] ^ \" ~ * ? : \\ /",
    'title:"pasport" AND (kind:[* TO *]) OR _exists_:words~2^10',
    "*", "?", "pas*", "*port", "p?sport*", "%", "_", "pas%", "%' ESCAPE '!",
    "\u202e\u202dtropsap", "جواز سفر", "\u200f\u200e", "😀", "👩‍👩‍👧‍👦 pasport", "𝓹𝓪𝓼𝓹𝓸𝓻𝓽",
    "' OR 1=1 --", "'; DROP TABLE search_searchdocument; --", '" UNION SELECT 1', "{}", "%(x)s %s %d",
    "<script>alert(1)</script>", "javascript:alert(1)", "{{ 7*7 }}{% debug %}", "../../etc/passwd",
    "\ud7ff", "\ufffe\uffff", "e\u0301" * 50, "ʻʼ‘’`´'" * 20, "-" * 200, "1" * 200, "İIıi",
    "a\u0300" * 100, "\n\r\t pasport \n", "０１２３", "ﬁ", "ß", "Ⅷ", "½", "\u00ad" * 100, "\ufeff",
]  # fmt: skip


@pytest.fixture
def portal(engine: str, client: Client) -> Client:
    """A portal with a few services, whose searches the database or the node answers."""
    corpus.index(corpus.dev_services()[:5])
    if engine == "elasticsearch":
        node.rebuild()
    return client


@pytest.mark.every_database
def test_no_query_is_an_error_of_ours(portal: Client) -> None:
    for path in ("/api/search/", "/api/suggest/", reverse("search:results")):
        for text in HOSTILE:
            status = portal.get(path, {"q": text, "type": "all"}).status_code
            assert status in {200, 400}, (path, text[:40])


@pytest.mark.every_database
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=120))
def test_no_text_is_an_error_of_ours(portal: Client, text: str) -> None:
    assert portal.get("/api/search/", {"q": text}).status_code in {200, 400}


@pytest.mark.every_database
@pytest.mark.parametrize("text", ["😀", "***", "'"])
def test_what_has_no_words_finds_nothing(portal: Client, text: str) -> None:
    body = portal.get("/api/search/", {"q": text}).json()
    assert (body["query"], body["total"]) == (text, 0)


@pytest.mark.every_database
def test_a_long_query_makes_a_bounded_plan(portal: Client) -> None:
    """Many words, each with many readings: what the engine is asked stays small."""
    words = "pasport guvohnoma ruxsatnoma litsenziya maʼlumotnoma ariza nafaqa propiska uy soliq"
    made = planning.plan(Query(f"{words} {words}"[:200]))
    assert 3 < len(made.variants) <= 6
    assert len(planning.plan(replace(made.query, typing=True)).variants) <= 3
    assert max(len(variant.clauses) for variant in made.variants) <= 16
    assert portal.get("/api/search/", {"q": f"{words} {words}"[:200]}).status_code == 200


@pytest.mark.every_database
def test_gibberish_is_guessed_at_within_bounds(
    portal: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for text in ("bdfg" * 50, " ".join(f"bdfgjklmnp{letter}rst" for letter in "abcdefghij")):
        with django_assert_max_num_queries(80):
            assert portal.get("/api/search/", {"q": text[:200]}).status_code == 200
