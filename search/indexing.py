"""What a service or a page is found by, and keeping that in step with what is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from core.links import page_path
from home.models import (
    AnnouncementPage,
    ContactPage,
    InformationPage,
    LegalDocumentPage,
    SectionPage,
)
from search import store
from search.models import SearchDocument
from search.store import Content, Field
from search.vocabulary import recount
from search.weights import AGENCY, DETAIL, SUMMARY, SYNONYM, TITLE
from service_pages import passport
from service_pages.models import (
    AgencyPage,
    CatalogueEntry,
    CatalogueFacet,
    Service,
    ServiceFigures,
)

#: More text of a document, such as that of its files: (kind, key) → fields.
TextSource = Callable[[str, str], Iterable[Field]]
_sources: list[TextSource] = []

#: Page types that people look for beside services.
PAGE_KINDS: dict[str, type[Any]] = {
    "agency": AgencyPage,
    "section": SectionPage,
    "page": InformationPage,
    "contact": ContactPage,
    "document": LegalDocumentPage,
    "announcement": AnnouncementPage,
}


def register_text(source: TextSource) -> None:
    """Have more text indexed with each document: `source(kind, key)` gives its fields."""
    if source not in _sources:
        _sources.append(source)


def _fields(weight: int, value: Any, language: str = "uz") -> Iterator[Field]:
    """(weight, language, text) of a text map, of a map of lists of texts, or of a plain text."""
    if isinstance(value, dict):
        for code, part in value.items():
            yield from _fields(weight, part, code)
    elif isinstance(value, list):
        for part in value:
            yield from _fields(weight, part, language)
    elif isinstance(value, str) and value:
        yield weight, language, value


def _more(kind: str, key: str) -> list[Field]:
    return [field for source in _sources for field in source(kind, key)]


def index_service(service: Service) -> bool:
    """Index a service from its published passport; whether anything changed.

    A service that is not published leaves the index.
    """
    entries = list(CatalogueEntry.objects.filter(service=service))
    current = passport.current(service)
    if current is None or not entries:
        return bool(store.remove("service", [service.key]))
    content = current.content
    fields = [
        *_fields(TITLE, content["title"]),
        *_fields(SYNONYM, content["synonyms"]),
        *_fields(SYNONYM, content.get("keywords") or ""),
        *_fields(SUMMARY, content["summary"]),
        *_fields(SUMMARY, content["result"]),
        *_fields(AGENCY, service.agency.name),
        *_more("service", service.key),
    ]
    for rows, name in (("documents", "name"), ("steps", "action"), ("legal_bases", "title")):
        fields += [field for row in content[rows] for field in _fields(DETAIL, row[name])]
    figures = ServiceFigures.objects.filter(service=service).first()
    return store.write(
        Content(
            kind="service",
            key=service.key,
            service=service,
            titles={entry.language: entry.title for entry in entries},
            paths={entry.language: entry.path for entry in entries},
            fields=fields,
            facets=_facets(service, entries[0]),
            popularity=figures.popularity if figures else 0,
            codes=_codes(service, content),
        )
    )


def _facets(service: Service, entry: CatalogueEntry) -> set[tuple[str, str]]:
    facets = set(CatalogueFacet.objects.filter(service=service).values_list("kind", "key"))
    return facets | {
        ("agency", service.agency.key),
        ("online", "yes" if entry.is_online else "no"),
        ("free", "yes" if entry.is_free else "no"),
    }


def _codes(service: Service, content: dict[str, Any]) -> set[str]:
    numbers = {str(row["number"]) for row in content["legal_bases"] if row.get("number")}
    numbers |= {service.registry_number, str(service.external_id or "")}
    return numbers - {""}


def index_pages() -> int:
    """Index all published pages that are no services; how many changed."""
    changed = 0
    for kind in PAGE_KINDS:
        groups: dict[str, list[Any]] = {}
        for page in _published(kind).iterator(chunk_size=500):
            groups.setdefault(str(page.translation_key), []).append(page)
        for key, pages in groups.items():
            changed += _index_group(kind, key, pages)
        present = SearchDocument.objects.filter(kind=kind).values_list("key", flat=True)
        changed += store.remove(kind, set(present) - groups.keys())
    return changed


def _published(kind: str) -> Any:
    model = PAGE_KINDS[kind]
    pages = model.objects.live().filter(alias_of__isnull=True).select_related("locale")
    return pages.select_related("agency") if kind == "agency" else pages


def index_page(page: Any) -> bool:
    """Index a page with its translations after a change of one; whether anything changed."""
    kind = next((kind for kind, model in PAGE_KINDS.items() if type(page) is model), None)
    if kind is None:
        return False
    key = str(page.translation_key)
    pages = list(_published(kind).filter(translation_key=page.translation_key))
    return _index_group(kind, key, pages) if pages else bool(store.remove(kind, [key]))


def _index_group(kind: str, key: str, pages: Iterable[Any]) -> bool:
    """Index one page in the languages it is published in."""
    titles: dict[str, str] = {}
    paths: dict[str, str] = {}
    fields: list[Field] = _more(kind, key)
    facets: set[tuple[str, str]] = set()
    codes: set[str] = set()
    for page in pages:
        code = page.locale.language_code
        titles[code], paths[code] = page.title, page_path(page.url_path, code)
        fields += _fields(TITLE, page.title, code)
        fields += _fields(SUMMARY, getattr(page, "summary", ""), code)
        if isinstance(page, AgencyPage):
            facets.add(("agency", page.agency.key))
            fields += _fields(TITLE, page.agency.name)
            for row in page.agency.former_names.all():
                fields += _fields(SYNONYM, row.name)
        if number := getattr(page, "number", ""):
            codes.add(number)
            fields += _fields(TITLE, number, code)
    content = Content(
        kind=kind, key=key, titles=titles, paths=paths, fields=fields, facets=facets, codes=codes
    )
    return store.write(content)


def reconcile() -> tuple[int, int]:
    """Bring the tables in step with what is published; (services, pages) changed."""
    services = sum(
        index_service(service)
        for service in Service.objects.select_related("agency").iterator(chunk_size=500)
    )
    pages = index_pages()
    if services or pages:
        recount()
    return services, pages
