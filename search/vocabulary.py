"""The vocabulary: which words documents have, how many have each, and words near to a mistyped one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from search import spelling
from search.corpora import PUBLIC, Corpus
from search.weights import AGENCY, SYNONYM

#: (view, text)
Place = tuple[str, str]
#: (primary key, view, text, frequency, surface, in titles, in summaries)
_Row = tuple[int, str, str, int, str, int, int]

#: A frequency from the last count is believed from here on; smaller ones are counted anew, so that
#: no change of a document has to write a count that all others write too. What is believed decides
#: how much a word counts, not whether it is found.
_BELIEVED = 5
_MOST_NEAR = 300
#: So many documents are counted once in so many seconds: the number weighs words, nothing more.
_MANY, _MOMENT = 2000, 60


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the vocabulary."""

    id: int
    view: str
    text: str
    frequency: int
    surface: str = ""
    #: Documents that have it in a title; in a title or summary. As of the last count.
    in_titles: int = 0
    in_summaries: int = 0


def documents(corpus: Corpus = PUBLIC) -> int:
    """How many documents there are; of many, how many there were a moment ago."""
    key = f"search:documents:{corpus.documents._meta.db_table}"
    found: int | None = cache.get(key)
    if found is None:
        found = corpus.documents.objects.count()
        if found >= _MANY:
            cache.set(key, found, _MOMENT)
    return found


def known(places: Collection[Place], corpus: Corpus = PUBLIC) -> dict[Place, Word]:
    """Those of these words that some document has."""
    by_view: dict[str, list[str]] = defaultdict(list)
    for view, text in places:
        by_view[view].append(text)
    wanted = Q()
    for view, texts in by_view.items():
        wanted |= Q(view=view, text__in=texts)
    if not wanted:
        return {}
    words = _counted(corpus.words.objects.filter(wanted).values_list(*_COLUMNS), corpus)
    return {(word.view, word.text): word for word in words}


def beginning_with(beginning: str, most: int, corpus: Corpus = PUBLIC) -> list[Word]:
    """Words (as written) that begin so, those of the most titles first."""
    # "{" is the sign after "z" in ASCII, and folded words are [a-z0-9].
    words = corpus.words.objects.filter(view="e", text__gte=beginning, text__lt=beginning + "{")
    return _counted(
        words.order_by("-in_titles", "-frequency", "text").values_list(*_COLUMNS)[:most], corpus
    )


def near(
    texts: Iterable[str], view: str, corpus: Corpus = PUBLIC, most: int | None = None
) -> list[tuple[int, Word]]:
    """(errors, word): words of a view that a mistyped one may stand for, the nearest first.

    `most`: so many errors are allowed, where not as many as the word's length allows.
    """
    best: dict[str, tuple[int, Word]] = {}
    for text in dict.fromkeys(texts):
        limit = most or spelling.errors_allowed(text)
        if not limit:
            continue
        # Not joined with the words: SQLite would walk all of these.
        rows = (
            corpus.grams.objects.filter(gram__in=spelling.keys(text))
            .order_by()
            .values("word_id")
            .annotate(shared=Count("gram"))
            .order_by("-shared")[:_MOST_NEAR]
        )
        ids = [row["word_id"] for row in rows]
        close = corpus.words.objects.filter(pk__in=ids, view=view).values_list(*_COLUMNS)
        for word in _counted(_nearest(close, text, limit), corpus):
            errors = spelling.distance(text, word.text, limit)
            if errors <= limit and (word.text not in best or errors < best[word.text][0]):
                best[word.text] = (errors, word)
    return sorted(best.values(), key=lambda pair: (pair[0], -pair[1].frequency, pair[1].text))


def _nearest(rows: Iterable[_Row], text: str, most: int) -> list[_Row]:
    """Those few that are so near: only they need to be counted."""
    return [row for row in rows if spelling.distance(text, row[2], most) <= most]


_COLUMNS = ("pk", "view", "text", "frequency", "surface", "in_titles", "in_summaries")


def _counted(rows: Iterable[_Row], corpus: Corpus) -> list[Word]:
    """Words that documents have now, with fresh counts of the rarer ones."""
    read = list(rows)
    rare = [row[0] for row in read if row[3] < _BELIEVED]
    fresh = dict(
        corpus.postings.objects.filter(word__in=rare)
        .order_by()
        .values_list("word_id")
        .annotate(Count("document"))
        if rare
        else ()
    )
    words = (
        Word(
            row[0], row[1], row[2], fresh.get(row[0], 0) if row[3] < _BELIEVED else row[3], *row[4:]
        )
        for row in read
    )
    return [word for word in words if word.frequency]


def recount(corpus: Corpus = PUBLIC) -> None:
    """Count all words anew. Words that no document has any more stay, with none."""
    words, postings = corpus.words._meta.db_table, corpus.postings._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {words} SET frequency = counted.documents, "  # noqa: S608 - own tables
            "in_titles = counted.titles, in_summaries = counted.summaries FROM "
            "(SELECT word_id, COUNT(*) AS documents, "
            f"SUM(CASE WHEN weight >= {SYNONYM} THEN 1 ELSE 0 END) AS titles, "
            f"SUM(CASE WHEN weight >= {AGENCY} THEN 1 ELSE 0 END) AS summaries "
            f"FROM {postings} GROUP BY word_id) AS counted "
            f"WHERE counted.word_id = {words}.id AND (counted.documents <> {words}.frequency "
            f"OR counted.titles <> {words}.in_titles OR counted.summaries <> {words}.in_summaries)"
        )
    gone = ~Exists(corpus.postings.objects.filter(word=OuterRef("pk")))
    corpus.words.objects.filter(gone, frequency__gt=0).update(
        frequency=0, in_titles=0, in_summaries=0
    )
