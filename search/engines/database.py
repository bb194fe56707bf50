"""Plans on SQLite and PostgreSQL: one statement over the covering index of postings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection

from search.corpora import Corpus
from search.engine import Candidate, Found
from search.models import SearchDocument
from search.planning import Clause, Plan

_DOCUMENTS = SearchDocument._meta.db_table
Parameters = list[Any]


class DatabaseEngine:
    """Always there; what it finds is as fresh as the last commit."""

    name = "database"

    def execute(self, plan: Plan, *, window: int) -> Found:
        """The best candidates, best first, then the more popular."""
        if not plan.variants:
            return Found((), 0)
        matches, parameters = matches_of(plan)
        facet_sets = {}
        if plan.query.with_facets:
            kind = " WHERE d.kind = %s" if plan.kind else ""
            counting = _COUNT_BY_SET.format(kind=kind)
            facet_sets = dict(
                _rows(f"{matches} {counting}", [*parameters, *filter(None, [plan.kind])])
            )
        chosen, narrowing = _narrowed(plan)
        rows = _rows(
            f"{matches} SELECT m.document, m.score, COUNT(*) OVER () FROM matched m "
            f"JOIN {_DOCUMENTS} d ON d.id = m.document{chosen} "
            "ORDER BY m.score DESC, d.popularity DESC, m.document LIMIT %s",
            [*parameters, *narrowing, window],
        )
        candidates = tuple(Candidate(document, score) for document, score, _total in rows)
        return Found(candidates, rows[0][2] if rows else 0, facet_sets)


_COUNT_BY_SET = (
    f"SELECT d.facets, COUNT(*) FROM matched m JOIN {_DOCUMENTS} d "
    "ON d.id = m.document{kind} GROUP BY d.facets"
)


def _rows(sql: str, parameters: Parameters) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def matches_of(plan: Plan, *, complete: bool = False) -> tuple[str, Parameters]:
    """`WITH … matched(document, score)`: all matches of a plan, of every kind.

    A variant scores the sum of its clauses' best hits, times the share of clauses that hit. Variants
    share most of their clauses, so the hits of each clause are looked up once for all of them.
    `complete`: only documents in which every clause of some variant hits.
    """
    clauses: dict[Clause, int] = {}
    told: list[str] = []
    leading: set[Clause] = set()
    for number, variant in enumerate(plan.variants):
        own = [clause for clause in variant.clauses if clause.words]
        drivers = [clause for clause in variant.drivers(plan.documents) if clause.words]
        leading.update(drivers or own)
        told += [
            f"({number}, {clauses.setdefault(clause, len(clauses))}, {clause.share:.5f}, "
            f"{variant.worth:.4f}, {len(variant.clauses)})"
            for clause in own
        ]
    tables = [f"v(variant, clause, share, worth, needed) AS (VALUES {', '.join(told)})"]
    tables.append(f"led AS MATERIALIZED ({_hits(plan.corpus, clauses, leading)})")
    hits = "led"
    if following := clauses.keys() - leading:
        within = "SELECT document FROM led"
        tables.append(
            f"followed AS MATERIALIZED ({_hits(plan.corpus, clauses, following, within)})"
        )
        hits = "(SELECT * FROM led UNION ALL SELECT * FROM followed)"
    all_of_them = " HAVING COUNT(*) >= MAX(v.needed)" if complete else ""
    tables.append(
        "scored AS (SELECT v.variant, h.document, "
        f"SUM(h.hit) * SUM({_float('v.share')}) * MAX({_float('v.worth')}) AS score "
        f"FROM v JOIN {hits} h ON h.clause = v.clause "
        f"GROUP BY v.variant, h.document{all_of_them})"
    )
    tables.append(
        "matched AS (SELECT s.document, MAX(s.score) AS score FROM scored s GROUP BY s.document)"
    )
    return "WITH " + ", ".join(tables), []


def _hits(
    corpus: Corpus, clauses: Mapping[Clause, int], chosen: Collection[Clause], within: str = ""
) -> str:
    """`SELECT clause, document, hit`: the best hit of each of these clauses in each document."""
    words = ", ".join(
        f"({clauses[clause]}, {word.id}, {worth:.5f})"
        for clause in chosen
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
        f"WHERE p.word_id = w.column2{only} GROUP BY w.column1, p.document_id"
    )


def _float(sql: str) -> str:
    """PostgreSQL takes `0.5` for a decimal number, exact and slow."""
    return f"CAST({sql} AS double precision)"


def _narrowed(plan: Plan) -> tuple[str, Parameters]:
    """` WHERE …` for the kind and the chosen facets."""
    conditions, parameters = [], []
    if plan.kind:
        conditions.append("d.kind = %s")
        parameters.append(plan.kind)
    for name, values in plan.query.filters.items():
        conditions.append("(" + " OR ".join(["d.facets LIKE %s ESCAPE '!'"] * len(values)) + ")")
        parameters += [f"%|{_escaped(name)}={_escaped(value)}|%" for value in sorted(values)]
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), parameters


def _escaped(text: str) -> str:
    return "".join(f"!{sign}" if sign in "!%_" else sign for sign in text)
