"""The reads of the room: passports, offices, agencies."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Agency
from core.links import localised, page_path
from core.texts import pick
from languages.dates import WEEKDAYS
from languages.uzbek import fold
from service_pages.models.rows import CatalogueEntry, Office
from service_pages.passport import current as passport
from service_pages.passport import on as passport_on

if TYPE_CHECKING:
    from service_pages.models import AgencyIndexPage, AgencyPage

__all__ = [
    "agencies_by_kind", "agency_page", "offices", "passport", "passport_on", "similar_titles",
]  # fmt: skip

SERVICES_SHOWN = 20
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: A title this close to another one is probably the same service (difflib ratio of folded titles).
SIMILAR = 0.85


def hours_text(spans: Mapping[str, Any] | Sequence[Mapping[str, Any]], language: str) -> str:
    """`dushanba–juma 09:00–18:00, tanaffus 13:00–14:00`, spans apart by `; `; empty for no hours."""
    spans = [spans] if isinstance(spans, Mapping) else spans
    return "; ".join(text for span in spans if (text := _span_text(span, language)))


def _span_text(span: Mapping[str, Any], language: str) -> str:
    days = [DAYS.index(day) for day in DAYS if day in span.get("days", [])]
    if not days:
        return ""
    names = WEEKDAYS[language]
    if len(days) > 2 and days[-1] - days[0] + 1 == len(days):
        text = f"{names[days[0]]}–{names[days[-1]]}"
    else:
        text = ", ".join(names[day] for day in days)
    text += f" {span.get('from', '')}–{span.get('to', '')}"
    if span.get("break_from"):
        pause = f"{span['break_from']}–{span.get('break_to', '')}"
        text += ", " + _("break %(time)s") % {"time": pause}
    return text


def offices(
    agency: Agency, language: str, service_key: str = "", co_agencies: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Offices by district in the districts' order: `[{"district", "offices": [...]}]`.

    With a service only those that accept it: an empty list of services means all of the agency's.
    Offices of a participating agency count where they name the service, or where all the bodies
    are hokimiyats (one page with 17 offices).
    """
    whose = Q(agency=agency)
    if co_agencies:
        whose |= Q(agency__key__in=co_agencies)
    rows = Office.objects.filter(whose).select_related("district", "agency")
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if service_key and not _accepts(row, agency, service_key):
            continue
        groups.setdefault(pick(row.district.name, language), []).append(_office(row, language))
    return [{"district": district, "offices": found} for district, found in groups.items()]


def _accepts(office: Office, agency: Agency, service_key: str) -> bool:
    if service_key in office.services_accepted:
        return True
    own = office.agency_id == agency.pk or (
        office.agency.kind == agency.kind == Agency.Kind.HOKIMIYAT
    )
    return own and not office.services_accepted


def _office(row: Office, language: str) -> dict[str, Any]:
    landmark, transport = pick(row.landmark, language), pick(row.transport, language)
    return {
        "name": pick(row.name, language),
        "address": pick(row.address, language),
        "place": ". ".join(text.rstrip(".") for text in (landmark, transport) if text),
        "hours": hours_text(row.hours, language),
        "reception": pick(row.reception, language),
        "phones": [phone(number) for number in row.phones],
        "step_free": row.step_free,
        # Phones open their own map by a geo link (RFC 5870).
        "geo": f"geo:{row.latitude},{row.longitude}" if row.latitude is not None else "",
    }


def phone(number: str) -> dict[str, str]:
    """A phone as text and link."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return {"number": number, "href": f"tel:{digits}"}


def agencies_by_kind(index: AgencyIndexPage, language: str) -> list[dict[str, Any]]:
    """Published agency pages by kind, in the agencies' order; one query."""
    model = apps.get_model("service_pages", "AgencyPage")
    rows = model.objects.live().child_of(index).order_by("agency__order", "agency__key")
    groups: dict[str, list[dict[str, str]]] = {}
    # Values, not pages: sixty pages with their agencies cost more than the rest of the page.
    for kind, name, url_path in rows.values_list("agency__kind", "agency__name", "url_path"):
        groups.setdefault(kind, []).append(
            {"name": pick(name, language), "url": page_path(url_path, language)}
        )
    return [
        {"kind": kind, "label": label, "pages": groups[kind]}
        for kind, label in Agency.Kind.choices
        if kind in groups
    ]


def crumbs(language: str, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way from the home page, from what is known: no query."""
    return [
        {"title": _("Home"), "url": f"/{language}/"},
        {"title": _("Organisations"), "url": localised("idoralar", language)},
        *({"title": title, "url": url} for title, url in more),
    ]


def agency_page(page: AgencyPage, language: str) -> dict[str, Any]:
    """The agency, its relatives, offices, and its most used services."""
    agency = Agency.objects.select_related("parent", "territory").get(pk=page.agency_id)
    page.agency = agency
    entries = CatalogueEntry.objects.filter(language=language, agency=agency)
    services = list(
        entries.order_by("-popularity", "sort_title").values("title", "path", "text_language")[
            : SERVICES_SHOWN + 1
        ]
    )
    index_path = page_path(page.url_path.rsplit("/", 2)[0] + "/", language)
    return {
        "agency": agency,
        "name": pick(agency.name, language),
        "agency_texts": {
            name: pick(getattr(agency, name), language)
            for name in ("head_post", "executor_post", "address", "reception")
        },
        "phone": phone(agency.phone) if agency.phone else None,
        "hotline": phone(agency.hotline) if agency.hotline else None,
        "territory": pick(agency.territory.name, language) if agency.territory else "",
        "hours": hours_text(agency.working_hours, language),
        "parent_agency": _relative(agency.parent, index_path, language) if agency.parent else None,
        "children_agencies": [
            _relative(child, index_path, language) for child in agency.children.filter(active=True)
        ],
        "former_names": [
            {"name": pick(row.name, language), "from": row.used_from, "to": row.used_to,
             "note": row.note}
            for row in agency.former_names.all()
        ],
        "office_groups": offices(agency, language),
        "services": services[:SERVICES_SHOWN],
        "more_services": len(services) > SERVICES_SHOWN,
        "crumbs": crumbs(language),
    }  # fmt: skip


def _relative(agency: Agency, index_path: str, language: str) -> dict[str, str]:
    return {"name": pick(agency.name, language), "url": f"{index_path}{agency.key}/"}


def similar_titles(title: str, service_id: int | None) -> list[CatalogueEntry]:
    """Published services whose title is nearly this one: duplicates confuse readers."""
    wanted = fold(title)
    words = sorted(wanted.split(), key=len, reverse=True)[:2]
    if not words:
        return []
    near = Q()
    for word in words:
        near |= Q(sort_title__contains=word)
    rows = CatalogueEntry.objects.filter(near, language=settings.LANGUAGE_CODE)
    return [
        entry
        for entry in rows.exclude(service_id=service_id)[:300]
        if difflib.SequenceMatcher(None, wanted, entry.sort_title).ratio() >= SIMILAR
    ]
