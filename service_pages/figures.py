"""What is counted of services, brought up to date by the schedule."""

from __future__ import annotations

from itertools import islice

from django.db import transaction

from operations.counting import views_of
from service_pages.models import CatalogueEntry, Service, ServiceFigures

_BATCH = 500


def update_figures() -> int:
    """Bring the views of 90 days and the popularity of entries up to date; how many changed.

    Popularity moves places in lists, not texts: cached pages stay until their time is over.
    """
    changed = 0
    rows = Service.objects.order_by("pk").iterator(_BATCH)
    while batch := list(islice(rows, _BATCH)):
        changed += _update(batch)
    return changed


@transaction.atomic
def _update(services: list[Service]) -> int:
    ids = [service.pk for service in services]
    views = views_of([service.view_key for service in services])
    ServiceFigures.objects.bulk_create(
        [ServiceFigures(service_id=pk) for pk in ids], ignore_conflicts=True
    )
    rows = {row.service_id: row for row in ServiceFigures.objects.filter(service_id__in=ids)}
    moved = []
    for service in services:
        row = rows[service.pk]
        if row.views_90 != views[service.view_key]:
            row.views_90 = views[service.view_key]
            moved.append(row)
    ServiceFigures.objects.bulk_update(moved, ["views_90"])
    entries = []
    for entry in CatalogueEntry.objects.filter(service_id__in=ids).only("service_id", "popularity"):
        popularity = rows[entry.service_id].popularity
        if entry.popularity != popularity:
            entry.popularity = popularity
            entries.append(entry)
    CatalogueEntry.objects.bulk_update(entries, ["popularity"], batch_size=_BATCH)
    return len({entry.service_id for entry in entries} | {row.service_id for row in moved})
