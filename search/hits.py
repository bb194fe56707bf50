"""What readers see of what was found, in their language as far as it has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from core.links import in_language
from core.texts import pick, pick_with_language
from languages import registry
from search.engine import Hit
from search.models import SearchDocument


def of_documents(page: Sequence[int], language: str) -> list[Hit]:
    """Hits for rows of the index, in their order; what is gone by now is left out."""
    rows = {row["pk"]: row for row in _rows(language).filter(pk__in=page)}
    return [_hit(rows[pk], language) for pk in page if pk in rows]


def of_services(services: Iterable[int], language: str) -> Mapping[int, Hit]:
    """Service → hit, for those that are in the catalogue of the language."""
    rows = _rows(language).filter(service__in=list(services))
    return {row["service_id"]: _hit(row, language) for row in rows if row["path"]}


def _rows(language: str) -> QuerySet[Any, Any]:
    """Everything that lists show of a document, in one statement."""
    return SearchDocument.objects.annotate(
        entry=FilteredRelation(
            "service__entries", condition=Q(service__entries__language=language)
        )
    ).values(
        "pk", "kind", "titles", "paths", "service_id",
        slug=F("service__key"),
        title=F("entry__title"),
        text_language=F("entry__text_language"),
        path=F("entry__path"),
        summary=F("entry__summary"),
        agency=F("entry__agency__name"),
    )  # fmt: skip


def _hit(row: Mapping[str, Any], language: str) -> Hit:
    if row["path"]:
        return Hit(
            kind=row["kind"],
            slug=row["slug"],
            title=row["title"],
            lang=registry.by_code(row["text_language"]).bcp47,
            url=row["path"],
            agency=pick(row["agency"], language) or None,
            summary=row["summary"],
            titles=row["titles"],
            service_id=row["service_id"],
        )
    title, code = pick_with_language(row["titles"], language)
    path = row["paths"].get(language)
    if not path:
        # Without a text in the language the page has an alias there, at the same address.
        known = row["paths"].get(registry.SOURCE) or next(iter(row["paths"].values()), "/")
        path = in_language(known, language)
    return Hit(
        kind=row["kind"],
        slug=path.rstrip("/").rsplit("/", 1)[-1],
        title=title,
        lang=registry.by_code(code).bcp47,
        url=path,
        titles=row["titles"],
    )
