"""Many services at once, for counts of queries that must not grow with the catalogue.

The rows that pages read are written without signals, revisions and search: a service of
`factories.make_service` is the pattern, and each new one stands in the tree, in the catalogue with
its facets, in the register and in the count of views as if it had been published.
"""

from __future__ import annotations

import uuid
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import Page

from operations.models import DailyViews
from service_pages.models import (
    CatalogueEntry,
    CatalogueFacet,
    PassportVersion,
    Service,
    ServicePage,
)

_BATCH = 500


def add_services(pattern: Service, count: int, *, prefix: str = "xizmat") -> None:
    """Write `count` services like `pattern` under its agency; `prefix` begins their keys."""
    keys = [f"{prefix}-{number:05}" for number in range(count)]
    Service.objects.bulk_create(
        [
            Service(
                key=key,
                registry_number=f"{prefix[:6]}-{number:05}",
                agency_id=pattern.agency_id,
                phase=pattern.phase,
                status=pattern.status,
            )
            for number, key in enumerate(keys)
        ],
        batch_size=_BATCH,
    )
    services = list(Service.objects.filter(key__startswith=f"{prefix}-").order_by("key"))
    _add_pages(pattern, keys)
    _add_catalogue(pattern, services)
    PassportVersion.objects.bulk_create(
        [
            PassportVersion(service=service, number=1, content={}, published_at=timezone.now())
            for service in services
        ],
        batch_size=_BATCH,
    )
    DailyViews.objects.bulk_create(
        [
            DailyViews(key=service.view_key, day=timezone.localdate(), views=number % 100)
            for number, service in enumerate(services)
        ],
        batch_size=_BATCH,
    )


def _add_pages(pattern: Service, keys: list[str]) -> None:
    source = ServicePage.objects.get(service=pattern, locale__language_code="uz")
    parent = source.get_parent()
    kind = ContentType.objects.get_for_model(ServicePage)
    first = parent.numchild + 1
    Page.objects.bulk_create(
        [
            Page(
                path=Page._get_path(parent.path, parent.depth + 1, first + number),
                depth=parent.depth + 1,
                title=f"{source.title} {number}",
                draft_title=f"{source.title} {number}",
                slug=key,
                url_path=f"{parent.url_path}{key}/",
                content_type=kind,
                locale_id=source.locale_id,
                translation_key=uuid.uuid4(),
                live=True,
            )
            for number, key in enumerate(keys)
        ],
        batch_size=100,
    )
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + len(keys))
    # bulk_create refuses a model that inherits another's table.
    own = [
        connection.ops.quote_name(field.column)
        for field in ServicePage._meta.local_concrete_fields
        if field.name not in {"page_ptr", "service"}
    ]
    table = ServicePage._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (page_ptr_id, service_id, {', '.join(own)}) "
            f"SELECT page.id, service.id, {', '.join(f'source.{name}' for name in own)} "
            f"FROM {Page._meta.db_table} page "
            f"JOIN {Service._meta.db_table} service ON service.key = page.slug "
            f"JOIN {table} source ON source.page_ptr_id = %s "
            f"WHERE page.content_type_id = %s AND page.locale_id = %s "
            f"AND NOT EXISTS (SELECT 1 FROM {table} known WHERE known.page_ptr_id = page.id)",
            [source.pk, kind.pk, source.locale_id],
        )


def _add_catalogue(pattern: Service, services: list[Service]) -> None:
    shown = CatalogueEntry.objects.get(service=pattern, language="uz")
    CatalogueEntry.objects.bulk_create(
        [
            CatalogueEntry(
                service=service,
                language="uz",
                text_language="uz",
                title=f"{shown.title} {number}",
                summary=shown.summary,
                path=shown.path.replace(pattern.key, service.key),
                agency_id=shown.agency_id,
                sort_title=f"{shown.sort_title} {number:05}",
                is_online=number % 2 == 0,
                is_free=number % 3 == 0,
                popularity=number % 1000,
            )
            for number, service in enumerate(services)
        ],
        batch_size=_BATCH,
    )
    facets = list(CatalogueFacet.objects.filter(service=pattern).values_list("kind", "key"))
    rows = (
        CatalogueFacet(service=service, kind=kind, key=key)
        for service in services
        for kind, key in facets
    )
    while batch := list(islice(rows, _BATCH)):
        CatalogueFacet.objects.bulk_create(batch)
