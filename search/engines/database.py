"""Plans on SQLite and PostgreSQL: one statement over the covering index of postings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from search.corpora import Corpus
from search.engine import Candidate, Found
from search.models import SearchDocument
from search.plans import Clause, Plan

_DOCUMENTS = SearchDocument._meta.db_table
#: Among equals, so many of the most popular documents come first; the others as they are.
_MOST_POPULAR = 1000
Parameters = list[Any]


class DatabaseEngine:
    """Always there; what it finds is as fresh as the last commit."""

    name = "database"

    def execute(self, plan: Plan, *, window: int) -> Found:
        """The best candidates, best first, then the more popular."""
        if not plan.variants:
            return Found((), 0)
        of_kind, kind = _of_kind(plan)
        chosen, narrowing = _narrowed(plan)
        statement = (
            f"{matches_of(plan)}, popular AS (SELECT id, popularity FROM {_DOCUMENTS} WHERE popularity > 0 "
            "ORDER BY popularity DESC LIMIT %s), best AS ("
            "SELECT m.document, m.score, COUNT(*) OVER () AS number, ROW_NUMBER() OVER ("
            "ORDER BY m.score DESC, COALESCE(popular.popularity, 0) DESC, m.document) AS place "
            "FROM matched m "
            f"LEFT JOIN popular ON popular.id = m.document WHERE {of_kind}{chosen} "
            "ORDER BY place LIMIT %s) SELECT place, document, score, number, NULL FROM best"
        )
        parameters = [_MOST_POPULAR, *kind, *narrowing, window]
        if plan.query.with_facets:
            # In one statement: finding the matches costs most of it.
            statement += (
                " UNION ALL SELECT 0, NULL, NULL, COUNT(*), d.facets FROM matched m "
                f"JOIN {_DOCUMENTS} d ON d.id = m.document WHERE {of_kind} GROUP BY d.facets"
            )
            parameters += kind
        found = rows(statement, parameters)
        best = sorted(row for row in found if row[0])
        return Found(
            tuple(Candidate(document, score) for _place, document, score, *_ in best),
            best[0][3] if best else 0,
            {facets: number for place, *_, number, facets in found if not place},
        )


def rows(sql: str, parameters: Parameters) -> list[Any]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def matches_of(plan: Plan, *, complete: bool = False) -> str:
    """`WITH … matched(document, score)`: all matches of a plan, of every kind.

    A variant scores the sum of its clauses' best hits, times the share of clauses that hit. Variants
    share most of their clauses, so the hits of each clause are looked up once for all of them.
    `complete`: only documents in which every clause of some variant hits.
    """
    #: Clauses that hit alike → their number and one of them.
    clauses: dict[int, tuple[int, Clause]] = {}
    told: list[str] = []
    leading: set[int] = set()
    for number, variant in enumerate(plan.variants):
        own = [clause for clause in variant.clauses if clause.words]
        drivers = [clause for clause in variant.drivers(plan.documents) if clause.words]
        leading.update(clause.hits for clause in drivers or own)
        for clause in own:
            place, _same = clauses.setdefault(clause.hits, (len(clauses), clause))
            told.append(
                f"({number}, {place}, {clause.share:.5f}, {clause.scale:.5f}, "
                f"{variant.worth:.4f}, {len(variant.clauses)}, {int(clause in variant.phrase)}, "
                f"{len(variant.phrase)})"
            )
    tables = [
        f"v(variant, clause, share, scale, worth, needed, said, phrase) AS (VALUES {', '.join(told)})"
    ]
    led = [pair for key, pair in clauses.items() if key in leading]
    tables.append(f"led AS MATERIALIZED ({_hits(plan.corpus, led)})")
    hits = "led"
    if following := [pair for key, pair in clauses.items() if key not in leading]:
        within = "SELECT document FROM led"
        tables.append(f"followed AS MATERIALIZED ({_hits(plan.corpus, following, within)})")
        hits = "(SELECT * FROM led UNION ALL SELECT * FROM followed)"
    whole = "SUM(v.said) >= MAX(v.phrase)"
    all_of_them = f"COUNT(*) >= MAX(v.needed) AND {whole}" if complete else whole
    tables.append(
        "scored AS (SELECT v.variant, h.document, "
        f"SUM(h.hit * {_float('v.scale')}) * SUM({_float('v.share')}) "
        f"* MAX({_float('v.worth')}) AS score "
        f"FROM v JOIN {hits} h ON h.clause = v.clause "
        f"GROUP BY v.variant, h.document HAVING {all_of_them})"
    )
    tables.append(
        "matched AS (SELECT s.document, MAX(s.score) AS score FROM scored s GROUP BY s.document)"
    )
    return "WITH " + ", ".join(tables)


def _hits(corpus: Corpus, clauses: Iterable[tuple[int, Clause]], within: str = "") -> str:
    """`SELECT clause, document, hit`: the best hit of each of these clauses in each document."""
    words = ", ".join(
        f"({number}, {word.id}, {worth:.5f}, {clause.floor(word)})"
        for number, clause in clauses
        for word, worth in clause.words.items()
    )
    postings = corpus.postings._meta.db_table
    # `+ 0`: PostgreSQL takes the documents of a CTE for a handful, and would read all words of each.
    only = f" AND p.document_id + 0 IN ({within})" if within else ""
    # CROSS JOIN keeps SQLite's order: it walks the covering index word by word.
    return (
        f"SELECT w.column1 AS clause, p.document_id AS document, "
        f"MAX(p.weight * {_float('w.column3')}) AS hit "
        f"FROM (VALUES {words}) AS w CROSS JOIN {postings} p "
        f"WHERE p.word_id = w.column2 AND p.weight >= w.column4{only} "
        "GROUP BY w.column1, p.document_id"
    )


def _float(sql: str) -> str:
    """PostgreSQL takes `0.5` for a decimal number, exact and slow."""
    return f"CAST({sql} AS double precision)"


def _of_kind(plan: Plan) -> tuple[str, Parameters]:
    """The condition that `m.document` is of the wanted kind.

    Those of other kinds are few: looking up each match would cost more than finding it.
    """
    if not plan.kind:
        return "1 = 1", []
    others = f"SELECT id FROM {_DOCUMENTS} WHERE kind < %s OR kind > %s"
    return f"m.document NOT IN ({others})", [plan.kind, plan.kind]


def _narrowed(plan: Plan) -> tuple[str, Parameters]:
    """` AND …` for the chosen facets."""
    conditions, parameters = [], []
    for name, values in plan.query.filters.items():
        conditions.append("(" + " OR ".join(["d.facets LIKE %s ESCAPE '!'"] * len(values)) + ")")
        parameters += [f"%|{_escaped(name)}={_escaped(value)}|%" for value in sorted(values)]
    if not conditions:
        return "", []
    fitting = f"SELECT d.id FROM {_DOCUMENTS} d WHERE {' AND '.join(conditions)}"
    return f" AND m.document IN ({fitting})", parameters


def _escaped(text: str) -> str:
    return "".join(f"!{sign}" if sign in "!%_" else sign for sign in text)
