"""Agencies, services and forms of the demonstration, in all languages."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page

from accounts.models import Agency
from core.translating import Memory, add_live, translate_new
from demo.reading import items, load
from demo.texts import MACHINE, NAMESPACE, REASON, Texts, missing, owner_of
from forms import importing
from forms.models import FormDefinition, FormPage
from forms.services import compile_form
from service_pages import building
from service_pages.models import AgencyIndexPage, AgencyPage, Service, ServicePage
from service_pages.services import publish_passport, refresh_online


def load_agencies(home: Page, others: list[Locale]) -> None:
    """The list of organisations and the pages of agencies that are missing."""
    if missing(home, "idoralar"):
        home.refresh_from_db()
        texts = Texts()
        data = load("sections")["agencies"]
        page = AgencyIndexPage(
            title=texts(data["title"]),
            lead=texts(data["lead"]),
            slug="idoralar",
            locale=home.locale,
            content_owner=texts(owner_of("vazirlar-kengashi")),
            reviewed_on=timezone.localdate(),
            show_in_menus=True,
            translation_key=uuid.uuid5(NAMESPACE, "idoralar"),
        )
        add_live(home, page, REASON)
        translate_new([(page, texts.memory)], others, MACHINE)
    index = AgencyIndexPage.objects.get(locale=home.locale)
    batch: list[tuple[Page, Memory]] = []
    rows = {row.key: row for row in Agency.objects.all()}
    present = set(index.get_children().values_list("slug", flat=True))
    for record in items("agencies"):
        if record["key"] in present:
            continue
        index.refresh_from_db()
        built = building.agency_page(rows[record["key"]], record, home.locale)
        add_live(index, built.page, REASON)
        batch.append((built.page, built.memory))
    translate_new(batch, others, MACHINE)


def load_services(others: list[Locale]) -> None:
    """The services that are missing, with their passports."""
    extras = {item["service"]: _extras(item) for item in items("service_extras")}
    parents = {
        page.agency.key: page
        for page in AgencyPage.objects.filter(locale__language_code="uz").select_related("agency")
    }
    rows = {row.key: row for row in Agency.objects.all()}
    points = {
        item["code"]: item["legal_point"]
        for item in items("grounds")
        # A point of law that nobody checked is not shown.
        if item["legal_point_evidence"] != "assumed"
    }
    records = [
        record
        | {
            "refusal_grounds": [
                ground | {"legal_point": points.get(ground["code"])}
                for ground in record["refusal_grounds"]
            ]
        }
        for record in items("services")
    ]
    for number, record in enumerate(records, 1):
        Service.objects.get_or_create(
            key=record["key"],
            defaults={
                "registry_number": f"QR-{number:04d}",
                "agency": rows[record["agency"]],
                "external_id": record["external_id"],
                "external_url": record["external_url"] or "",
                "phase": record["phase"],
                "form_key": record["form"] or "",
            },
        )
    present = set(ServicePage.objects.values_list("service__key", flat=True))
    batch: list[tuple[Page, Memory]] = []
    services = {row.key: row for row in Service.objects.select_related("agency")}
    for record in records:
        if record["key"] in present:
            continue
        parent = parents[record["agency"]]
        parent.refresh_from_db()
        built = building.service_page(
            services[record["key"]], record, parent.locale, extras.get(record["key"], {})
        )
        add_live(parent, built.page, REASON)
        batch.append((built.page, built.memory))
    translate_new(batch, others, MACHINE)
    by_service: dict[int, list[ServicePage]] = {}
    if batch:
        pages = ServicePage.objects.filter(live=True).select_related("locale").prefetch_related(
            "terms", "fees", "documents", "steps", "refusal_grounds", "legal_bases", "questions",
            "samples", "channels", "audiences",
        )  # fmt: skip
        for page in pages:
            by_service.setdefault(page.service_id, []).append(page)
    for page, _memory in batch:
        publish_passport(page.service, note=REASON, pages=by_service[page.service_id])


def _extras(item: dict[str, Any]) -> dict[str, Any]:
    """More of a passport, in the shape of its record."""
    return {
        name: value
        for name, value in {
            "eligibility": item.get("eligibility"),
            "questions": item.get("questions"),
            "related": [
                {"service": row["service"], "kind": row.get("kind") or row.get("relation")}
                for row in item.get("related") or []
            ],
            "issuers": item.get("issuers"),
            "samples": item.get("samples"),
        }.items()
        if value
    }


def load_forms(others: list[Locale]) -> None:
    """The forms that are missing, compiled."""
    parents = {
        page.service.key: page
        for page in ServicePage.objects.filter(locale__language_code="uz").select_related("service")
    }
    batch: list[tuple[Page, Memory]] = []
    definitions = []
    for record in items("forms"):
        parent = parents[record["service"]]
        definition, _created = FormDefinition.objects.get_or_create(
            key=record["key"], defaults={"service": parent.service}
        )
        if FormPage.objects.filter(definition=definition).exists():
            continue
        texts = Texts()
        parent.refresh_from_db()
        page = FormPage(
            **importing.page_fields(record, texts),
            slug="ariza",
            definition=definition,
            locale=parent.locale,
            reviewed_on=timezone.localdate(),
            translation_key=uuid.uuid5(NAMESPACE, f"form/{record['key']}"),
        )
        add_live(parent, page, REASON)
        batch.append((page, texts.memory))
        definitions.append(definition)
    translate_new(batch, others, MACHINE)
    for definition in definitions:
        compile_form(definition, note=REASON)
    if definitions:
        refresh_online()
