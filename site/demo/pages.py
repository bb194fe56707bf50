"""Pages of the demonstration, in all languages, with wagtail-localize's records."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from accounts.models import Agency
from core.models import BasePage
from core.texts import complete
from core.translating import Memory, add_live, translate_new
from demo import services
from demo.reading import items, load
from demo.texts import MACHINE, NAMESPACE, REASON, Texts, missing, owner_of
from home.models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    ContactPage,
    DocumentIndexPage,
    DocumentRelation,
    HomePage,
    InformationPage,
    LegalDocumentPage,
    SectionPage,
    StatisticsPage,
)
from languages.acts import act_number

_TYPES: dict[str, type[BasePage]] = {
    "section": SectionPage,
    "information": InformationPage,
    "statistics": StatisticsPage,
    "contact": ContactPage,
    "documents": DocumentIndexPage,
    "announcements": AnnouncementIndexPage,
}


def load_pages() -> None:
    """Make the pages that are missing; the caller brings the indexes up to date."""
    source, others = _locales()
    homes = _homes(source, others)
    _sections(homes["uz"], others)
    services.load_agencies(homes["uz"], others)
    services.load_services(others)
    services.load_forms(others)


def _locales() -> tuple[Locale, list[Locale]]:
    rows = {row.language_code: row for row in Locale.objects.all()}
    return rows["uz"], [rows[code] for code in ("uz-cyrl", "kaa", "ru", "en")]


def _homes(source: Locale, others: list[Locale]) -> dict[str, Page]:
    """The home pages; Wagtail's welcome page makes room for them."""
    present = {
        page.locale.language_code: page for page in HomePage.objects.select_related("locale")
    }
    if len(present) == 1 + len(others):
        return dict(present)
    root = Page.objects.get(depth=1)
    texts = Texts()
    data = load("sections")["home"]
    if "uz" not in present:
        for welcome in Page.objects.filter(depth=2).not_type(HomePage):
            welcome.delete()
        root = Page.objects.get(depth=1)
        home = HomePage(
            title=texts(data["title"]),
            lead=texts(data["lead"]),
            slug="home",
            locale=source,
            content_owner=texts(owner_of("vazirlar-kengashi")),
            reviewed_on=timezone.localdate(),
            translation_key=uuid.uuid5(NAMESPACE, "home"),
        )
        add_live(root, home, REASON)
        present["uz"] = home
        Site.objects.all().delete()
        Site.objects.create(
            hostname="localhost", root_page=home, is_default_site=True, site_name="Yagona portal"
        )
    for locale in others:
        code = locale.language_code
        if code in present:
            continue
        root.refresh_from_db()
        whole = {name: complete(data[name]) for name in ("title", "lead")}
        whole["owner"] = complete(owner_of("vazirlar-kengashi"))
        page = HomePage(
            title=whole["title"].get(code, whole["title"]["uz"]),
            lead=whole["lead"].get(code, whole["lead"]["uz"]),
            content_owner=whole["owner"].get(code, whole["owner"]["uz"]),
            slug=f"home-{code}",
            locale=locale,
            reviewed_on=timezone.localdate(),
            translation_key=present["uz"].translation_key,
        )
        add_live(root, page, REASON)
        present[code] = page
    return dict(present)


def _sections(home: Page, others: list[Locale]) -> None:
    _level(home, load("sections")["items"], others)


def _level(parent: Page, records: list[dict[str, Any]], others: list[Locale]) -> None:
    batch: list[tuple[Page, Memory]] = []
    for record in records:
        if missing(parent, record["slug"]):
            parent.refresh_from_db()
            batch.append(_section(parent, record))
    translate_new(batch, others, MACHINE)
    for record in records:
        page = parent.get_children().get(slug=record["slug"]).specific
        if record.get("children"):
            _level(page, record["children"], others)
        if isinstance(page, DocumentIndexPage):
            _documents(page, others)
        if isinstance(page, AnnouncementIndexPage):
            _announcements(page, others)


def _section(parent: Page, record: dict[str, Any]) -> tuple[Page, Memory]:
    texts = Texts()
    model = _TYPES[record["type"]]
    page = model(
        title=texts(record["title"]),
        slug=record["slug"],
        locale=parent.locale,
        content_owner=texts(owner_of(record.get("owner") or "")),
        reviewed_on=timezone.localdate(),
        show_in_menus=bool(record.get("in_menu")),
        translation_key=uuid.uuid5(NAMESPACE, f"{parent.url_path}{record['slug']}"),
    )
    page.summary = texts(record.get("summary"))
    page.body = _stream(record["slug"], record.get("body") or [], texts)
    return add_live(parent, page, REASON), texts.memory


def _stream(place: str, blocks: list[dict[str, Any]], texts: Texts) -> list[dict[str, Any]]:
    """Raw stream data; ids follow from the place, so that a second load gives the same."""

    def identity(*parts: object) -> str:
        return str(uuid.uuid5(NAMESPACE, "/".join(map(str, (place, *parts)))))

    def listed(number: int, name: str, values: list[Any]) -> list[dict[str, Any]]:
        return [
            {"type": "item", "id": identity(number, name, n), "value": value}
            for n, value in enumerate(values)
        ]

    raw = []
    for number, block in enumerate(blocks):
        kind, value = block["type"], block["value"]
        if kind == "paragraph":
            content: Any = texts(value)
        elif kind == "heading":
            content = {"text": texts(value["text"])}
        elif kind == "callout":
            content = {
                "kind": value.get("kind", "info"),
                "title": texts(value["title"]),
                "text": texts(value.get("text")),
            }
        elif kind == "table":
            rows = [
                {"cells": listed(number, f"row{n}", [_cell(cell, texts) for cell in row])}
                for n, row in enumerate(value["rows"])
            ]
            content = {
                "caption": texts(value["caption"]),
                "headers": listed(number, "headers", [texts(cell) for cell in value["headers"]]),
                "rows": listed(number, "rows", rows),
            }
        elif kind == "links":
            values = [{"title": texts(i["title"]), "url": i["url"]} for i in value["items"]]
            content = {"items": listed(number, "items", values)}
        elif kind == "contact":
            content = {
                "title": texts(value["title"]),
                "phone": value.get("phone", ""),
                "email": value.get("email", ""),
                "address": texts(value.get("address")),
                "hours": texts(value.get("hours")),
            }
        else:
            values = [{name: texts(text) for name, text in item.items()} for item in value["items"]]
            content = {"items": listed(number, "items", values)}
        raw.append({"type": kind, "id": identity(number), "value": content})
    return raw


def _cell(cell: Any, texts: Texts) -> str:
    """A cell is a text map, or a plain text that is the same in all languages."""
    return texts(cell) if isinstance(cell, dict) else str(cell)


def _documents(index: Page, others: list[Locale]) -> None:
    batch: list[tuple[Page, Memory]] = []
    for record in items("documents"):
        if not missing(index, record["key"]):
            continue
        index.refresh_from_db()
        texts = Texts()
        page = LegalDocumentPage(
            title=texts(record["title"]),
            summary=texts(record["summary"]),
            slug=record["key"],
            key=record["key"],
            kind=record["kind"],
            number=texts(
                {code: act_number(record["number"], code) for code, _name in settings.LANGUAGES}
            ),
            issued_on=date.fromisoformat(record["date"]) if record.get("date") else None,
            issuing_body=texts(record["issued_by"]),
            in_force=record["in_force"],
            official_url=record.get("official_url") or "",
            content_owner=texts(owner_of("adliya-vazirligi")),
            body=_stream(record["key"], record.get("body") or [], texts),
            locale=index.locale,
            reviewed_on=timezone.localdate(),
            translation_key=uuid.uuid5(NAMESPACE, f"document/{record['key']}"),
        )
        page.relations = [
            DocumentRelation(kind=row["kind"], target=row["target"], sort_order=n)
            for n, row in enumerate(record.get("relations") or [])
        ]
        add_live(index, page, REASON)
        batch.append((page, texts.memory))
    translate_new(batch, others, MACHINE)


def _announcements(index: Page, others: list[Locale]) -> None:
    agencies = {row.key: row for row in Agency.objects.all()}
    today = timezone.localdate()
    batch: list[tuple[Page, Memory]] = []
    for record in items("announcements"):
        if not missing(index, record["slug"]):
            continue
        index.refresh_from_db()
        texts = Texts()
        closes = record.get("closes_in_days")
        page = AnnouncementPage(
            title=texts(record["title"]),
            summary=texts(record["summary"]),
            slug=record["slug"],
            kind=record["kind"],
            announced_on=today - timedelta(days=record["days_ago"]),
            closes_on=today + timedelta(days=closes) if closes is not None else None,
            agency=agencies.get(record.get("agency") or ""),
            body=_stream(record["slug"], record.get("body") or [], texts),
            locale=index.locale,
            reviewed_on=today,
            translation_key=uuid.uuid5(NAMESPACE, f"announcement/{record['slug']}"),
        )
        add_live(index, page, REASON)
        batch.append((page, texts.memory))
    translate_new(batch, others, MACHINE)
