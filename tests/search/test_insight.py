"""Counts of queries: nothing of a person in them, and what editors read in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from accounts.services import create_staff
from search import insight, querylog
from search.engine import Query
from search.models import QueryCount
from search.query import find
from tests.search.test_results_page import write_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    querylog.discard()
    yield
    querylog.discard()


def count(text: str, *, searches: int = 5, day: date | None = None, **fields: Any) -> QueryCount:
    values = {"key": text, "text": text, "language": "uz", "results": 3} | fields
    return QueryCount.objects.create(day=day or timezone.localdate(), searches=searches, **values)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("pasport 31234567890123", "pasport"),
        ("AB1234567 holati", "holati"),
        ("АВ 1234567", ""),
        ("ab 123 45 67", ""),
        ("+998 90 123-45-67 raqami", "raqami"),
        ("(90) 123 45 67", "("),
        ("fuqaro@example.org pochtasi", "pochtasi"),
        ("8600 1234 5678 9012", ""),
        ("05.03.1990 tugʻilgan", "tugʻilgan"),
        ("MAK-2026-000123-5", ""),
        ("PQ-244 qaror", "PQ-244 qaror"),
        ("612-son 2026 yil", "612-son 2026 yil"),
        ("nikoh guvohnomasi", "nikoh guvohnomasi"),
    ],
)
def test_numbers_of_people_are_taken_out(typed: str, kept: str) -> None:
    assert querylog.scrubbed(typed) == kept


def test_spellings_count_together_without_the_number(client: Client) -> None:
    write_page("pasport", {"uz": "Pasport"})
    for query in ("Pasport", "паспорт", "pasport 31234567890123"):
        client.get("/uz/search/", {"q": query})
    client.get("/uz/search/", {"q": "pasport", "page": "2"})
    client.get("/uz/search/", {"q": "pasport", "type": "document"})
    client.post("/uz/search/chosen/", {"q": "pasport", "rank": "2"})
    querylog.flush()
    row = QueryCount.objects.get()
    assert (row.key, row.text, row.language) == ("pasport", "Pasport", "uz")
    assert (row.searches, row.results, row.clicks, row.ranks) == (3, 1, 1, 2)
    assert {field.name for field in QueryCount._meta.fields} == {
        "id", "day", "language", "key", "text", "searches", "results", "clicks", "ranks",
    }  # fmt: skip


def test_counts_of_several_batches_add_up() -> None:
    for _batch in range(2):
        querylog.note_search("metrika", "ru", 4)
        querylog.note_choice("metrika", "ru", 1)
        assert querylog.flush() == 1
    row = QueryCount.objects.get()
    assert (row.searches, row.results, row.clicks, row.ranks) == (2, 4, 2, 2)


@pytest.mark.parametrize("rank", ["0", "-1", "x", "99999", "", "²"])
def test_a_made_up_place_counts_nothing(client: Client, rank: str) -> None:
    assert client.post("/uz/search/chosen/", {"q": "pasport", "rank": rank}).status_code == 204
    assert querylog.flush() == 0


def test_rare_queries_go_soon_and_all_go_in_the_end() -> None:
    today = timezone.localdate()
    old, very_old = today - timedelta(querylog.RARE_DAYS), today - timedelta(querylog.KEPT_DAYS)
    count("Ism Familiya", searches=1, day=old)
    count("yangi", searches=1, day=today)
    kept = count("metrika", searches=querylog.LEAST, day=old)
    count("metrika", searches=9, day=very_old)
    assert querylog.forget() == 2
    assert set(QueryCount.objects.values_list("key", "day")) == {
        ("yangi", today), (kept.key, old),
    }  # fmt: skip


def test_the_report_parts_queries_by_what_came_of_them() -> None:
    count("pasport", searches=10, clicks=8, ranks=12)
    count("topilmas", searches=4, results=0)
    count("keraksiz", searches=6, clicks=0)
    count("kamyob", searches=querylog.LEAST - 1, results=0)
    count("eski", searches=50, day=timezone.localdate() - timedelta(days=8))
    report = insight.report(7)
    assert [row.text for row in report.top] == ["pasport", "keraksiz", "topilmas"]
    assert (report.top[0].opened, report.top[0].rank) == (80, 1.5)
    assert [row.text for row in report.without_result] == ["topilmas"]
    assert [row.text for row in report.without_click] == ["keraksiz"]
    assert (report.searches, report.empty, report.hidden) == (22, 6, 1)
    assert len(report.days) == 7
    assert report.days[-1].searches == 22
    assert insight.report(7, "ru").searches == 0


@pytest.mark.parametrize(("period", "rows"), [(7, 7), (30, 30), (90, 13), (365, 53)])
def test_the_chart_fits_every_period(period: int, rows: int) -> None:
    count("pasport", searches=10, results=0)
    count("boshqa", searches=10)
    days = insight.report(period).days
    assert len(days) == rows
    width, bars = insight.bars(days)
    assert bars[-1].height == insight.HEIGHT
    assert bars[-1].empty_height == insight.HEIGHT / 2
    assert bars[-1].x + width <= insight.WIDTH


def test_an_editor_makes_a_synonym_of_a_query(client: Client) -> None:
    count("svet oʻchdi", results=0)
    client.force_login(create_staff(email="x@example.org", agency=None, roles=[Role.EDITOR]))
    html = client.get(reverse("search_queries")).content.decode()
    links = re.findall(r'href="(/admin/snippets/[^"]*query=[^"]*)"', html)
    assert len(set(links)) == 2
    for link in set(links):
        form = client.get(link.replace("&amp;", "&"))
        assert form.status_code == 200
        assert "svet oʻchdi" in form.content.decode()
    assert "<rect" in html


@pytest.mark.django_db(transaction=True)
def test_a_synonym_made_from_the_report_counts_at_once(client: Client) -> None:
    write_page("elektr", {"uz": "Elektr taʼminotini tiklash"})
    assert find(Query("chiroqgul", everything=True)).total == 0
    count("chiroqgul", results=0)
    client.force_login(create_staff(email="x@example.org", agency=None, roles=[Role.EDITOR]))
    report = client.get(reverse("search_queries")).content.decode()
    link = re.search(r'href="(/admin/snippets/search/synonyms/[^"]*query=[^"]*)"', report)
    assert link
    words = client.get(link[1]).context["form"].initial["words"]
    assert words == "chiroqgul"
    values = {"words": f"{words}\nelektr taʼminoti", "note": "", "is_used": "on"}
    assert client.post(link[1], values).status_code == 302
    assert [hit.slug for hit in find(Query("chiroqgul", everything=True)).hits] == ["elektr"]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.TRANSLATOR])
def test_others_may_not_read_it(client: Client, role: Role) -> None:
    client.force_login(create_staff(email="x@example.org", agency=None, roles=[role]))
    assert client.get(reverse("search_queries")).status_code in {302, 403}
