"""The catalogue: one page of services with its filters, each filter a link with a count.

Built for 20,000 services: lists come from `CatalogueEntry` through its indexes, counts are kept
until content changes, and a page is one query by its place in the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Agency
from core.publishing import generation
from core.texts import pick
from languages import registry
from service_pages import reference, vocabulary
from service_pages.models.rows import CatalogueEntry, CatalogueFacet

PER_PAGE = 20
ORDERS = {"popular": ("-popularity", "sort_title", "pk"), "name": ("sort_title", "pk")}
#: Names of facets in addresses.
PARAMETERS = {"topic": "topic", "event": "event", "audience": "for"}


@dataclass(frozen=True)
class Filters:
    """What the reader wants to see; empty values filter nothing."""

    language: str
    topic: str = ""
    event: str = ""
    audience: str = ""
    agency: str = ""
    online: bool = False
    free: bool = False
    sort: str = "popular"
    #: What the address itself says and links keep by leading to the same address.
    fixed: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def read(cls, language: str, params: QueryDict, fixed: Mapping[str, str]) -> Filters:
        """Filters of an address: `fixed` from its path, `params` from its query. Unknown values
        filter nothing."""
        audience = params.get("for", "")
        said: dict[str, Any] = {**fixed, "fixed": frozenset(fixed)}
        return replace(
            cls(
                language,
                topic=params.get("topic", "") if params.get("topic") in reference.topics() else "",
                event=params.get("event", "") if params.get("event") in reference.events() else "",
                audience=audience if audience in vocabulary.Audience.values else "",
                agency=params.get("agency", "")[:100],
                online=params.get("online") == "1",
                free=params.get("free") == "1",
                sort="name" if params.get("sort") == "name" else "popular",
            ),
            **said,
        )

    def rows(self) -> QuerySet[CatalogueEntry]:
        """Entries that are left."""
        rows = CatalogueEntry.objects.filter(language=self.language)
        for kind in PARAMETERS:
            if key := getattr(self, kind):
                rows = rows.filter(service__facets__kind=kind, service__facets__key=key)
        if self.agency:
            rows = rows.filter(agency__key=self.agency)
        if self.online:
            rows = rows.filter(is_online=True)
        if self.free:
            rows = rows.filter(is_free=True)
        return rows

    def query(self, **changes: Any) -> str:
        """The query of the same address with some filters changed: `?for=ngo&free=1`, or `?`."""
        wanted = replace(self, **changes)
        values = {
            **{name: getattr(wanted, kind) for kind, name in PARAMETERS.items()
               if kind not in self.fixed},
            "agency": "" if "agency" in self.fixed else wanted.agency,
            "online": "1" if wanted.online else "",
            "free": "1" if wanted.free else "",
            "sort": "name" if wanted.sort == "name" else "",
        }  # fmt: skip
        return "?" + urlencode({name: value for name, value in values.items() if value})


class CountedPaginator(Paginator):
    """A paginator that is told the count, which is known from the cache."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return self._known


def _counts(filters: Filters) -> dict[str, Any]:
    """How many services are left, and how many each further filter would leave."""
    plain = replace(filters, sort="popular", fixed=frozenset())
    key = f"catalogue:{generation()}:{plain.language}:{plain.query()}"
    counts: dict[str, Any] | None = cache.get(key)
    if counts is not None:
        return counts
    rows = filters.rows()
    counts = rows.aggregate(
        total=Count("pk"),
        online=Count("pk", filter=Q(is_online=True)),
        free=Count("pk", filter=Q(is_free=True)),
    )
    services = rows.values("service_id")
    facets: dict[str, dict[str, int]] = {"topic": {}, "audience": {}}
    for kind, value, number in (
        CatalogueFacet.objects.filter(service_id__in=services, kind__in=tuple(facets))
        .values_list("kind", "key")
        .annotate(n=Count("pk"))
    ):
        facets[kind][value] = number
    counts |= facets
    cache.set(key, counts, 600)
    return counts


def _option(label: Any, url: str, count: int | None, current: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "count": count, "current": current}


def _menus(filters: Filters, counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The filters as lists of links; a chosen one leads back to the list without it."""
    language = filters.language
    menus = [
        {
            "id": "how",
            "title": _("How"),
            "items": [
                _option(_("Online on this portal"), filters.query(online=not filters.online),
                        counts["online"], filters.online),
                _option(_("Free"), filters.query(free=not filters.free), counts["free"],
                        filters.free),
            ],
        }
    ]  # fmt: skip
    if "audience" not in filters.fixed:
        menus.append(
            {
                "id": "for",
                "title": _("For whom"),
                "items": [
                    _option(label, filters.query(audience="" if chosen else value),
                            counts["audience"].get(value, 0), chosen)
                    for value, label in vocabulary.Audience.choices
                    for chosen in [filters.audience == value]
                    if chosen or counts["audience"].get(value)
                ],
            }
        )  # fmt: skip
    if "topic" not in filters.fixed:
        menus.append(
            {
                "id": "topic",
                "title": _("Topic"),
                "items": [
                    _option(pick(topic.name, language),
                            filters.query(topic="" if chosen else key),
                            counts["topic"].get(key, 0), chosen)
                    for key, topic in reference.topics().items()
                    for chosen in [filters.topic == key]
                    if chosen or counts["topic"].get(key)
                ],
            }
        )  # fmt: skip
    return [menu for menu in menus if menu["items"]]


def catalogue(language: str, params: QueryDict, fixed: Mapping[str, str]) -> dict[str, Any]:
    """One page of the catalogue: entries, filters as links with counts, orders, pages."""
    filters = Filters.read(language, params, fixed)
    counts = _counts(filters)
    rows = filters.rows().order_by(*ORDERS[filters.sort]).select_related("agency")
    page = CountedPaginator(rows, PER_PAGE, counts["total"]).get_page(params.get("page"))
    agency = None
    if filters.agency and "agency" not in filters.fixed:
        found = Agency.objects.filter(key=filters.agency).first()
        agency = {"name": found.label(language) if found else filters.agency,
                  "url": filters.query(agency="")}  # fmt: skip
    return {
        "page_obj": page,
        "entries": [_card(entry, language) for entry in page.object_list],
        "total": counts["total"],
        "menus": _menus(filters, counts),
        "orders": [
            _option(
                _("by popularity"), filters.query(sort="popular"), None, filters.sort != "name"
            ),
            _option(_("by name"), filters.query(sort="name"), None, filters.sort == "name"),
        ],
        "agency_filter": agency,
        "filtered": filters.query(sort="popular") != "?",
        "query": filters.query()[1:],
        "crumbs": [
            {"title": _("Home"), "url": f"/{language}/"},
            {"title": _("All services"), "url": reverse("catalogue:all")},
        ],
    }


def _card(entry: CatalogueEntry, language: str) -> dict[str, Any]:
    return {
        "title": entry.title,
        "url": entry.path,
        "summary": entry.summary,
        "agency": pick(entry.agency.name, language),
        "online": entry.is_online,
        "free": entry.is_free,
        # Only where the text is not in the language of the page around it.
        "lang": ""
        if entry.text_language == language
        else registry.by_code(entry.text_language).bcp47,
    }
