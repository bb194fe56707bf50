"""The reads of the front of the house."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from wagtail.models import Page

from accounts.models import Agency
from core.models import District
from core.publishing import kept
from home import figures
from service_pages.models import CatalogueEntry, CatalogueFacet, LifeEvent, Office, Service, Topic

if TYPE_CHECKING:
    from home.models import (
        AnnouncementIndexPage,
        DocumentIndexPage,
        HomePage,
        LegalDocumentPage,
    )

PER_PAGE = 20
POPULAR, LATEST = 8, 4


def children(page: Page) -> list[Page]:
    """Published pages directly under `page`, in the editors' order, with their summaries."""
    return list(page.get_children().live().specific())


def front(home: HomePage) -> dict[str, Any]:
    """What the front page shows."""
    language = home.locale.language_code
    announcement = apps.get_model("home", "AnnouncementPage")
    by_date = announcement.objects.order_by("-announced_on", "-pk")
    latest = by_date.live().filter(locale_id=home.locale_id).values_list("pk", flat=True)[:LATEST]
    return {
        "life_events": list(LifeEvent.objects.order_by("kind", "order")),
        "topics": topics_with_counts(),
        "popular": list(
            CatalogueEntry.objects.filter(language=language).order_by("-popularity", "sort_title")[
                :POPULAR
            ]
        ),
        "service_count": kept(
            f"home:services:{language}", CatalogueEntry.objects.filter(language=language).count
        ),
        "agency_kinds": agency_kinds(),
        "announcements": list(
            by_date.live().filter(
                pk__in=kept(f"home:announcements:{language}", lambda: list(latest))
            )
        ),
    }


def topics_with_counts() -> list[tuple[Topic, int]]:
    """Topics that have services, with how many."""
    rows = (
        CatalogueFacet.objects.filter(kind="topic")
        .values_list("key")
        .annotate(n=Count("service", distinct=True))
    )
    counts = kept("home:topics", lambda: dict(rows))
    return [(topic, counts[topic.key]) for topic in Topic.objects.all() if topic.key in counts]


def agency_kinds() -> list[tuple[str, str | Promise, int]]:
    """(kind, its label, number of active agencies) in the order of the kinds."""
    counts = dict(Agency.objects.filter(active=True).values_list("kind").annotate(n=Count("pk")))
    return [(kind, label, counts[kind]) for kind, label in Agency.Kind.choices if kind in counts]


def statistics(language: str) -> dict[str, Any]:
    """Live aggregates and the table of districts."""
    totals = CatalogueEntry.objects.filter(language=language).aggregate(
        services=Count("pk"),
        online=Count("pk", filter=Q(is_online=True)),
        free=Count("pk", filter=Q(is_free=True)),
    )
    phases = Counter(Service.objects.values_list("phase", flat=True))
    offices = Counter(Office.objects.values_list("district__key", flat=True))
    hokimiyats = {
        agency.territory_id: agency
        for agency in Agency.objects.filter(kind=Agency.Kind.HOKIMIYAT, active=True)
    }
    districts = [
        {
            "district": district,
            "hokimiyat": hokimiyats.get(district.pk),
            "offices": offices[district.key],
        }
        for district in District.objects.exclude(kind=District.Kind.REPUBLIC)
    ]
    return {
        "totals": totals | {"agencies": Agency.objects.filter(active=True).count()},
        "phases": [(label, phases[phase]) for phase, label in Service.Phase.choices],
        "districts": districts,
        "figures": figures.all_figures(),
        "computed_at": timezone.now(),
    }


def _page(rows: QuerySet[Any], params: QueryDict) -> ResultPage[Any]:
    return Paginator(rows, PER_PAGE).get_page(params.get("page"))


def documents(index: DocumentIndexPage, params: QueryDict) -> dict[str, Any]:
    """One page of legal documents; `kind` and `force` (yes, no) filter, unknown values do not."""
    model = apps.get_model("home", "LegalDocumentPage")
    everything = model.objects.live().child_of(index)
    # Wagtail orders pages by path, which would make each page a group of its own.
    counts = dict(everything.order_by().values_list("kind").annotate(n=Count("pk")))
    rows = everything.order_by("-issued_on", "title")
    kind, force = params.get("kind", ""), params.get("force", "")
    if kind in counts:
        rows = rows.filter(kind=kind)
    if force in {"yes", "no"}:
        rows = rows.filter(in_force=force == "yes")
    kinds = [
        (value, label, counts[value]) for value, label in model.Kind.choices if value in counts
    ]
    return {
        "documents": _page(rows, params),
        "kinds": kinds,
        "kind": kind if kind in counts else "",
        "force": force if force in {"yes", "no"} else "",
    }


def document_relations(page: LegalDocumentPage) -> dict[str, Any]:
    """(relation, document) in both directions, from the source language's rows."""
    model = type(page)
    in_language = {
        other.key: other for other in model.objects.live().filter(locale_id=page.locale_id)
    }
    relation = apps.get_model("home", "DocumentRelation")
    outgoing = [
        (row, in_language[row.target]) for row in page.relations.all() if row.target in in_language
    ]
    incoming = [
        (row, in_language[row.page.key])
        for row in relation.objects.filter(
            target=page.key, page__locale_id=page.locale_id, page__live=True
        ).select_related("page")
        if row.page.key in in_language
    ]
    return {"outgoing": outgoing, "incoming": incoming}


def announcements(index: AnnouncementIndexPage, params: QueryDict) -> dict[str, Any]:
    """One page of announcements; `kind` filters, an unknown value does not."""
    model = apps.get_model("home", "AnnouncementPage")
    everything = model.objects.live().child_of(index)
    # Wagtail orders pages by path, which would make each page a group of its own.
    counts = dict(everything.order_by().values_list("kind").annotate(n=Count("pk")))
    kind = params.get("kind", "")
    rows = everything.order_by("-announced_on", "-pk")
    if kind in counts:
        rows = rows.filter(kind=kind)
    kinds = [
        (value, label, counts[value]) for value, label in model.Kind.choices if value in counts
    ]
    return {
        "announcements": _page(rows, params),
        "kinds": kinds,
        "kind": kind if kind in counts else "",
    }


def site_map(language: str) -> list[tuple[int, Page]]:
    """(depth from 0, page) of all published pages above the services, in tree order."""
    home = Page.objects.filter(depth=2, locale__language_code=language).first()
    if home is None:
        return []
    service = apps.get_model("service_pages", "ServicePage")
    pages = (
        home.get_descendants(inclusive=True)
        .live()
        .not_type(service)
        .exclude(content_type__model__in=["formpage", "announcementpage", "legaldocumentpage"])
        .order_by("path")
    )
    return [(page.depth - home.depth, page) for page in pages]
