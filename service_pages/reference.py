"""Small tables and rows that every page reads, cached until public content changes."""

from __future__ import annotations

from core.publishing import kept
from service_pages.models.rows import Discount, LifeEvent, Service, Topic


def service(pk: int) -> Service:
    """A service with its agency. Raises Service.DoesNotExist."""
    return kept(
        f"service_pages:service:{pk}", lambda: Service.objects.select_related("agency").get(pk=pk)
    )


def topics() -> dict[str, Topic]:
    """key → topic, in their order."""
    return kept("service_pages:topics", lambda: {row.key: row for row in Topic.objects.all()})


def events() -> dict[str, LifeEvent]:
    """key → life event, in their order."""
    return kept("service_pages:events", lambda: {row.key: row for row in LifeEvent.objects.all()})


def discounts() -> dict[str, Discount]:
    """code → discount."""
    return kept(
        "service_pages:discounts", lambda: {row.code: row for row in Discount.objects.all()}
    )
