"""What a service or a page is found by, and keeping that in step with what is published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from core.links import page_path
from home.models import (
    AnnouncementPage,
    ContactPage,
    InformationPage,
    LegalDocumentPage,
    SectionPage,
)
from search import describing, filling, store
from search.describing import fields_of
from search.models import SearchDocument
from search.store import Content, Field
from search.vocabulary import recount
from search.weights import SUMMARY, SYNONYM, TITLE
from service_pages.models import AgencyPage, Service

_BATCH = 500

#: More text of documents, such as that of their files: (kind, keys) → key → fields.
TextSource = Callable[[str, Collection[str]], Mapping[str, Iterable[Field]]]
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


def kind_of(page: Any) -> str | None:
    """The kind of a page that is no service; None where such pages are not indexed."""
    return next((kind for kind, model in PAGE_KINDS.items() if type(page) is model), None)


def register_text(source: TextSource) -> None:
    """Have more text indexed with each document: `source(kind, keys)` gives the fields by key."""
    if source not in _sources:
        _sources.append(source)


def _more(kind: str, keys: Collection[str]) -> dict[str, list[Field]]:
    more: dict[str, list[Field]] = {key: [] for key in keys}
    for source in _sources:
        for key, fields in source(kind, keys).items():
            more[key] += fields
    return more


def index_service(service: Service) -> bool:
    """Index a service from its published passport; whether anything changed.

    A service that is not published leaves the index.
    """
    content = _contents([service]).get(service.pk)
    if content is None:
        return bool(store.remove("service", [service.key]))
    return store.write(content)


def _contents(services: Sequence[Service]) -> dict[int, Content]:
    """What the published of these services are found by, with the text of their sources."""
    contents = describing.services(services)
    more = _more("service", [content.key for content in contents.values()])
    for content in contents.values():
        content.fields = [*content.fields, *more[content.key]]
    return contents


def index_services() -> int:
    """Bring all services in step; how many changed. What nobody has indexed yet goes in at once."""
    changed = 0
    services = Service.objects.select_related("agency").order_by("pk")
    rows = services.iterator(chunk_size=_BATCH)
    while batch := list(islice(rows, _BATCH)):
        contents = _contents(batch)
        known = {
            service: (key, digest)
            for service, key, digest in SearchDocument.objects.filter(
                service__in=batch
            ).values_list("service_id", "key", "content_hash")
        }
        changed += filling.add(content for pk, content in contents.items() if pk not in known)
        for pk, state in known.items():
            if pk not in contents:
                changed += store.remove("service", [state[0]])
            elif contents[pk].state != state:
                changed += store.write(contents[pk])
    orphans = SearchDocument.objects.filter(kind="service", service=None)
    return changed + store.remove("service", list(orphans.values_list("key", flat=True)))


def index_pages() -> int:
    """Index all published pages that are no services; how many changed."""
    changed = 0
    for kind in PAGE_KINDS:
        groups: dict[str, list[Any]] = {}
        for page in _published(kind).iterator(chunk_size=500):
            groups.setdefault(str(page.translation_key), []).append(page)
        more = _more(kind, groups.keys())
        for key, pages in groups.items():
            changed += _index_group(kind, key, pages, more[key])
        present = SearchDocument.objects.filter(kind=kind).values_list("key", flat=True)
        changed += store.remove(kind, set(present) - groups.keys())
    others = SearchDocument.objects.exclude(kind__in=["service", *PAGE_KINDS])
    for kind, key in list(others.values_list("kind", "key")):
        changed += store.remove(kind, [key])
    return changed


def _published(kind: str) -> Any:
    model = PAGE_KINDS[kind]
    pages = model.objects.live().filter(alias_of__isnull=True).select_related("locale")
    return pages.select_related("agency") if kind == "agency" else pages


def index_page(page: Any) -> bool:
    """Index a page with its translations after a change of one; whether anything changed."""
    kind = kind_of(page)
    if kind is None:
        return False
    key = str(page.translation_key)
    pages = list(_published(kind).filter(translation_key=page.translation_key))
    if not pages:
        return bool(store.remove(kind, [key]))
    return _index_group(kind, key, pages, _more(kind, [key])[key])


def _index_group(kind: str, key: str, pages: Iterable[Any], more: Sequence[Field]) -> bool:
    """Index one page in the languages it is published in."""
    titles: dict[str, str] = {}
    paths: dict[str, str] = {}
    fields: list[Field] = [*more]
    facets: set[tuple[str, str]] = set()
    codes: set[str] = set()
    for page in pages:
        code = page.locale.language_code
        titles[code], paths[code] = page.title, page_path(page.url_path, code)
        fields += fields_of(TITLE, page.title, code)
        fields += fields_of(SUMMARY, getattr(page, "summary", ""), code)
        if isinstance(page, AgencyPage):
            facets.add(("agency", page.agency.key))
            fields += fields_of(TITLE, page.agency.name)
            for row in page.agency.former_names.all():
                fields += fields_of(SYNONYM, row.name)
        if number := getattr(page, "number", ""):
            codes.add(number)
            fields += fields_of(TITLE, number, code)
    content = Content(
        kind=kind, key=key, titles=titles, paths=paths, fields=fields, facets=facets, codes=codes
    )
    return store.write(content)


def reconcile() -> tuple[int, int]:
    """Bring the tables in step with what is published; (services, pages) changed."""
    services, pages = index_services(), index_pages()
    if services or pages:
        recount()
    return services, pages
