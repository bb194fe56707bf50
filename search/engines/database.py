"""Plans on SQLite and PostgreSQL: one statement over the covering index of postings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from search.engine import Candidate, Found
from search.models import SearchDocument, SearchPosting
from search.planning import Clause, Plan, Variant

_POSTINGS, _DOCUMENTS = SearchPosting._meta.db_table, SearchDocument._meta.db_table
Parameters = list[Any]


class DatabaseEngine:
    """Always there; what it finds is as fresh as the last commit."""

    name = "database"

    def execute(self, plan: Plan, *, window: int) -> Found:
        """The best candidates, best first, then the more popular."""
        if not plan.variants:
            return Found((), 0)
        matches, parameters = _matches(plan)
        facet_sets = {}
        if plan.query.with_facets:
            facet_sets = dict(_rows(f"{matches} {_COUNT_BY_SET}", parameters))
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
    "ON d.id = m.document GROUP BY d.facets"
)


def _rows(sql: str, parameters: Parameters) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _matches(plan: Plan) -> tuple[str, Parameters]:
    """`WITH … matched(document, score)`: all matches of a plan, unnarrowed but of its kind."""
    tables: list[str] = []
    parameters: Parameters = []
    for number, variant in enumerate(plan.variants):
        sql, own = _variant(variant, number, plan)
        tables.append(sql)
        parameters += own
    best = " UNION ALL ".join(
        f"SELECT document, score FROM variant{number}" for number in range(len(plan.variants))
    )
    kind = ""
    if plan.kind:
        kind = f" JOIN {_DOCUMENTS} d ON d.id = v.document WHERE d.kind = %s"
        parameters.append(plan.kind)
    if len(plan.variants) == 1:
        tables.append(f"matched AS (SELECT v.document, v.score FROM variant0 v{kind})")
    else:
        tables.append(
            "matched AS (SELECT v.document, MAX(v.score) AS score "
            f"FROM ({best}) v{kind} GROUP BY v.document)"
        )
    return "WITH " + ", ".join(tables), parameters


def _variant(variant: Variant, number: int, plan: Plan) -> tuple[str, Parameters]:
    """Scores of one variant: the sum of its words' best hits, times the share of words that hit."""
    clauses = [clause for clause in variant.clauses if clause.words]
    drivers = [clause for clause in variant.drivers(plan.documents) if clause.words] or clauses
    followers = [clause for clause in clauses if clause not in drivers]
    sql, parameters = _hits(drivers)
    tables = f"driven{number} AS ({sql})"
    hits = f"SELECT * FROM driven{number}"
    if followers:
        within = f"SELECT DISTINCT document FROM driven{number}"
        sql, own = _hits(followers, within)
        hits += f" UNION ALL {sql}"
        parameters += own
    scored = (
        f"variant{number} AS (SELECT document, "
        f"SUM(hit) * SUM(share) * {_float(f'{variant.worth:.4f}')} AS score "
        f"FROM ({hits}) h GROUP BY document)"
    )
    return f"{tables}, {scored}", parameters


def _hits(clauses: Sequence[Clause], within: str = "") -> tuple[str, Parameters]:
    """`SELECT document, hit, share`: a row for each document and clause that has it."""
    parts, parameters = [], []
    for clause in clauses:
        # CASE instead of a join: both databases then walk the index word by word.
        worths = " ".join(
            f"WHEN {word.id} THEN {worth:.5f}" for word, worth in clause.words.items()
        )
        words = ", ".join(str(word.id) for word in clause.words)
        only = f" AND document_id IN ({within})" if within else ""
        parts.append(
            "SELECT document_id AS document, "
            f"MAX(weight * {_float(f'CASE word_id {worths} END')}) AS hit, "
            f"{_float(f'{clause.share:.5f}')} AS share "
            f"FROM {_POSTINGS} WHERE word_id IN ({words}){only} GROUP BY document_id"
        )
    return " UNION ALL ".join(parts), parameters


def _float(sql: str) -> str:
    """PostgreSQL takes `0.5` for a decimal number, exact and slow."""
    return f"CAST({sql} AS double precision)"


def _narrowed(plan: Plan) -> tuple[str, Parameters]:
    """` WHERE …` for the chosen facets."""
    conditions, parameters = [], []
    for name, values in plan.query.filters.items():
        conditions.append("(" + " OR ".join(["d.facets LIKE %s ESCAPE '!'"] * len(values)) + ")")
        parameters += [f"%|{_escaped(name)}={_escaped(value)}|%" for value in sorted(values)]
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), parameters


def _escaped(text: str) -> str:
    return "".join(f"!{sign}" if sign in "!%_" else sign for sign in text)
