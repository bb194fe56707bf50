"""Small tables and rows that every page reads, cached until public content changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from core.publishing import generation
from service_pages.models.rows import Discount, LifeEvent, Service, Topic

T = TypeVar("T")


def _kept(name: str, read: Callable[[], T]) -> T:
    key = f"service_pages:{name}:{generation()}"
    kept: T | None = cache.get(key)
    if kept is None:
        kept = read()
        cache.set(key, kept, 3600)
    return kept


def service(pk: int) -> Service:
    """A service with its agency. Raises Service.DoesNotExist."""
    return _kept(f"service:{pk}", lambda: Service.objects.select_related("agency").get(pk=pk))


def topics() -> dict[str, Topic]:
    """key → topic, in their order."""
    return _kept("topics", lambda: {row.key: row for row in Topic.objects.all()})


def events() -> dict[str, LifeEvent]:
    """key → life event, in their order."""
    return _kept("events", lambda: {row.key: row for row in LifeEvent.objects.all()})


def discounts() -> dict[str, Discount]:
    """code → discount."""
    return _kept("discounts", lambda: {row.code: row for row in Discount.objects.all()})
