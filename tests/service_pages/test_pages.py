"""What readers see: service, agency and index pages, the catalogue, and what they cost."""

from __future__ import annotations

import cProfile
import gzip
import json
import pstats
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from core.models import BaseAmount
from core.money import soums
from core.publishing import generation
from service_pages import apply_links, browsing
from service_pages.apply_links import ApplyLink
from service_pages.figures import update_figures
from service_pages.models import CatalogueEntry, PassportVersion, Service, ServiceFigures
from tests.service_pages import factories

pytestmark = pytest.mark.django_db

PATH = "/uz/idoralar/adliya-vazirligi/nikoh-malumotnoma/"


@pytest.fixture
def with_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every service has a form."""
    link = ApplyLink("/uz/apply/demo/", "demo")
    monkeypatch.setattr(apply_links, "_resolvers", [lambda service: link])


@pytest.fixture
def without_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """No service has one."""
    monkeypatch.setattr(apply_links, "_resolvers", [])


def page(client: Client, path: str = PATH, **params: str) -> str:
    """The HTML of a page."""
    response = client.get(path, params)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def order_of(html: str, *marks: str) -> list[int]:
    """Where each mark stands first."""
    places = [html.find(mark) for mark in marks]
    assert -1 not in places, [mark for mark, place in zip(marks, places, strict=True) if place < 0]
    return places


@pytest.mark.usefixtures("with_form")
def test_the_service_page_stands_in_its_order(client: Client) -> None:
    factories.make_service()
    html = page(client)
    places = order_of(
        html, 'class="breadcrumb"', "<h1>", 'class="facts"', "service__apply", 'id="prepare"', 'id="price"',
        'id="term"', 'class="promise"', 'id="steps"', 'class="actions"', 'id="offices"',
        'id="refusal"', 'id="complain"', 'id="questions"', 'id="law"', "QR-0001",
    )  # fmt: skip
    assert places == sorted(places)
    assert "18\u00a0540\u00a0soʻm" in html
    assert "0,045 ×" in html
    assert 'href="tel:+998610000111"' in html
    assert html.count('class="button button--wide"') == 1


def test_facts_and_contents_lead_to_parts_that_exist(client: Client) -> None:
    factories.make_service()
    html = page(client)
    ids = set(re.findall(r'id="([^"]+)"', html))
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets - {"main"} <= ids


@pytest.mark.usefixtures("without_form")
def test_a_service_without_a_form_says_where_and_has_no_button(client: Client) -> None:
    factories.make_service(external_url="https://my.gov.uz/uz/service/112")
    html = page(client)
    assert "service__apply" not in html
    assert 'id="where"' in html
    assert "https://my.gov.uz/uz/service/112" in html


def test_parts_without_content_are_not_shown(client: Client) -> None:
    factories.make_service(
        "bepul", fee_status="free", fee_mode="none", fees=[], documents_required=False, documents=[],
        questions=[], discount_codes=[],
    )  # fmt: skip
    html = page(client, "/uz/idoralar/adliya-vazirligi/bepul/")
    assert 'id="questions"' not in html
    assert 'id="related"' not in html
    # The one form asks whether the page was useful.
    assert html[html.index("<main") : html.index("</main>")].count("<form") == 1
    assert 'action="/uz/useful/"' in html


def test_the_readers_price_works_without_a_script(client: Client) -> None:
    factories.make_service()
    html = page(client, PATH, discount="SOC50")
    assert "9\u00a0270\u00a0soʻm" in html


def test_what_editors_write_is_escaped(client: Client) -> None:
    evil = "</script><script>alert(1)</script>"
    factories.make_service("yomon", title=evil, result={"uz": evil}, questions=[
        {"question": {"uz": evil}, "answer": {"uz": evil}}
    ])  # fmt: skip
    html = page(client, "/uz/idoralar/adliya-vazirligi/yomon/")
    assert "<script>alert" not in html
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    assert json.loads(block[1])["name"] == evil


def test_a_service_in_test_mode_says_so_and_a_retired_one_has_no_button(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    service = factories.make_service()
    for status in (Service.Status.TEST, Service.Status.RETIRED):
        service.status = status
        with django_capture_on_commit_callbacks(execute=True):
            service.save()
        if status == Service.Status.TEST:
            assert "notice--important" in page(client)
    html = page(client)
    assert "notice--warning" in html
    assert "service__apply" not in html
    assert 'id="where"' not in html


def test_known_gaps_are_shown(client: Client) -> None:
    factories.make_service(known_gaps=["steps", "fee"])
    assert "notice--info" in page(client)


@pytest.mark.usefixtures("with_form")
def test_a_service_page_is_cheap(client: Client, django_assert_max_num_queries: Any) -> None:
    factories.make_service("oldin", title="Avvalgi xizmat")
    factories.make_service(related=[{"service": "oldin", "kind": "before"}])
    page(client)  # the frame's caches
    with django_assert_max_num_queries(8):
        html = page(client)
    assert "Avvalgi xizmat" in html
    assert len(gzip.compress(html.encode())) <= 14 * 1024


@pytest.mark.usefixtures("with_form")
def test_what_the_room_adds_to_a_page_is_cheap(rf: RequestFactory) -> None:
    service = factories.make_service()
    shown = service.pages.get()
    shown.get_context(rf.get(PATH))
    profile = cProfile.Profile()
    profile.runcall(shown.get_context, rf.get(PATH))
    assert pstats.Stats(profile).total_calls <= 3_000


def test_an_agency_page_is_cheap(client: Client, django_assert_max_num_queries: Any) -> None:
    factories.make_service()
    page(client, "/uz/idoralar/adliya-vazirligi/")
    with django_assert_max_num_queries(10):
        html = page(client, "/uz/idoralar/adliya-vazirligi/")
    for text in ("Demo Rahbar 01", "Murojaatlarni", "Nikoh haqida", "+998 61 000-01-10"):
        assert text in html


def test_organisations_are_listed_by_kind(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    factories.make_agency()
    factories.make_agency("nukus-hokimligi", kind="hokimiyat", name={"uz": "Nukus hokimligi"})
    page(client, "/uz/idoralar/")
    with django_assert_max_num_queries(10):
        html = page(client, "/uz/idoralar/")
    places = order_of(
        html, 'id="ministry"', "Adliya vazirligi", 'id="hokimiyat"', "Nukus hokimligi"
    )
    assert places == sorted(places)


def test_a_service_of_hokimiyats_is_one_page_with_all_their_offices(client: Client) -> None:
    keys = ["nukus-hokimligi", "beruniy-hokimligi"]
    for order, key in enumerate(keys):
        owner = factories.make_agency(key, kind="hokimiyat", name={"uz": key})
        district = factories.make_district(f"d{order}", name={"uz": f"Tuman {order}"}, order=order)
        factories.make_office(owner.agency, district, name={"uz": f"Qabulxona {order}"})
    factories.make_agency("adliya-vazirligi")
    factories.make_service(
        "uy-joy", agency=factories.make_agency(keys[0]), co_agencies=[keys[1], "adliya-vazirligi"]
    )
    html = page(client, "/uz/idoralar/nukus-hokimligi/uy-joy/")
    assert "Qabulxona 0" in html
    assert "Qabulxona 1" in html
    assert "Bozor yonida" in html
    offices = html[html.index('id="offices"') :]
    assert "Adliya vazirligi" not in offices[: offices.index("</section>")]


def test_an_office_may_accept_some_services_only(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    service = factories.make_service()
    office = service.agency.offices.get()
    for keys, shown in (["boshqa"], False), ([service.key], True):
        office.services_accepted = keys
        with django_capture_on_commit_callbacks(execute=True):
            office.save()
        assert ('id="offices"' in page(client)) is shown


@pytest.mark.parametrize(
    "change",
    [
        lambda: factories.make_agency().agency.save(),
        lambda: BaseAmount.objects.create(effective_from="2025-09-01", amount_tiyin=50_000_000),
        lambda: factories.make_office(factories.make_agency().agency),
    ],
    ids=["agency", "base amount", "office"],
)
def test_what_pages_keep_is_read_anew_after_a_change(
    change: Callable[[], object], client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    factories.make_service()
    page(client)
    before = generation()
    with django_capture_on_commit_callbacks(execute=True):
        change()
    assert generation() != before


def test_a_new_base_amount_changes_the_price_at_once(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    factories.make_service()
    assert "18\u00a0540\u00a0soʻm" in page(client)
    with django_capture_on_commit_callbacks(execute=True):
        BaseAmount.objects.create(effective_from="2025-09-01", amount_tiyin=soums(500000))
    assert "22\u00a0500\u00a0soʻm" in page(client)


# -- the catalogue -----------------------------------------------------------------------------


@pytest.fixture
def three_services(with_form: None) -> None:
    """A free one for firms, a paid one, and a paid one of another agency."""
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"})
    factories.make_service(
        "bepul", title="Bepul xizmat", fee_status="free", fee_mode="none", fees=[],
        applicant_categories=["legal_entity"],
    )  # fmt: skip
    factories.make_service("arxiv", title="Arxiv maʼlumotnomasi", life_events=[])
    factories.make_service("shifokor", title="Shifokor qabuli", agency=other, topics=[
        "civil-registration"
    ])  # fmt: skip


def titles(html: str) -> list[str]:
    """Titles of the cards in their order."""
    return re.findall(r'service-card__title"><a href="[^"]+">([^<]+)</a>', html)


@pytest.mark.usefixtures("three_services")
class TestCatalogue:
    def test_all_services_by_popularity_or_name(self, client: Client) -> None:
        ServiceFigures.objects.update_or_create(
            service=Service.objects.get(key="shifokor"), defaults={"requests_90": 3}
        )
        update_figures()
        html = page(client, "/uz/services/")
        assert titles(html)[0] == "Shifokor qabuli"
        assert titles(page(client, "/uz/services/", sort="name")) == [
            "Arxiv maʼlumotnomasi", "Bepul xizmat", "Shifokor qabuli",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/uz/services/?free=1", {"Bepul xizmat"}),
            ("/uz/services/?online=1", {"Bepul xizmat", "Arxiv maʼlumotnomasi", "Shifokor qabuli"}),
            ("/uz/services/?for=legal_entity", {"Bepul xizmat"}),
            ("/uz/services/?for=individual&agency=ssv", {"Shifokor qabuli"}),
            ("/uz/services/topic/civil-registration/?free=1", {"Bepul xizmat"}),
            ("/uz/services/event/birth/", {"Bepul xizmat", "Shifokor qabuli"}),
            ("/uz/services/for/legal_entity/", {"Bepul xizmat"}),
            ("/uz/services/agency/ssv/", {"Shifokor qabuli"}),
            ("/uz/services/?free=1&for=individual", set()),
            ("/uz/services/?for=nobody&topic=nothing&sort=x&page=zz&free=yes",
             {"Bepul xizmat", "Arxiv maʼlumotnomasi", "Shifokor qabuli"}),
        ],
    )  # fmt: skip
    def test_filters(self, client: Client, path: str, expected: set[str]) -> None:
        html = page(client, path)
        assert set(titles(html)) == expected
        if not expected:
            assert 'class="empty"' in html

    def test_every_filter_link_leads_to_as_many_services_as_it_says(self, client: Client) -> None:
        html = page(client, "/uz/services/")
        links = re.findall(r'<a href="(\?[^"]*)">[^<]*<span class="count">(\d+)</span>', html)
        assert links
        for query, count in links:
            found = titles(page(client, "/uz/services/" + query.replace("&amp;", "&")))
            assert len(found) == int(count), query

    def test_a_chosen_filter_leads_back(self, client: Client) -> None:
        html = page(client, "/uz/services/?free=1")
        chosen = re.search(r'<a href="([^"]*)" aria-current="true">[^<]*<span class="count"', html)
        assert chosen[1] == "?"

    @pytest.mark.parametrize(
        "path", ["topic/yoq/", "event/yoq/", "for/nobody/", "agency/yoq/", "topic/%3Cb%3E/"]
    )
    def test_unknown_lists_are_not_found(self, client: Client, path: str) -> None:
        assert client.get(f"/uz/services/{path}").status_code == 404

    def test_lists_speak_the_readers_language(self, client: Client) -> None:
        html = page(client, "/ru/services/topic/civil-registration/")
        assert "Гражданское состояние" in html
        assert 'lang="uz-Latn"' in html[html.index("service-list") :]
        assert "Шифокор қабули" in page(client, "/uz-cyrl/services/")


def test_the_catalogue_does_not_grow_with_the_services(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    service = factories.make_service()
    _many(service, 60)
    for sort in ("popular", "name"):
        page(client, "/uz/services/", sort=sort)
        cache.clear()
        page(client, "/uz/services/", sort=sort)
        with django_assert_max_num_queries(4):
            html = page(client, "/uz/services/", sort=sort, page="2")
        assert len(titles(html)) == browsing.PER_PAGE


def _many(service: Service, number: int) -> None:
    services = Service.objects.bulk_create(
        Service(key=f"s{n}", registry_number=f"T-{n}", agency=service.agency) for n in range(number)
    )
    CatalogueEntry.objects.bulk_create(
        CatalogueEntry(
            service=row, language="uz", text_language="uz", title=row.key, path=f"/uz/{row.key}/",
            agency=row.agency, sort_title=row.key,
        )
        for row in services
    )  # fmt: skip


def test_figures_make_the_popularity(client: Client) -> None:
    # Views wait in the process: a key that no other test reads.
    service = factories.make_service("sanoq")
    for _ in range(3):
        page(client, "/uz/idoralar/adliya-vazirligi/sanoq/")
    assert update_figures() == 1
    assert service.entries.get(language="ru").popularity == 3
    assert ServiceFigures.objects.get().views_90 == 3
    assert update_figures() == 0


SAMPLES = [
    {
        "kind": "blank",
        "title": {"uz": "Rozilik", "ru": "Согласие"},
        "note": {"uz": "Notarius oldida"},
        "text": {"uz": "ROZILIK\nMen, ____ <b>", "ru": "СОГЛАСИЕ\nЯ, ____"},
    }
]


def test_a_blank_form_has_a_page_to_print_in_each_language(client: Client) -> None:
    factories.make_service("nikoh-malumotnoma", samples=SAMPLES)
    page = client.get(PATH).content.decode()
    assert 'id="samples"' in page
    assert 'href="/uz/services/sample/nikoh-malumotnoma/blank-1/"' in page
    sheet = client.get("/uz/services/sample/nikoh-malumotnoma/blank-1/").content.decode()
    assert "ROZILIK<br>Men, ____ &lt;b&gt;" in sheet and f'href="{PATH}"' in sheet
    for missing in ("nikoh-malumotnoma/blank-2", "yoq/blank-1"):
        assert client.get(f"/uz/services/sample/{missing}/").status_code == 404


def test_a_passport_from_before_samples_is_still_shown(client: Client) -> None:
    service = factories.make_service("nikoh-malumotnoma")
    version = PassportVersion.objects.get(service=service)
    old = {name: value for name, value in version.content.items() if name != "samples"}
    PassportVersion.objects.filter(pk=version.pk).update(content=old)
    cache.clear()
    assert client.get(PATH).status_code == 200
    assert client.get("/uz/services/sample/nikoh-malumotnoma/blank-1/").status_code == 404
