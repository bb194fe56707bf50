"""Write the index: what a service or a page is found by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from core.links import page_path
from home.models import (
    AnnouncementPage,
    ContactPage,
    InformationPage,
    LegalDocumentPage,
    SectionPage,
)
from languages.analysis import terms
from languages.uzbek import fold
from search.models import SearchDocument, SearchTerm
from service_pages import passport
from service_pages.models import AgencyPage, CatalogueEntry, Service

#: Field weights: a word of the title says ten times what a word of a step says.
TITLE, SYNONYM, SUMMARY, AGENCY, DETAIL = 20, 16, 5, 4, 2
LONGEST = 80
_BATCH = 1000


Field = tuple[int, str, str]


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


def _service_fields(service: Service, content: dict[str, Any]) -> list[Field]:
    fields = [
        *_fields(TITLE, content["title"]),
        *_fields(SYNONYM, content["synonyms"]),
        *_fields(SUMMARY, content["summary"]),
        *_fields(SUMMARY, content["result"]),
        *_fields(AGENCY, service.agency.name),
        *_fields(TITLE, service.registry_number),
        *_fields(SYNONYM, content.get("keywords") or ""),
    ]
    if service.external_id:
        fields += _fields(TITLE, str(service.external_id))
    for rows, name in (("documents", "name"), ("steps", "action"), ("legal_bases", "number")):
        fields += [field for row in content[rows] for field in _fields(DETAIL, row[name])]
    return fields


def index_service(service: Service) -> bool:
    """Index a service from its published passport; whether anything changed.

    A service that is not published leaves the index.
    """
    entries = list(CatalogueEntry.objects.filter(service=service))
    current = passport.current(service)
    if current is None or not entries:
        SearchDocument.objects.filter(service=service).delete()
        return False
    return _write(
        kind="service",
        key=service.key,
        service=service,
        titles={entry.language: entry.title for entry in entries},
        paths={entry.language: entry.path for entry in entries},
        fields=_service_fields(service, current.content),
    )


#: Page types that people look for beside services.
PAGE_KINDS: dict[str, type[Any]] = {
    "agency": AgencyPage,
    "section": SectionPage,
    "page": InformationPage,
    "contact": ContactPage,
    "document": LegalDocumentPage,
    "announcement": AnnouncementPage,
}


def index_pages() -> int:
    """Index all published pages that are no services; how many changed."""
    changed = 0
    for kind, model in PAGE_KINDS.items():
        groups: dict[str, list[Any]] = {}
        rows = model.objects.live().filter(alias_of__isnull=True).select_related("locale")
        for page in rows.iterator(chunk_size=500):
            groups.setdefault(str(page.translation_key), []).append(page)
        for key, pages in groups.items():
            changed += index_page_group(kind, key, pages)
        stale = SearchDocument.objects.filter(kind=kind).exclude(key__in=groups)
        stale.delete()
    return changed


def index_page_group(kind: str, key: str, pages: Iterable[Any]) -> bool:
    """Index one page in the languages it is published in."""
    titles: dict[str, str] = {}
    paths: dict[str, str] = {}
    fields: list[Field] = []
    for page in pages:
        code = page.locale.language_code
        titles[code], paths[code] = page.title, page_path(page.url_path, code)
        fields += _fields(TITLE, page.title, code)
        fields += _fields(SUMMARY, getattr(page, "summary", ""), code)
        if isinstance(page, AgencyPage):
            fields += _fields(TITLE, page.agency.name)
            for row in page.agency.former_names.all():
                fields += _fields(SYNONYM, row.name)
        if hasattr(page, "number"):
            fields += _fields(TITLE, page.number, code)
    return _write(kind=kind, key=key, service=None, titles=titles, paths=paths, fields=fields)


@transaction.atomic
def _write(
    *, kind: str, key: str, service: Service | None, titles: dict[str, str],
    paths: dict[str, str], fields: list[Field],
) -> bool:  # fmt: skip
    body = json.dumps([titles, paths, fields], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(body.encode()).hexdigest()
    document = SearchDocument.objects.filter(kind=kind, key=key).first()
    if document is not None and document.content_hash == digest:
        return False
    document = document or SearchDocument(kind=kind, key=key)
    document.service, document.titles, document.paths = service, titles, paths
    document.phrase = " | ".join(sorted({fold(title) for title in titles.values()}))
    document.content_hash = digest
    document.save()
    weights: dict[tuple[str, str], int] = {}
    for weight, language, text in fields:
        found = terms(text, language)
        for view, words in (("e", found.exact), ("s", found.stem), ("k", found.kb)):
            for word in words:
                place = (view, word[:LONGEST])
                weights[place] = max(weights.get(place, 0), weight)
    document.terms.all().delete()
    SearchTerm.objects.bulk_create(
        [
            SearchTerm(document=document, view=view, term=term, weight=weight)
            for (view, term), weight in weights.items()
        ],
        batch_size=_BATCH,
    )
    return True


def reconcile() -> tuple[int, int]:
    """Bring the whole index in step with what is published; (services, pages) changed."""
    services = sum(
        index_service(service)
        for service in Service.objects.select_related("agency").iterator(chunk_size=500)
    )
    return services, index_pages()
