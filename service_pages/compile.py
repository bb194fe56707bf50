"""Compiling: the five pages of a service become one JSON value.

Structure comes from the Uzbek page alone; texts are merged from every published translation by
the rows' translation keys, so a stale translation can never change what is asked or paid.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q

from core.links import page_path
from core.texts import complete
from languages import registry
from service_pages.models.rows import Service
from service_pages.passport import PAGE_TEXTS, PAGE_VALUES, ROWS

if TYPE_CHECKING:
    from service_pages.models import ServicePage


#: What is read of a page's rows besides the rows themselves.
_RELATED = (
    "documents__blank", "documents__sample", "channels", "audiences", "topics__topic",
    "events__event", "co_agencies__agency", "related__service",
)  # fmt: skip


def _plain(value: Any) -> Any:
    """JSON of a column: decimals as strings (exact, never a float), dates as ISO."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _texts(code_to_text: Iterable[tuple[str, str]], source: str) -> dict[str, str]:
    """A text map with the Cyrillic text derived where it is missing.

    A text equal to the Uzbek one is a translation that nobody has made yet.
    """
    result = {}
    for code, text in code_to_text:
        untranslated = code not in registry.DERIVED and code != settings.LANGUAGE_CODE
        if text and not (untranslated and text == source):
            result[code] = text
    return complete(result)


def _file(document: Any) -> dict[str, str] | None:
    """A blank or a sample as the page links it."""
    return {"title": document.title, "url": document.url} if document is not None else None


def compile_passport(
    service: Service, pages: Sequence[ServicePage] | None = None
) -> dict[str, Any]:
    """The passport of a service in all languages.

    `pages` stands for the published pages, one a language (a preview brings drafts). Raises
    LookupError without an Uzbek page.
    """
    if pages is None:
        pages = list(
            # A derived page that is not live yet goes live on commit, with its source.
            service.pages.filter(
                Q(live=True) | Q(locale__language_code__in=registry.DERIVED), alias_of__isnull=True
            )
            .select_related("locale", "territory")
            .prefetch_related(*ROWS, *_RELATED)
            .order_by("pk")
        )
    by_code = {page.locale.language_code: page for page in pages}
    source = by_code.get(settings.LANGUAGE_CODE)
    if source is None:
        raise LookupError(f"Service {service.key} has no published page in Uzbek.")
    ordered = [(code, by_code[code]) for code, _name in settings.LANGUAGES if code in by_code]
    content: dict[str, Any] = {
        "service": service.key,
        "registry_number": service.registry_number,
        "agency": service.agency.key,
        "external_url": service.external_url,
        "phase": service.phase,
        "status": service.status,
    }
    for name in PAGE_TEXTS:
        content[name] = _texts(
            ((code, getattr(page, name)) for code, page in ordered), getattr(source, name)
        )
    for name in PAGE_VALUES:
        content[name] = _plain(getattr(source, name))
    content["synonyms"] = {
        code: page.synonyms.splitlines() for code, page in ordered if page.synonyms
    }
    content["discount_codes"] = source.discount_codes.split()
    content["territory"] = source.territory.key if source.territory else ""
    for relation in ROWS:
        content[relation] = _rows(relation, source, ordered)
    content["channels"] = [row.channel for row in source.channels.all()]
    content["audiences"] = [row.category for row in source.audiences.all()]
    content["topics"] = [row.topic.key for row in source.topics.all()]
    content["events"] = [row.event.key for row in source.events.all()]
    content["co_agencies"] = [row.agency.key for row in source.co_agencies.all()]
    content["related"] = [
        {"service": row.service.key, "kind": row.kind} for row in source.related.all()
    ]
    content["reviewed_on"] = _plain(source.reviewed_on)
    content["review_due"] = _plain(source.review_due)
    missing = _missing(content)
    content["languages"] = {
        code: {"path": page_path(page.url_path, code), "complete": not missing[code]}
        for code, page in ordered
    }
    return content


def _rows(
    relation: str, source: ServicePage, ordered: list[tuple[str, ServicePage]]
) -> list[dict[str, Any]]:
    texts, values = ROWS[relation]
    translated = {
        code: {row.translation_key: row for row in getattr(page, relation).all()}
        for code, page in ordered
        if page is not source
    }
    result = []
    for row in getattr(source, relation).all():
        versions = [(settings.LANGUAGE_CODE, row)] + [
            (code, rows[row.translation_key])
            for code, rows in translated.items()
            if row.translation_key in rows
        ]
        compiled = {name: _plain(getattr(row, name)) for name in values}
        for name in texts:
            compiled[name] = _texts(
                ((code, getattr(version, name)) for code, version in versions), getattr(row, name)
            )
        if relation == "documents":
            compiled |= {"blank": _file(row.blank), "sample": _file(row.sample)}
        result.append(compiled)
    return result


def _missing(content: dict[str, Any]) -> dict[str, int]:
    """language → how many texts of the passport it lacks."""
    # The national body is named for editors, not for readers.
    maps = [content[name] for name in PAGE_TEXTS if name != "national_provider"]
    for relation, (texts, _values) in ROWS.items():
        maps += [row[name] for row in content[relation] for name in texts]
    return {
        code: sum(1 for known in maps if known and code not in known)
        for code, _name in settings.LANGUAGES
    }


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
