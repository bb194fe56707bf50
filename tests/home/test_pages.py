"""Sections, documents, announcements, reading aids, feeds: what visitors meet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from core.publishing import PublishBlocked, past_the_gate
from home.models import (
    AnnouncementIndexPage,
    AnnouncementPage,
    DocumentIndexPage,
    DocumentRelation,
    InformationPage,
    LegalDocumentPage,
    MenuItem,
    Notice,
    Phone,
    SectionPage,
    StatisticsPage,
)
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


def add(parent: Page, page: Page, **fields: Any) -> Any:
    """A published page under another one."""
    for name, value in fields.items():
        setattr(page, name, value)
    page.locale = parent.locale
    parent.refresh_from_db()
    parent.add_child(instance=page)
    with past_the_gate("test"):
        page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def home() -> Page:
    return factories.home_page()


def text(value: str) -> list[dict[str, Any]]:
    return [{"type": "paragraph", "value": f"<p>{value}</p>"}]


def test_a_section_shows_its_pages(client: Client, home: Page) -> None:
    section = add(home, SectionPage(title="Yordam", slug="yordam", summary="Qisqacha"))
    add(section, InformationPage(title="Kuzatish", slug="kuzatish", body=text("Holati")))
    html = client.get("/uz/yordam/").content.decode()
    assert "Qisqacha" in html
    assert "/uz/yordam/kuzatish/" in html
    assert "Holati" in client.get("/uz/yordam/kuzatish/").content.decode()


def test_no_section_opens_on_an_empty_page(home: Page) -> None:
    section = SectionPage(title="Boʻsh", slug="bosh", locale=home.locale, live=False)
    home.add_child(instance=section)
    with pytest.raises(PublishBlocked):
        section.save_revision().publish()
    assert not SectionPage.objects.get(pk=section.pk).live


def test_documents_are_filtered_by_links_and_unknown_filters_are_ignored(
    client: Client, home: Page
) -> None:
    index = add(home, DocumentIndexPage(title="Hujjatlar", slug="hujjatlar", summary="Hammasi"))
    common = {"issuing_body": "Oliy Majlis", "issued_on": timezone.localdate(), "summary": "S"}
    law = add(
        index,
        LegalDocumentPage(title="Qonun bir", slug="a", key="a", kind="law", number="1", **common),
    )
    add(
        index,
        LegalDocumentPage(
            title="Qaror ikki",
            slug="b",
            key="b",
            kind="order",
            number="2",
            in_force=False,
            **common,
        ),
    )
    assert "Qaror ikki" not in client.get("/uz/hujjatlar/?kind=law").content.decode()
    assert "Qonun bir" not in client.get("/uz/hujjatlar/?force=no").content.decode()
    add(
        index,
        LegalDocumentPage(title="Qonun uch", slug="c", key="c", kind="law", number="3", **common),
    )
    kinds = client.get("/uz/hujjatlar/").context["kinds"]
    assert {kind: count for kind, _label, count in kinds} == {"law": 2, "order": 1}
    everything = client.get("/uz/hujjatlar/?kind=<script>&force=maybe&page=-5").content.decode()
    assert "Qonun bir" in everything
    assert "Qaror ikki" in everything
    assert law.number in client.get("/uz/hujjatlar/a/").content.decode()


def test_relations_of_documents_are_shown_from_both_sides(client: Client, home: Page) -> None:
    index = add(home, DocumentIndexPage(title="Hujjatlar", slug="hujjatlar", summary="Hammasi"))
    common = {"issuing_body": "X", "issued_on": timezone.localdate(), "kind": "law", "summary": "S"}
    add(index, LegalDocumentPage(title="Eski qonun", slug="old", key="old", number="1", **common))
    newer = LegalDocumentPage(title="Yangi qonun", slug="new", key="new", number="2", **common)
    newer.relations = [DocumentRelation(kind="repeals", target="old")]
    add(index, newer)
    assert "Eski qonun" in client.get("/uz/hujjatlar/new/").content.decode()
    assert "Yangi qonun" in client.get("/uz/hujjatlar/old/").content.decode()


def test_an_announcement_that_people_answer_says_until_when(client: Client, home: Page) -> None:
    index = add(home, AnnouncementIndexPage(title="Eʼlonlar", slug="elonlar", summary="Hammasi"))
    today = timezone.localdate()
    vacancy = AnnouncementPage(
        title="Ish", slug="ish", kind="vacancy", summary="S", locale=index.locale
    )
    index.refresh_from_db()
    index.add_child(instance=vacancy)
    with pytest.raises(PublishBlocked):
        vacancy.save_revision().publish()
    vacancy.closes_on = today - timedelta(days=1)
    vacancy.save_revision().publish()
    assert AnnouncementPage.objects.get(pk=vacancy.pk).is_closed
    assert "Ish" in client.get("/uz/elonlar/?kind=vacancy").content.decode()
    assert "Ish" in client.get("/uz/feeds/announcements/").content.decode()


def test_statistics_count_what_there_is(client: Client, home: Page) -> None:
    factories.make_service()
    add(home, StatisticsPage(title="Statistika", slug="statistika", summary="S"))
    html = client.get("/uz/statistika/").content.decode()
    assert "Nukus shahri" in html
    assert "figures" in html


def test_menu_phones_and_notices_show_at_once_in_the_readers_language(
    client: Client, home: Page, django_capture_on_commit_callbacks: Any
) -> None:
    assert "Yangi band" not in client.get("/uz/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        MenuItem.objects.create(title={"uz": "Yangi band", "ru": "Новый пункт"}, address="yangi")
        Phone.objects.create(kind="hotline", name={"uz": "Ishonch"}, number="+998 61 000-00-09")
        Notice.objects.create(level="important", title={"uz": "Uzilish bor"})
        Notice.objects.create(
            level="info",
            title={"uz": "Eskirgan"},
            ends_at=timezone.now() + timedelta(seconds=1),
            starts_at=timezone.now() - timedelta(days=2),
        )
        Notice.objects.filter(title__uz="Eskirgan").update(
            ends_at=timezone.now() - timedelta(days=1)
        )
    html = client.get("/uz/").content.decode()
    assert "/uz/yangi/" in html
    assert "tel:+998610000009" in html
    assert "Uzilish bor" in html
    assert "Eskirgan" not in html


def test_reading_aids_are_links_and_keep_a_choice_without_an_identifier(
    client: Client, home: Page
) -> None:
    assert not client.get("/uz/").cookies
    answer = client.get("/uz/reading/", {"set": "contrast-wb", "next": "/uz/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/uz/"
    assert client.cookies["reading"].value == "contrast-wb"
    assert "contrast-wb" in client.get("/uz/").content.decode()
    client.get("/uz/reading/", {"set": "contrast-normal"})
    assert client.cookies["reading"].value == ""
    assert client.get("/uz/reading/", {"set": "nonsense"}).status_code == 200
    elsewhere = client.get("/uz/reading/", {"set": "text-125", "next": "https://example.org/"})
    assert elsewhere["Location"] == "/uz/reading/"


def test_the_site_map_lists_sections(client: Client, home: Page) -> None:
    add(home, SectionPage(title="Yordam", slug="yordam", summary="Qisqacha"))
    assert "/uz/yordam/" in client.get("/uz/site-map/").content.decode()
