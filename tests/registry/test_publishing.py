"""The registry: versions, differences, decisions, and what readers can take along."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from openpyxl import load_workbook

from core.publishing import PublishBlocked
from registry import deciding, publishing
from registry.models import AgendaItem, Decision, RegistryLine, RegistryVersion, Session
from service_pages.models import Service, ServicePage
from tests.core.pdf_ua import accessible
from tests.service_pages.factories import make_service

pytestmark = pytest.mark.django_db

TEXT = {"uz": "Reyestrga kiritilsin.", "ru": "Включить в реестр."}


@pytest.fixture
def session() -> Session:
    return Session.objects.create(number="2026/1", held_on="2026-03-02")


def include(session: Session, service: Service, **change: Any) -> AgendaItem:
    return deciding.put_on_agenda(session, "include", service, change=change)


def test_every_change_makes_a_version_and_its_difference_is_known() -> None:
    one = make_service("bir-xizmat")
    two = make_service("ikki-xizmat")
    first = publishing.publish()
    assert first is not None and (first.number, first.added) == (1, 2)
    assert publishing.publish() is None

    Service.objects.filter(pk=one.pk).update(phase=5)
    second = publishing.publish()
    assert second is not None and (second.number, second.added, second.changed) == (2, 0, 1)
    (change,) = publishing.difference(2)
    assert change.line.service_id == one.pk and change.names == ["phase"]
    assert {line.phase for line in RegistryLine.objects.of(1).filter(service=one)} != {5}
    assert {line.phase for line in RegistryLine.objects.of(2).filter(service=one)} == {5}
    assert RegistryLine.objects.of(2).get(service=two).since == 1


def test_a_renamed_agency_makes_a_version_and_the_former_one_keeps_the_name() -> None:
    service = make_service("bir-xizmat")
    publishing.publish()
    service.agency.name = {"uz": "Yangi nom"}
    service.agency.save()
    publishing.publish()
    (change,) = publishing.difference(2)
    assert change.names == ["agency"]
    assert change.after.content["agency"]["name"]["uz"] == "Yangi nom"
    assert change.before.content["agency"]["name"]["uz"] != "Yangi nom"


def test_a_changed_line_is_found() -> None:
    service = make_service("bir-xizmat")
    publishing.publish()
    Service.objects.filter(pk=service.pk).update(phase=4)
    publishing.publish()
    assert publishing.verify() == []
    line = RegistryLine.objects.of(1).get()
    RegistryLine.objects.filter(pk=line.pk).update(content=line.content | {"phase": 5})
    assert publishing.verify() == [1]


def test_what_is_published_or_decided_never_changes(session: Session) -> None:
    service = make_service("bir-xizmat")
    decision = deciding.decide(
        session, number="1", text=TEXT, adopted=[include(session, service, status="live")]
    )
    for row in (decision, publishing.newest()):
        with pytest.raises(TypeError):
            row.save()
    with pytest.raises(TypeError):
        decision.delete()


def test_a_decision_changes_service_and_registry_in_one_step(session: Session) -> None:
    service = make_service("bir-xizmat")
    Service.objects.filter(pk=service.pk).update(phase=1, status="scheduled")
    publishing.publish()
    item = include(session, service, phase=3, status="live")
    decision = deciding.decide(session, number="5", text=TEXT, adopted=[item])

    service.refresh_from_db()
    assert (service.phase, service.status) == (3, "live")
    # It starts on the day of the decision where nothing else is said.
    assert service.launched_on == decision.decided_on
    version = publishing.newest()
    assert version.decision == decision
    line = RegistryLine.objects.current().get(service=service)
    assert line.content["decision"] == {"number": "5", "on": "2026-03-02"}
    assert line.content["passport"] == service.versions.first().number


def test_what_is_rejected_or_postponed_changes_nothing(session: Session) -> None:
    no, later = make_service("bir-xizmat"), make_service("ikki-xizmat")
    items = [include(session, no, phase=5), include(session, later, phase=5)]
    deciding.decide(session, number="5", text=TEXT, adopted=[], rejected=items[:1])
    deciding.close(session)
    for item, outcome in zip(items, ("rejected", "postponed"), strict=True):
        item.refresh_from_db()
        assert item.outcome == outcome
    assert not Service.objects.filter(phase=5).exists()


def test_what_cannot_be_decided_says_so_and_changes_nothing(session: Session) -> None:
    service = make_service("bir-xizmat")
    item = include(session, service, phase=3)
    deciding.decide(session, number="5", text=TEXT, adopted=[item])
    other = Session.objects.create(number="2026/2", held_on="2026-03-02")
    foreign, open_item = include(other, service, phase=4), include(session, service, phase=4)
    bad: list[dict[str, Any]] = [
        {"number": "5", "text": TEXT, "adopted": [open_item]},  # a number that is taken
        {"number": "6", "text": TEXT, "adopted": [item]},  # decided already
        {"number": "6", "text": TEXT, "adopted": [foreign]},  # of another session
        {"number": "6", "text": TEXT, "adopted": [open_item], "rejected": [open_item]},
        {"number": "6", "text": {"ru": "Да"}, "adopted": [open_item]},  # without the state language
    ]
    for arguments in bad:
        with pytest.raises(deciding.CannotDecide):
            deciding.decide(session, **arguments)
    deciding.close(session)
    with pytest.raises(deciding.CannotDecide):
        deciding.decide(session, number="6", text=TEXT, adopted=[open_item])
    with pytest.raises(deciding.CannotDecide):
        include(session, service, phase=4)
    assert Decision.objects.count() == 1
    service.refresh_from_db()
    assert service.phase == 3


@pytest.mark.parametrize(
    "change", [{"phase": 9}, {"status": "on fire"}, {"planned_on": "soon"}, {"key": "other"}]
)
def test_a_change_that_could_not_be_applied_is_refused_at_once(
    session: Session, change: dict[str, Any]
) -> None:
    with pytest.raises(deciding.CannotDecide):
        include(session, make_service("bir-xizmat"), **change)


def test_nothing_is_live_as_interactive_without_a_decision(session: Session, settings: Any) -> None:
    page = ServicePage.objects.get(service=make_service("bir-xizmat"), locale__language_code="uz")
    settings.REGISTRY_NEEDS_DECISION = True
    Service.objects.filter(pk=page.service_id).update(phase=3, status="live")
    page = type(page).objects.get(pk=page.pk)
    with pytest.raises(PublishBlocked):
        page.save_revision().publish()
    # Test mode needs none, information needs none.
    Service.objects.filter(pk=page.service_id).update(status="test")
    type(page).objects.get(pk=page.pk).save_revision().publish()
    Service.objects.filter(pk=page.service_id).update(phase=1, status="live")
    type(page).objects.get(pk=page.pk).save_revision().publish()

    Service.objects.filter(pk=page.service_id).update(phase=3, status="live")
    deciding.decide(
        session, number="1", text=TEXT, adopted=[include(session, page.service, status="live")]
    )
    type(page).objects.get(pk=page.pk).save_revision().publish()
    settings.REGISTRY_NEEDS_DECISION = False
    AgendaItem.objects.all().delete()
    try:
        type(page).objects.get(pk=page.pk).save_revision().publish()
    except ValidationError:
        pytest.fail("the rule is switched off")


def test_readers_see_the_registry_filtered_and_as_it_was(client: Client) -> None:
    assert client.get("/uz/registry/").status_code == 404  # nothing published yet
    one, two = make_service("bir-xizmat"), make_service("ikki-xizmat")
    Service.objects.filter(pk=one.pk).update(phase=1)
    Service.objects.filter(pk=two.pk).update(phase=3)
    publishing.publish()
    Service.objects.filter(pk=one.pk).update(phase=3)
    publishing.publish()

    def numbers(path: str) -> set[str]:
        answer = client.get(path)
        assert answer.status_code == 200
        return {row["registry_number"] for row in answer.context["rows"]}

    both = {one.registry_number, two.registry_number}
    assert numbers("/uz/registry/?phase=3") == both
    assert numbers("/uz/registry/?phase=3&version=1") == {two.registry_number}
    assert numbers("/uz/registry/?phase=nine&status=x&version=77") == both
    assert numbers("/uz/registry/?agency=none") == set()
    page = client.get(f"/ru/registry/lines/{one.registry_number}/").content.decode()
    assert "информационная страница" in page.lower() and "<del>" in page
    assert client.get("/uz/registry/versions/2/").status_code == 200
    for missing in ("lines/NONE-1/", "versions/9/", "registry.exe"):
        assert client.get(f"/uz/registry/{missing}").status_code == 404


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_downloads_and_pdf_say_what_the_page_says(client: Client, language: str) -> None:
    service = make_service("bir-xizmat")
    publishing.publish()
    version = RegistryVersion.objects.get()

    def get(ending: str) -> bytes:
        answer = client.get(f"/{language}/registry/registry.{ending}")
        assert answer.status_code == 200
        assert f"registry-1-{language}.{ending}" in answer["Content-Disposition"]
        return bytes(answer.content)

    rows = list(csv.reader(io.StringIO(get("csv").decode("utf-8-sig"))))
    number = service.registry_number
    assert len(rows) == 2 and rows[1][0] == number
    title = rows[1][1]
    assert title
    sheet = load_workbook(io.BytesIO(get("xlsx"))).active
    assert [cell.value or "" for cell in sheet[2]] == rows[1]
    data = json.loads(get("json"))
    assert data["hash"] == version.hash and data["lines"][0]["registry_number"] == number
    assert number in accessible(get("pdf"), language, "registry").replace("\n", "")
    assert zipfile.is_zipfile(io.BytesIO(get("xlsx")))


@pytest.mark.parametrize("value", ["", "a" * 5000, "\x00", "' OR 1=1 --", "-1", "9" * 30, "٣"])
def test_hostile_filters_get_the_table(client: Client, value: str) -> None:
    make_service("bir-xizmat")
    publishing.publish()
    for name in ("version", "phase", "status", "agency", "page"):
        answer = client.get("/uz/registry/", {name: value})
        assert answer.status_code in {200, 400}, name
