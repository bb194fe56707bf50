"""Many services beside those of the demonstration, in five languages: to measure with.

Rows go in as they would be after publishing, in bulk: no signals, revisions or editors' child rows.
Each is like a service of the demonstration, with words of its own in title and summary: invented
ones, of which some are frequent and most are rare, as words of a language are. The same number
always gives the same services.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from core.links import page_path
from core.publishing import bump_generation
from core.texts import pick_with_language
from languages import registry
from languages.uzbek import fold, to_cyrillic
from search import indexing
from search.admin_index import index as admin_index
from service_pages import passport
from service_pages.compile import content_hash
from service_pages.models import (
    CatalogueEntry,
    CatalogueFacet,
    PassportVersion,
    Service,
    ServiceFigures,
    ServicePage,
)

PREFIX = "sinov"
_BATCH = 500
#: Invented words: so many, and so many of them in each title and each summary.
_WORDS, _IN_TITLE, _IN_SUMMARY = 20_000, 2, 6
_CONSONANTS, _VOWELS = "bdfgjklmnprstvz", "aeiou"
_IN_CYRILLIC = {"uz-cyrl", "ru"}
#: Children of an agency that editors make have lower numbers in its path.
_FIRST_STEP = 100_000


@dataclass(frozen=True)
class _Pattern:
    """A service of the demonstration that others are made like."""

    service: Service
    content: Mapping[str, Any]
    #: language → its page
    pages: Mapping[str, ServicePage]
    facets: Sequence[tuple[str, str]]


def generate(count: int, *, admin: bool = True) -> int:
    """Have at least `count` services in all; how many were added.

    `admin`: staff find them too, which takes as long as all the rest.

    Raises LookupError without published services to make others like.
    """
    patterns = _patterns()
    if not patterns:
        raise LookupError("There are no published services: load the demonstration first.")
    have = Service.objects.filter(entries__language=registry.SOURCE).count()
    start = Service.objects.filter(key__startswith=f"{PREFIX}-").count()
    numbers = iter(range(start, start + count - have))
    added = 0
    while batch := list(islice(numbers, _BATCH)):
        _add([(number, patterns[number % len(patterns)]) for number in batch])
        added += len(batch)
    bump_generation()
    indexing.reconcile()
    if admin:
        admin_index.mend()
    return added


def _patterns() -> list[_Pattern]:
    services = Service.objects.exclude(key__startswith=f"{PREFIX}-").select_related("agency")
    found = []
    for service in services.order_by("key"):
        current = passport.current(service)
        pages = ServicePage.objects.filter(service=service, live=True).select_related("locale")
        by_language = {page.locale.language_code: page for page in pages}
        if current is not None and len(by_language) == len(registry.LANGUAGES):
            facets = list(service.facets.values_list("kind", "key"))
            found.append(_Pattern(service, current.content, by_language, facets))
    return found


def _word(chance: random.Random) -> str:
    """The n-th most frequent word is drawn about 1/n times."""
    number = int(_WORDS ** chance.random())
    spelt = random.Random(number)  # noqa: S311 - not a secret
    return "".join(
        spelt.choice(_CONSONANTS) + spelt.choice(_VOWELS) for _ in range(spelt.randint(2, 5))
    )


def _with_words(texts: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    latin = " ".join(words)
    cyrillic = to_cyrillic(latin)
    return {
        code: f"{text} {cyrillic if code in _IN_CYRILLIC else latin}"
        for code, text in texts.items()
    }


def _contents(number: int, pattern: _Pattern) -> dict[str, Any]:
    """The passport of a service."""
    chance = random.Random(f"{PREFIX}-{number}")  # noqa: S311 - not a secret
    words = [_word(chance) for _ in range(_IN_TITLE + _IN_SUMMARY)]
    key = f"{PREFIX}-{number:05}"
    return {
        **pattern.content,
        "service": key,
        "registry_number": f"SN-{number:05}",
        "title": _with_words(pattern.content["title"], words[:_IN_TITLE]),
        "summary": _with_words(pattern.content["summary"], words[_IN_TITLE:]),
        "languages": {
            code: {"path": _path(page, key, code), "complete": True}
            for code, page in pattern.pages.items()
        },
    }


def _path(page: ServicePage, key: str, code: str) -> str:
    return page_path(page.url_path.rsplit("/", 2)[0] + f"/{key}/", code)


def _add(batch: Sequence[tuple[int, _Pattern]]) -> None:
    made = {number: _contents(number, pattern) for number, pattern in batch}
    Service.objects.bulk_create(
        Service(
            key=made[number]["service"],
            registry_number=made[number]["registry_number"],
            agency=pattern.service.agency,
            phase=pattern.service.phase,
            status=pattern.service.status,
        )
        for number, pattern in batch
    )
    keys = [content["service"] for content in made.values()]
    services = Service.objects.in_bulk(keys, field_name="key")
    rows = [(services[made[number]["service"]], pattern, made[number]) for number, pattern in batch]
    PassportVersion.objects.bulk_create(
        PassportVersion(
            service=service,
            number=1,
            content=content,
            content_hash=content_hash(content),
            published_at=timezone.now(),
        )
        for service, _pattern, content in rows
    )
    CatalogueEntry.objects.bulk_create(
        (entry for row in rows for entry in _entries(*row)), batch_size=_BATCH
    )
    CatalogueFacet.objects.bulk_create(
        (
            CatalogueFacet(service=service, kind=kind, key=key)
            for service, pattern, _content in rows
            for kind, key in pattern.facets
        ),
        batch_size=_BATCH,
    )
    ServiceFigures.objects.bulk_create(
        ServiceFigures(service=service, views_90=100_000 // (number + 1))
        for (number, _pattern), (service, _same, _content) in zip(batch, rows, strict=True)
    )
    for code in (language.code for language in registry.LANGUAGES):
        _add_pages(code, rows)


def _entries(
    service: Service, pattern: _Pattern, content: Mapping[str, Any]
) -> Iterator[CatalogueEntry]:
    for code, page in content["languages"].items():
        title, text_language = pick_with_language(content["title"], code)
        summary, _language = pick_with_language(content["summary"], code)
        yield CatalogueEntry(
            service=service,
            language=code,
            text_language=text_language,
            title=title[:255],
            summary=summary,
            path=page["path"],
            agency_id=pattern.service.agency_id,
            sort_title=fold(title)[:255],
            is_free=content["fee_status"] == "free",
        )


def _add_pages(code: str, rows: Sequence[tuple[Service, _Pattern, Mapping[str, Any]]]) -> None:
    """The pages of one language, each under its pattern's agency."""
    kind = ContentType.objects.get_for_model(ServicePage)
    above = {pattern.pages[code].path[: -Page.steplen] for _service, pattern, _content in rows}
    parents = {page.path: page for page in Page.objects.filter(path__in=above)}
    pages = []
    for service, pattern, content in rows:
        source = pattern.pages[code]
        parent = parents[source.path[: -Page.steplen]]
        parent.numchild += 1
        title = pick_with_language(content["title"], code)[0][:255]
        pages.append(
            Page(
                path=Page._get_path(parent.path, parent.depth + 1, _FIRST_STEP + service.pk),
                depth=parent.depth + 1,
                title=title,
                draft_title=title,
                slug=service.key,
                url_path=f"{parent.url_path}{service.key}/",
                content_type=kind,
                locale_id=source.locale_id,
                translation_key=uuid.uuid5(uuid.NAMESPACE_URL, service.key),
                live=True,
                first_published_at=timezone.now(),
                last_published_at=timezone.now(),
            )
        )
    Page.objects.bulk_create(pages, batch_size=100)
    for parent in parents.values():
        Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild)
    _add_own_columns({page.slug: page.pk for page in pages}, code, rows)


def _add_own_columns(
    pages: Mapping[str, int],
    code: str,
    rows: Sequence[tuple[Service, _Pattern, Mapping[str, Any]]],
) -> None:
    """The rest of the pages: bulk_create refuses a model that inherits another's table."""
    quote = connection.ops.quote_name
    own = ", ".join(
        quote(field.column)
        for field in ServicePage._meta.local_concrete_fields
        if field.name not in {"page_ptr", "service"}
    )
    table = quote(ServicePage._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (page_ptr_id, service_id, {own}) "  # noqa: S608 - own table
            f"SELECT %s, %s, {own} FROM {table} WHERE page_ptr_id = %s",
            [
                (pages[service.key], service.pk, pattern.pages[code].pk)
                for service, pattern, _content in rows
            ],
        )
