"""What is found, and in which order: the same bounds on SQLite, PostgreSQL and Elasticsearch."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import pytest

from search.engine import Answer
from tests.search import corpus

BEST = 10
#: Of the issue.
NDCG, FIRST, EMPTY, PHENOMENON, SYNONYM = 0.95, 0.90, 0.01, 0.85, 0.80

pytestmark = pytest.mark.django_db


def _keys(answer: Answer) -> list[str]:
    return [hit.slug for hit in answer.hits]


def _ndcg(found: list[str], grades: Mapping[str, int]) -> float:
    def gain(grade: int, place: int) -> float:
        return float((2**grade - 1) / math.log2(place + 2))

    best = sorted(grades.values(), reverse=True)[:BEST]
    reached = sum(gain(grades.get(key, 0), place) for place, key in enumerate(found[:BEST]))
    return reached / sum(gain(grade, place) for place, grade in enumerate(best))


@pytest.mark.every_database
def test_services_are_found_however_they_are_written(engine: str) -> None:
    """Scripts, spellings, endings, typos, languages: 120 queries for 22 services among 101."""
    records = corpus.dev_services()
    known = {record["slug"] for record in records}
    corpus.index([*records, *corpus.demo_services()])
    ask = corpus.asking(engine)
    scores: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
    misses = []
    for text, language, phenomenon, wanted in corpus.rows("queries.tsv"):
        grades = {key: int(grade) for key, grade in (w.split("=") for w in wanted.split())}
        found = [key for key in _keys(ask(text, language, limit=50)) if key in known]
        first = bool(found) and grades.get(found[0], 0) == 2
        scores[phenomenon].append((_ndcg(found, grades), first, not found))
        if not first:
            misses.append((phenomenon, text, found[:3]))
    everything = [score for some in scores.values() for score in some]
    assert len(everything) == 120
    assert sum(score[0] for score in everything) / 120 >= NDCG, misses
    assert sum(score[1] for score in everything) / 120 >= FIRST, misses
    assert sum(score[2] for score in everything) / 120 <= EMPTY, misses
    by_phenomenon = {name: sum(s[0] for s in some) / len(some) for name, some in scores.items()}
    low = {
        name: score
        for name, score in by_phenomenon.items()
        if score < (SYNONYM if name == "synonym" else PHENOMENON)
    }
    assert not low, misses


@pytest.mark.every_database
def test_everyday_words_find_services_that_do_not_have_them(engine: str) -> None:
    """By the shipped synonyms alone: the services' own are left out of the index."""
    corpus.index(corpus.demo_services(), with_synonyms=False)
    ask = corpus.asking(engine)
    scores, firsts, misses = [], [], []
    for text, language, wanted, *others in corpus.rows("everyday.tsv"):
        grades = {wanted: 2} | dict.fromkeys(others[0].split() if others else (), 1)
        found = _keys(ask(text, language, limit=50))
        scores.append(_ndcg(found, grades))
        firsts.append(bool(found) and found[0] in grades)
        if not firsts[-1]:
            misses.append((text, wanted, found[:3]))
    assert sum(scores) / len(scores) >= SYNONYM, misses
    assert sum(firsts) / len(firsts) >= SYNONYM, misses
