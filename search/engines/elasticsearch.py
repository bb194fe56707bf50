"""Plans on the node: the same sums as on the database, written as its queries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings

from search import node
from search.backends.elasticsearch import token, words_field
from search.engine import Candidate, EngineUnavailable, Found
from search.plans import Clause, Plan, Variant
from search.weights import WEIGHTS

#: More sets of facets than this are not counted.
_MOST_SETS = 10_000


class ElasticsearchEngine:
    """Raises EngineUnavailable where the node, its index, or a part of it is missing."""

    name = "elasticsearch"

    def execute(self, plan: Plan, *, window: int) -> Found:
        """The best candidates, best first, then the more popular."""
        if not plan.variants:
            return Found((), 0)
        aggregations = {"sets": {"terms": {"field": "facets", "size": _MOST_SETS}}}
        with node.watched() as client:
            node.require_index(client)
            answer = client.es.search(
                index=client.alias,
                query=_query(plan),
                post_filter=_narrowed(plan),
                aggregations=aggregations if plan.query.with_facets else None,
                size=window,
                sort=[{"_score": "desc"}, {"popularity": "desc"}, {"document": "asc"}],
                source=False,
                track_total_hits=True,
                # Half an answer is worse than the database's whole one.
                allow_partial_search_results=False,
                timeout=f"{int(settings.ELASTICSEARCH_TIMEOUT * 1000)}ms",
            )
            if answer["timed_out"]:
                raise EngineUnavailable("the node is too slow")
        hits = answer["hits"]
        return Found(
            tuple(Candidate(int(hit["_id"]), hit["_score"]) for hit in hits["hits"]),
            hits["total"]["value"],
            {
                bucket["key"]: bucket["doc_count"]
                for bucket in answer.get("aggregations", {}).get("sets", {}).get("buckets", ())
            },
        )


def _query(plan: Plan) -> dict[str, Any]:
    best = {"dis_max": {"queries": [_variant(variant, plan) for variant in plan.variants]}}
    if not plan.kind:
        return best
    return {"bool": {"must": best, "filter": {"term": {"kind": plan.kind}}}}


def _variant(variant: Variant, plan: Plan) -> dict[str, Any]:
    """Scores of one variant: the sum of its words' best hits, times the share of words that hit."""
    clauses = [clause for clause in variant.clauses if clause.words]
    drivers = [clause for clause in variant.drivers(plan.documents) if clause.words] or clauses
    followers = [clause for clause in clauses if clause not in drivers]
    hits = {
        "bool": {
            "must": {"bool": {"should": [_hits(clause) for clause in drivers]}},
            "should": [_hits(clause) for clause in followers],
            "filter": [_any_of(clause) for clause in variant.phrase[1:]],
        }
    }
    return {
        "function_score": {
            "query": hits,
            "functions": [
                {"filter": _any_of(clause), "weight": clause.share} for clause in clauses
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
            "boost": variant.worth,
        }
    }


def _hits(clause: Clause) -> dict[str, Any]:
    """The best of a clause's words in the best of its fields."""
    by_worth: dict[tuple[float, int], list[str]] = defaultdict(list)
    for word, worth in clause.words.items():
        by_worth[worth * clause.scale, clause.floor(word)].append(token(word.view, word.text))
    return {
        "dis_max": {
            "queries": [
                {
                    "constant_score": {
                        "filter": {"terms": {words_field(weight): tokens}},
                        "boost": worth * weight,
                    }
                }
                for (worth, floor), tokens in by_worth.items()
                for weight in WEIGHTS
                if weight >= floor
            ]
        }
    }


def _any_of(clause: Clause) -> dict[str, Any]:
    """Whether a document has any of a clause's words where they count."""
    by_floor: dict[int, list[str]] = defaultdict(list)
    for word in clause.words:
        by_floor[clause.floor(word)].append(token(word.view, word.text))
    fields = [
        {"terms": {name: tokens}}
        for floor, tokens in by_floor.items()
        for name in (
            [words_field(weight) for weight in WEIGHTS if weight >= floor] if floor else ["words"]
        )
    ]
    return fields[0] if len(fields) == 1 else {"bool": {"should": fields}}


def _narrowed(plan: Plan) -> dict[str, Any] | None:
    conditions = [
        {"terms": {"facet": [f"{name}={value}" for value in sorted(values)]}}
        for name, values in plan.query.filters.items()
    ]
    return {"bool": {"filter": conditions}} if conditions else None
