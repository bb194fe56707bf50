"""What readers see of what was found, in their language as far as it has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.links import in_language
from core.texts import pick, pick_with_language
from languages import registry
from search.engine import Hit
from search.models import SearchDocument
from service_pages.models import CatalogueEntry


def of_documents(page: Sequence[int], language: str) -> Iterator[Hit]:
    """Hits for rows of the index, in their order; what is gone by now is left out."""
    documents = SearchDocument.objects.only("kind", "titles", "paths", "service").in_bulk(page)
    entries = catalogue((row.service_id for row in documents.values() if row.service_id), language)
    for pk in page:
        document = documents.get(pk)
        if document is None:
            continue
        entry = entries.get(document.service_id or 0)
        yield of_entry(entry, document) if entry else _of_page(document, language)


def catalogue(services: Iterable[int], language: str) -> Mapping[int, CatalogueEntry]:
    """Service → what lists show of it, for those that are published."""
    entries = (
        CatalogueEntry.objects.filter(language=language, service__in=list(services))
        .select_related("agency", "service")
        .only(
            "language", "title", "text_language", "path", "summary", "agency__name", "service__key"
        )
    )
    return {entry.service_id: entry for entry in entries}


def of_entry(entry: CatalogueEntry, document: SearchDocument | None = None) -> Hit:
    """The hit of a service, with its row of the index where it was found by its words."""
    return Hit(
        kind="service",
        slug=entry.service.key,
        title=entry.title,
        lang=registry.by_code(entry.text_language).bcp47,
        url=entry.path,
        agency=pick(entry.agency.name, entry.language) or None,
        summary=entry.summary,
        titles=document.titles if document else {},
        service_id=entry.service_id,
    )


def _of_page(document: SearchDocument, language: str) -> Hit:
    title, code = pick_with_language(document.titles, language)
    path = document.paths.get(language)
    if not path:
        # Without a text in the language the page has an alias there, at the same address.
        known = document.paths.get(registry.SOURCE) or next(iter(document.paths.values()), "/")
        path = in_language(known, language)
    return Hit(
        kind=document.kind,
        slug=path.rstrip("/").rsplit("/", 1)[-1],
        title=title,
        lang=registry.by_code(code).bcp47,
        url=path,
        titles=document.titles,
    )
