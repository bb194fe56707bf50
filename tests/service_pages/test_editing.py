"""The editor's side: offices by district, the gate in the editor, a draft from a similar service."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext

from accounts.models import Role, User
from accounts.services import grant
from service_pages.forms import HoursField
from service_pages.models import Office, ServicePage
from service_pages.permissions import may_keep, offices_for
from tests.service_pages import factories

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_service_pages_office:list"
EDIT = "wagtailsnippets_service_pages_office:edit"
DELETE = "wagtailsnippets_service_pages_office:delete"
ADD = "wagtailsnippets_service_pages_office:add"


@pytest.fixture
def administrator(client: Client) -> Client:
    """A client signed in as an administrator."""
    user = User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda")
    client.force_login(user)
    return client


@pytest.fixture
def offices() -> dict[str, Office]:
    """Offices of one agency in two districts, and one of another agency."""
    agency = factories.make_agency().agency
    nukus, beruniy = factories.make_district(), factories.make_district("beruniy", order=2)
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"}).agency
    return {
        "nukus": agency.offices.get(),
        "beruniy": factories.make_office(agency, beruniy),
        "other": other.offices.get(district=nukus),
    }


def editor(**membership: Any) -> User:
    """An editor with a membership."""
    user = User.objects.create_user(email="editor@example.org", is_staff=True)
    agency = membership.pop("agency", None)
    grant(user, agency, Role.EDITOR, **membership)
    return User.objects.get(pk=user.pk)


def test_a_districts_editor_keeps_that_districts_offices_only(
    client: Client, offices: dict[str, Office]
) -> None:
    office = offices["beruniy"]
    user = editor(agency=office.agency, district=office.district)
    assert list(offices_for(user)) == [office]
    assert may_keep(user, office)
    assert not may_keep(user, offices["nukus"])
    assert not may_keep(user, office, "delete")
    client.force_login(user)
    html = client.get(reverse(LIST)).content.decode()
    assert str(reverse(EDIT, args=[office.pk])) in html
    assert str(reverse(EDIT, args=[offices["nukus"].pk])) not in html
    assert client.get(reverse(EDIT, args=[office.pk])).status_code == 200
    for name, other in ((EDIT, "nukus"), (EDIT, "other"), (DELETE, "beruniy"), (DELETE, "nukus")):
        response = client.get(reverse(name, args=[offices[other].pk]))
        assert response.status_code in {302, 403}, (name, other)


def test_a_districts_editor_cannot_touch_a_passport(client: Client) -> None:
    service = factories.make_service()
    office = service.agency.offices.get()
    client.force_login(editor(agency=service.agency, district=office.district))
    url = reverse("wagtailadmin_pages:edit", args=[service.pages.get().pk])
    assert client.get(url).status_code in {302, 403}


def test_an_agencys_editor_keeps_all_its_offices(offices: dict[str, Office]) -> None:
    user = editor(agency=offices["nukus"].agency)
    assert set(offices_for(user)) == {offices["nukus"], offices["beruniy"]}
    assert may_keep(user, offices["nukus"], "delete")


def test_a_stranger_keeps_none(offices: dict[str, Office]) -> None:
    user = User.objects.create_user(email="boshqa@example.org", is_staff=True)
    assert not offices_for(user).exists()
    grant(user, offices["nukus"].agency, Role.OFFICER)
    assert not offices_for(user).exists()


def office_form(office: Office, **changes: Any) -> dict[str, Any]:
    """What the browser sends for an office."""
    data = {
        "agency": office.agency_id, "district": office.district_id, "phones": "+998 61 000-01-12",
        "step_free": "unknown", "latitude": "", "longitude": "",
    }  # fmt: skip
    for name in ("name", "address", "landmark", "transport", "reception"):
        for code, text in getattr(office, name).items():
            data[f"{name}_{code.replace('-', '_')}"] = text
    for day in ("monday", "tuesday"):
        data |= {f"hours_{day}_from": "09:00", f"hours_{day}_to": "17:00"}
    return data | changes


def test_a_districts_editor_cannot_move_an_office_out(
    client: Client, offices: dict[str, Office]
) -> None:
    office = offices["beruniy"]
    client.force_login(editor(agency=office.agency, district=office.district))
    url = reverse(EDIT, args=[office.pk])
    moved = office_form(office, district=offices["nukus"].district_id)
    assert client.post(url, moved).status_code == 200
    office.refresh_from_db()
    assert office.district.key == "beruniy"
    assert client.post(url, office_form(office)).status_code == 302
    office.refresh_from_db()
    assert office.phones == ["+998 61 000-01-12"]
    assert office.hours == [{"days": ["monday", "tuesday"], "from": "09:00", "to": "17:00"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"phones": "yoq"},
        {"latitude": "42.4"},
        {"hours_monday_from": "18:00"},
        {"hours_monday_break_from": "12:00"},
        {"hours_monday_break_from": "08:00", "hours_monday_break_to": "09:30"},
        {"name_uz": ""},
    ],
)
def test_a_wrong_office_is_not_saved(
    administrator: Client, offices: dict[str, Office], changes: dict[str, str]
) -> None:
    office = offices["nukus"]
    url = reverse(EDIT, args=[office.pk])
    assert administrator.post(url, office_form(office, **changes)).status_code == 200
    office.refresh_from_db()
    assert office.phones == ["+998 61 000-01-11"]


def test_hours_survive_the_form() -> None:
    field = HoursField(required=False)
    spans = [
        {"days": ["monday", "friday"], "from": "09:00", "to": "18:00", "break_from": "13:00",
         "break_to": "14:00"},
        {"days": ["saturday"], "from": "09:00", "to": "13:00"},
    ]  # fmt: skip
    assert field.clean(field.widget.decompress(spans)) == spans
    assert field.clean([]) == []


def test_the_editor_sees_what_is_missing(administrator: Client) -> None:
    page = factories.make_page("chala", steps=[])
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    html = administrator.get(url).content.decode()
    assert f"{page.completeness} %" in html
    data = _form_data(html)
    response = administrator.post(url, data | {"action-publish": "1"}, follow=True)
    assert response.status_code == 200
    said = gettext("Saved as a draft. Not published, because something is missing:")
    assert escape(said) in response.content.decode()
    assert not ServicePage.objects.get(pk=page.pk).live


def _form_data(html: str) -> dict[str, str]:
    """The values of the editor's form as a browser would send them, one per name."""
    data: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]+>", html):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if not name or "__prefix__" in name or kind in {"submit", "file"}:
            continue
        if kind in {"checkbox", "radio"} and " checked" not in tag:
            continue
        data[name] = _attribute(tag, "value")
    for attributes, text in re.findall(r"<textarea ([^>]*)>([^<]*)</textarea>", html):
        if "__prefix__" not in attributes:
            data[_attribute(attributes, "name")] = text.strip()
    for attributes, options in re.findall(r"<select ([^>]*)>(.*?)</select>", html, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        if "__prefix__" not in attributes and chosen:
            data[_attribute(attributes, "name")] = chosen[1]
    data.pop("", None)
    return data


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'(?:^|\s){name}="([^"]*)"', tag)
    return found[1].replace("&quot;", '"').replace("&#x27;", "'") if found else ""


def test_a_draft_starts_from_a_similar_service_in_the_admin(administrator: Client) -> None:
    service = factories.make_service()
    parent = factories.make_agency()
    url = reverse("service_pages_start", args=[parent.pk])
    assert administrator.get(url).status_code == 200
    data = {"source": service.pages.get().pk, "title": "Ajrim haqida", "key": "ajrim"}
    assert administrator.post(url, data | {"key": service.key}).status_code == 200
    assert administrator.post(url, data | {"key": "Yomon kalit!"}).status_code == 200
    response = administrator.post(url, data)
    draft = ServicePage.objects.get(service__key="ajrim")
    assert response.url == reverse("wagtailadmin_pages:edit", args=[draft.pk])
    assert not draft.live
    assert draft.fees.get().multiplier == service.pages.get().fees.get().multiplier


def test_another_agencys_editor_starts_nothing_there(client: Client) -> None:
    parent = factories.make_agency()
    other = factories.make_agency("ssv", name={"uz": "SSV"}).agency
    client.force_login(editor(agency=other))
    response = client.get(reverse("service_pages_start", args=[parent.pk]))
    assert response.status_code in {302, 403}


def test_the_agency_page_offers_the_start(administrator: Client) -> None:
    parent = factories.make_agency()
    html = administrator.get(reverse("wagtailadmin_explore", args=[parent.pk])).content.decode()
    assert reverse("service_pages_start", args=[parent.pk]) in html


def test_lists_of_the_admin_open(administrator: Client) -> None:
    factories.make_service()
    assert administrator.get(reverse("passports:index")).status_code == 200
    for model in ("service", "office", "topic", "lifeevent", "discount"):
        for name in ("list", "add"):
            url = reverse(f"wagtailsnippets_service_pages_{model}:{name}")
            assert administrator.get(url).status_code == 200, url
    for model in ("baseamount", "calendarday"):
        url = reverse(f"wagtailsnippets_core_{model}:add")
        assert administrator.get(url).status_code == 200


def test_a_preview_is_compiled_in_memory(administrator: Client) -> None:
    page = factories.make_page("qoralama")
    page.save_revision()
    response = administrator.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    assert "Nikoh haqida" in response.content.decode()
    assert page.default_preview_size == "mobile"
    assert not page.service.versions.exists()
