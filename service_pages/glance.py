"""What lists say of a service beside its title: price, term and the way to its form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone

from core.publishing import generation
from service_pages import apply_links, pricing
from service_pages.models.rows import PassportVersion, Service
from service_pages.passport import Passport
from service_pages.presenting import price_text, term_text

#: Seconds: fees change at midnight, which is part of the key; the rest is the generation's.
LIFETIME = 3600


@dataclass(frozen=True)
class Glance:
    """Empty texts where nothing is known; no address where the service has no open form."""

    price: str
    term: str
    apply_url: str | None


def glances(services: Collection[int], language: str) -> dict[int, Glance]:
    """Service → its glance in the active `language`; services never published are left out.

    One query for a page of results that were shown before, four where some were not.
    """
    versions = dict(
        PassportVersion.objects.filter(service__in=services)
        .values_list("service_id")
        .annotate(newest=Max("pk"))
    )
    day = timezone.localdate()
    keys = {
        service: f"glance:{generation()}:{version}:{language}:{day}"
        for service, version in versions.items()
    }
    known = cache.get_many(keys.values())
    found = {service: known[key] for service, key in keys.items() if key in known}
    missing = set(versions) - set(found)
    if missing:
        fresh = _read(missing, versions, day, language)
        cache.set_many({keys[pk]: glance for pk, glance in fresh.items()}, LIFETIME)
        found |= fresh
    return found


def _read(
    missing: Collection[int], versions: dict[int, int], day: date, language: str
) -> dict[int, Glance]:
    services = Service.objects.in_bulk(missing)
    rows = PassportVersion.objects.filter(pk__in=[versions[pk] for pk in missing])
    return {row.service_id: _glance(services[row.service_id], row, day, language) for row in rows}


def _glance(service: Service, row: PassportVersion, day: date, language: str) -> Glance:
    if "fee_status" not in row.content:
        # Written in bulk, without its passport.
        return Glance("", "", None)
    content = Passport(row.content, row).texts(language)
    price = pricing.price(content, QueryDict(), day, language)
    first = content["terms"][0] if content["terms"] else None
    closed = service.status in {Service.Status.SUSPENDED, Service.Status.RETIRED}
    link = None if closed else apply_links.link_for(service)
    return Glance(
        price="" if price["status"] in {"unknown", ""} else price_text(price, language),
        term=term_text(first["value"], first["unit"]) if first else "",
        apply_url=link.url if link else None,
    )
