"""One entry for every search: what people type in any script, language and spelling → an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from core.links import in_language
from core.texts import pick, pick_with_language
from languages import registry
from search import correcting, engines, planning, ranking
from search.engine import FACETS, Answer, Facet, FacetValue, Filters, Hit, Query, Terms
from search.models import SearchDocument
from search.plans import Plan, Variant
from service_pages.models import CatalogueEntry

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
        hits=tuple(_shown(order[query.offset : query.offset + query.limit], plan)),
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


def _shown(page: Sequence[int], plan: Plan) -> list[Hit]:
    language = plan.query.language
    documents = SearchDocument.objects.only("kind", "titles", "paths", "service").in_bulk(page)
    entries = {
        entry.service_id: entry
        for entry in CatalogueEntry.objects.filter(
            language=language,
            service__in=[row.service_id for row in documents.values() if row.service_id],
        )
        .select_related("agency", "service")
        .only("title", "text_language", "path", "summary", "agency__name", "service__key")
    }
    hits = []
    for pk in page:
        document = documents.get(pk)
        if document is None:
            continue
        entry = entries.get(document.service_id) if document.service_id else None
        if entry is not None:
            hits.append(
                Hit(
                    kind="service",
                    slug=entry.service.key,
                    title=entry.title,
                    lang=registry.by_code(entry.text_language).bcp47,
                    url=entry.path,
                    agency=pick(entry.agency.name, language) or None,
                    summary=entry.summary,
                    document_id=pk,
                    service_id=document.service_id,
                )
            )
            continue
        title, code = pick_with_language(document.titles, language)
        path = document.paths.get(language)
        if not path:
            # Without a text in the language the page has an alias there, at the same address.
            known = document.paths.get(registry.SOURCE) or next(iter(document.paths.values()), "/")
            path = in_language(known, language)
        hits.append(
            Hit(
                kind=document.kind,
                slug=path.rstrip("/").rsplit("/", 1)[-1],
                title=title,
                lang=registry.by_code(code).bcp47,
                url=path,
                agency=None,
                summary="",
                document_id=pk,
                service_id=None,
            )
        )
    return hits
