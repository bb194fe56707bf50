"""One entry for every search: what people type in any script, language and spelling → an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from search import correcting, engines, hits, planning, ranking
from search.engine import FACETS, Answer, Facet, FacetValue, Filters, Query, Terms
from search.plans import Plan, Variant

#: So many candidates of an engine are ordered anew by their titles.
_WINDOW = 60


def find(query: Query) -> Answer:
    """Find what a reader asks for. Pages, the API and suggestions call this and nothing else."""
    plan = planning.plan(query)
    found, engine, degraded = engines.execute(plan, window=max(_WINDOW, query.offset + query.limit))
    ranked = ranking.rank(plan, found.candidates[:_WINDOW])
    # What lies behind the window keeps the engine's order.
    order = [one.document_id for one in ranked]
    order += [candidate.document_id for candidate in found.candidates[_WINDOW:]]
    return Answer(
        query=query,
        total=found.total,
        hits=tuple(
            hits.of_documents(order[query.offset : query.offset + query.limit], query.language)
        ),
        facets=_facets(found.facet_sets, query.filters),
        corrections=plan.corrections,
        did_you_mean=correcting.meant(query, plan.corrections),
        terms=_terms(plan, plan.variants[:1]),
        widened=_terms(plan, plan.variants),
        degraded=degraded,
        engine=engine,
    )


def _terms(plan: Plan, variants: Sequence[Variant]) -> Terms:
    words = [word for variant in variants for clause in variant.clauses for word in clause.words]
    return Terms(
        exact=frozenset(word.text for word in words if word.view == "e"),
        stems=frozenset(word.text for word in words if word.view == "s"),
        keys=frozenset(word.text for word in words if word.view == "k"),
        beginning=plan.beginning,
    )


def _facets(sets: Mapping[str, int], filters: Filters) -> tuple[Facet, ...]:
    """Count the values of each facet among what the other facets' choices leave."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for text, number in sets.items():
        pairs = [part.split("=", 1) for part in text.strip("|").split("|")]
        has = {(name, value) for name, value in pairs}
        unmet = {
            name
            for name, chosen in filters.items()
            if not any((name, value) in has for value in chosen)
        }
        for name, value in has:
            if name in counts and not unmet - {name}:
                counts[name][value] += number
    return tuple(
        Facet(
            name,
            tuple(
                FacetValue(value, number, value in filters.get(name, ()))
                for value, number in sorted(counter.items(), key=lambda item: (-item[1], item[0]))
            ),
        )
        for name, counter in counts.items()
        if counter
    )
