"""What services are found by: their newest passports as contents of the index, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery

from search.store import Content, Field
from search.weights import AGENCY, DETAIL, SUMMARY, SYNONYM, TITLE
from service_pages.models import (
    CatalogueEntry,
    CatalogueFacet,
    PassportVersion,
    Service,
    ServiceFigures,
)


def fields_of(weight: int, value: Any, language: str = "uz") -> Iterator[Field]:
    """(weight, language, text) of a text map, of a map of lists of texts, or of a plain text."""
    if isinstance(value, dict):
        for code, part in value.items():
            yield from fields_of(weight, part, code)
    elif isinstance(value, list):
        for part in value:
            yield from fields_of(weight, part, language)
    elif isinstance(value, str) and value:
        yield weight, language, value


def services(batch: Sequence[Service]) -> dict[int, Content]:
    """Primary key → content of those of these services that are published; six queries in all."""
    keys = [service.pk for service in batch]
    entries = defaultdict(list)
    for entry in CatalogueEntry.objects.filter(service__in=keys):
        entries[entry.service_id].append(entry)
    facets = defaultdict(set)
    for pk, kind, key in CatalogueFacet.objects.filter(service__in=keys).values_list(
        "service_id", "kind", "key"
    ):
        facets[pk].add((kind, key))
    figures = {row.service_id: row for row in ServiceFigures.objects.filter(service__in=keys)}
    found = {}
    passports = _newest_passports(keys)
    for service in batch:
        passport = passports.get(service.pk)
        if passport is None or not entries[service.pk]:
            continue
        own = entries[service.pk]
        shown = figures.get(service.pk)
        found[service.pk] = Content(
            kind="service",
            key=service.key,
            service=service,
            titles={entry.language: entry.title for entry in own},
            paths={entry.language: entry.path for entry in own},
            fields=list(_fields(service, passport)),
            facets=facets[service.pk] | _facets(service, own[0]),
            popularity=shown.popularity if shown else 0,
            codes=_codes(service, passport),
        )
    return found


def _newest_passports(keys: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    newest = (
        PassportVersion.objects.filter(service=OuterRef("service"))
        .order_by("-number")
        .values("number")[:1]
    )
    versions = PassportVersion.objects.filter(service__in=keys).annotate(newest=Subquery(newest))
    return dict(versions.filter(number=F("newest")).order_by().values_list("service_id", "content"))


def _fields(service: Service, content: Mapping[str, Any]) -> Iterator[Field]:
    yield from fields_of(TITLE, content["title"])
    yield from fields_of(SYNONYM, content["synonyms"])
    yield from fields_of(SYNONYM, content.get("keywords") or "")
    yield from fields_of(SUMMARY, content["summary"])
    yield from fields_of(SUMMARY, content["result"])
    yield from fields_of(AGENCY, service.agency.name)
    for rows, name in (("documents", "name"), ("steps", "action"), ("legal_bases", "title")):
        for row in content[rows]:
            yield from fields_of(DETAIL, row[name])


def _facets(service: Service, entry: CatalogueEntry) -> set[tuple[str, str]]:
    return {
        ("agency", service.agency.key),
        ("online", "yes" if entry.is_online else "no"),
        ("free", "yes" if entry.is_free else "no"),
    }


def _codes(service: Service, content: Mapping[str, Any]) -> set[str]:
    numbers = {str(row["number"]) for row in content["legal_bases"] if row.get("number")}
    numbers |= {service.registry_number, str(service.external_id or "")}
    return numbers - {""}
