"""Words that many documents have: where they say much of one they lead to it, elsewhere they do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.core.cache import cache

from search import clauses, node, vocabulary
from search.engine import Answer
from search.models import SearchDocument
from tests.search import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

#: In all summaries; in two titles.
COMMON = "arxiv"


@pytest.fixture
def ask(engine: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Searching thirty services, of which eight are many."""
    monkeypatch.setattr(clauses, "_WORTH_A_LOOK", 8)
    monkeypatch.setattr(clauses, "_PAGE", 2)
    corpus.index(
        [
            {
                "key": f"s{number}",
                "title": {"uz": f"{corpus.word(number)} {COMMON if number < 2 else ''}"},
                "summary": {"uz": f"{COMMON} daryo"},
            }
            for number in range(30)
        ]
    )
    return partial(corpus.asking(engine), limit=50)


def test_a_common_word_leads_to_titles(ask: Callable[..., Answer]) -> None:
    answer = ask(COMMON)
    assert {hit.slug for hit in answer.hits} == {"s0", "s1"}
    assert answer.total == 2


def test_one_that_no_title_has_leads_to_all(ask: Callable[..., Answer]) -> None:
    assert ask("daryo").total == 30


def test_beside_a_rare_word_it_decides_nothing(ask: Callable[..., Answer]) -> None:
    answer = ask(f"{corpus.word(7)} {COMMON}")
    assert answer.hits[0].slug == "s7"
    assert {hit.slug for hit in answer.hits} <= {"s7", "s0", "s1"}


def test_counts_of_facets_are_those_of_what_is_found(ask: Callable[..., Answer]) -> None:
    answer = ask(COMMON, with_facets=True)
    kinds = next(facet for facet in answer.facets if facet.name == "type")
    assert [(value.key, value.count) for value in kinds.values] == [("service", 2)]


def test_beginnings_of_many_words_lead_to_titles(ask: Callable[..., Answer]) -> None:
    """`ar` begins one word that all have: of it, titles alone."""
    assert {hit.slug for hit in ask("ar", typing=True).hits} == {"s0", "s1"}


def test_the_most_popular_of_equals_come_first(ask: Callable[..., Answer]) -> None:
    SearchDocument.objects.filter(key="s1").update(popularity=90)
    if node.is_configured():
        node.rebuild()
    assert [hit.slug for hit in ask(COMMON).hits] == ["s1", "s0"]


def test_many_documents_are_counted_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are counted at each search: the second of two makes a difference."""
    cache.clear()
    corpus.index([{"key": "one", "title": {"uz": "Bir"}}])
    assert vocabulary.documents() == 1
    corpus.index([{"key": "two", "title": {"uz": "Ikki"}}])
    assert vocabulary.documents() == 2
    monkeypatch.setattr(vocabulary, "_MANY", 2)
    assert vocabulary.documents() == 2
    SearchDocument.objects.filter(key="two").delete()
    assert vocabulary.documents() == 2
    cache.clear()
