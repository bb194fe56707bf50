"""The pages of the watch: the public sees aggregates, those who answer see their own exactly."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework.models import ServiceRequest
from core import charts
from registry.monitoring import closing
from service_pages.models import Service
from tests.casework.support import applicant, make_agency, make_service, signed_in, staff
from tests.registry.played import Played, play
from tests.registry.test_figures import close
from tests.registry.test_generated import prepare

LANGUAGES = ["uz", "uz-cyrl", "kaa", "ru", "en"]
NOW = timezone.make_aware(datetime(2026, 10, 1, 9))


@pytest.fixture
def many(db: None) -> None:
    prepare(300, days=100)
    with time_machine.travel(NOW, tick=False):
        closing.close_days(settled=True)


@pytest.fixture
def played(db: None) -> Played:
    found = play()
    close()
    return found


def get(path: str, client: Client | None = None, status: int = 200, **query: str) -> Any:
    with time_machine.travel(NOW, tick=False):
        answer = (client or Client()).get(path, query)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_the_figures(many: None, language: str) -> None:
    page = get(f"/{language}/quality/").content.decode()
    for agency in Agency.objects.exclude(key="vk"):
        assert agency.label(language) in page
    assert page.count("<svg") >= 2 and "<table" in page
    page = get(f"/{language}/quality/indicators/").content.decode()
    for number in range(1, 18):
        assert f'id="M{number}"' in page
    assert "Demo Fuqaro" not in page


def test_few_cases_are_not_shown(played: Played) -> None:
    """Five requests of one agency are 5; the three answers among them are none of anybody's business."""
    page = get("/uz/quality/", period="2026-02").content.decode()
    tiles = page[page.index('class="figures"') : page.index('id="months"')]
    assert "&lt;\xa05" in tiles or "<\xa05" in tiles
    assert "66" not in tiles and "kam" in tiles
    data = json.loads(get("/uz/quality/figures.json", period="2026-02").content)
    [row] = [row for row in data["tables"][0]["rows"] if row["key"] == "adliya"]
    assert row["received"] == "5" and row["decided"] == "<\xa05"
    assert row["on_time"] not in {"66,7\xa0%", "67\xa0%"}
    # The exact number stands nowhere in the file.
    assert '"3"' not in json.dumps(data)


def test_every_number_of_the_public_is_rounded(many: None) -> None:
    data = json.loads(get("/en/quality/figures.json", by="district").content)
    counted = 0
    for table in data["tables"]:
        for row in table["rows"]:
            for key in ("received", "decided", "overdue"):
                text = row.get(key, "0")
                if text.replace(",", "").isdigit():
                    counted += 1
                    assert int(text.replace(",", "")) % 5 == 0
                else:
                    assert text in {"<\xa05", "–"}
    assert counted > 5


def test_one_agency_and_its_parts(many: None) -> None:
    whole = get("/uz/quality/").content.decode()
    mine = get("/uz/quality/", agency="adliya", by="channel").content.decode()
    assert "agency=soliq" in whole and "agency=soliq" not in mine
    get("/uz/quality/", agency="yoq", status=404)
    for query in ({"period": "2026-99"}, {"by": "x"}, {"period": "\x00"}, {"by": "service"}):
        get("/uz/quality/", **query)


def test_the_download_says_what_the_page_says(many: None) -> None:
    answer = get("/ru/quality/figures.csv", by="applicant")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][1:3] == ["Поступило", "Отвечено"] or len(rows[0]) > 3
    get("/ru/quality/figures.exe", status=404)


def test_before_the_first_day_is_closed_nothing_is_shown(db: None) -> None:
    page = get("/en/quality/").content.decode()
    assert "Nothing was counted in this period." in page


def test_pages_ask_the_database_as_often_with_many_agencies(
    many: None, django_assert_max_num_queries: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        Client().get("/uz/quality/")
        with django_assert_max_num_queries(45):
            Client().get("/uz/quality/")
        with django_assert_max_num_queries(40):
            Client().get("/uz/quality/indicators/")


@pytest.fixture
def people(played: Played) -> dict[str, User]:
    far = make_agency("uzoq", "UZQ")
    return {
        "officer": played.officer,
        "head": staff(played.agency, Role.HEAD, name="head"),
        "controller": staff(None, Role.CONTROLLER, name="controller"),
        "stranger": staff(far, Role.HEAD, name="far"),
        "editor": staff(played.agency, Role.EDITOR, name="editor"),
        "citizen": played.citizen,
    }


@pytest.mark.parametrize("path", ["/admin/registry/figures/", "/admin/registry/figures/requests/"])
def test_who_sees_exact_figures(played: Played, people: dict[str, User], path: str) -> None:
    for name in ("officer", "head", "controller", "stranger"):
        get(path, signed_in(people[name]))
    for name in ("editor", "citizen"):
        answer = signed_in(people[name]).get(path)
        assert answer.status_code in {302, 403}, name
    assert Client().get(path).status_code == 302


def test_people_see_their_own_agency_exactly(played: Played, people: dict[str, User]) -> None:
    mine = get("/admin/registry/figures/", signed_in(people["officer"]), period="2026-02")
    text = mine.content.decode()
    assert "66,7\xa0%" in text  # two of three in time: the public never reads it
    assert mine.context["asked"].agency == played.agency
    theirs = get("/admin/registry/figures/", signed_in(people["stranger"]), period="2026-02")
    assert "66,7\xa0%" not in theirs.content.decode()
    for path in ("/admin/registry/figures/", "/admin/registry/figures/requests/"):
        get(path, signed_in(people["stranger"]), status=404, agency="adliya")
    get("/admin/registry/figures/", signed_in(people["controller"]), agency="adliya")


def _numbers(answer: Any) -> set[str]:
    return {line["row"].number for line in answer.context["rows"]}


def test_from_a_figure_to_its_requests(played: Played, people: dict[str, User]) -> None:
    path, client = "/admin/registry/figures/requests/", signed_in(people["officer"])
    one, two, three, four, five, six = (
        ServiceRequest.objects.get(pk=row.pk).number for row in played.requests
    )

    def found(**query: str) -> set[str]:
        return _numbers(get(path, client, period="2026-02", **query))

    # The fifth went to another agency, whose people see it now.
    assert found(what="received") == {one, two, three, four}
    assert found(what="late") == {four}
    assert found(what="repeats") == {two}
    assert found(what="refused") == {two}
    assert found(what="received", by="district", value="nukus-city") == {one, two}
    assert found(what="received", by="applicant", value="organization") == {four}
    assert found(what="received", by="service", value="demo-service") == {one, two, three, four}
    assert found(what="open") == {two, three}
    assert found(what="received", by="channel", value="post") == set()
    everybody = _numbers(
        get(path, signed_in(people["controller"]), period="2026-02", what="received")
    )
    assert everybody == {one, two, three, four, five, six}
    assert _numbers(get(path, signed_in(people["stranger"]), period="2026-02")) == set()
    get(path, client, status=404, what="everything")


@pytest.mark.parametrize(
    "values", [[], [0.0], [None, 3.0], [1.0] * 40, [0.2, None, 0.4], [10_000.0, 7.0], [3.0, 3.0]]
)
def test_charts_are_drawings_that_say_what_they_show(values: list[float | None]) -> None:
    names = [f"{place:02}.26" for place in range(len(values))]
    for draw in (charts.columns, charts.lines):
        chart = draw("key", "Title <b>", "Text & more", names,
                     [charts.Series("One", values), charts.Series("Two", values)])  # fmt: skip
        root = ElementTree.fromstring(chart.svg())  # noqa: S314 - our own
        assert root.attrib["role"] == "img"
        space = "{http://www.w3.org/2000/svg}"
        assert root.find(f"{space}title").text == "Title <b>"
        ids = root.attrib["aria-labelledby"].split()
        assert {element.attrib.get("id") for element in root.iter()} >= set(ids)
        drawn = sum(1 for value in values if value is not None)
        for one in chart.series:
            assert len(one.marks) == drawn
            for mark in one.marks:
                assert 0 <= mark.y <= chart.floor and mark.x + mark.width <= charts.WIDTH


def test_an_unknown_service_keeps_its_figures(played: Played) -> None:
    make_service(make_agency("yangi", "YNG"), key="boshqa")
    assert Service.objects.count() == 2 and applicant(9)
    page = get("/uz/quality/", by="service", period="2026-02").content.decode()
    assert "R-demo-service" in page
