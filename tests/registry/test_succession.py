"""Posts change hands, agencies are renamed and merged: dates stay, addresses lead on, figures go on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts import carrying
from accounts import staff as accounts_staff
from accounts.models import Agency, AgencySuccession, Membership, Role
from accounts.selectors import lineage
from accounts.services import grant
from casework.models import RequestEvent, ServiceRequest
from core.models import District
from registry import posts, responsibility, succession
from registry.models import PostHolding
from service_pages.models import AgencyPage, ServicePage
from tests.casework import support
from tests.casework.support import applicant, make_request
from tests.service_pages.factories import make_agency, make_page

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def holders(agency: Agency) -> list[tuple[str, date | None, date | None]]:
    return list(
        PostHolding.objects.filter(agency=agency, post="head")
        .order_by("pk")
        .values_list("name", "since", "until")
    )


def test_a_name_written_into_the_agency_is_a_succession() -> None:
    agency = make_agency("idora").agency
    agency.head_name = "Demo Rahbar 01"
    agency.save()
    agency.head_name = "Demo Rahbar 02"
    agency.save()
    # A slip of the pen, mended on the same day.
    agency.head_name = "Demo Rahbar 03"
    agency.save()

    yesterday = TODAY - timedelta(days=1)
    assert holders(agency) == [
        ("Demo Rahbar 01", None, yesterday),
        ("Demo Rahbar 03", TODAY, None),
    ]


def test_a_post_changes_hands_on_its_day() -> None:
    agency = make_agency("idora").agency
    posts.succeed(agency, "head", "Demo  Rahbar 01", since=date(2025, 3, 1))
    posts.succeed(agency, "head", "Demo Rahbar 02", since=date(2026, 5, 4))

    assert holders(agency) == [
        ("Demo Rahbar 01", date(2025, 3, 1), date(2026, 5, 3)),
        ("Demo Rahbar 02", date(2026, 5, 4), None),
    ]
    assert Agency.objects.get(pk=agency.pk).head_name == "Demo Rahbar 02"
    for name, since in [
        ("Demo Rahbar 02", TODAY),
        ("Demo Rahbar 03", date(2026, 5, 4)),
        ("Demo Rahbar 03", TODAY + timedelta(days=1)),
        (" ", TODAY),
    ]:
        with pytest.raises(posts.CannotSucceed):
            posts.succeed(agency, "head", name, since=since)


def test_a_renamed_agency_keeps_its_former_name_with_its_days() -> None:
    page = make_page("bir-xizmat")
    agency = page.service.agency
    before = agency.label("uz")
    succession.rename(agency, {"uz": "Yangi idora", "ru": "Новый орган"}, on=TODAY, act="64/5-son")
    succession_day = TODAY - timedelta(days=1)

    former = Agency.objects.get(pk=agency.pk).former_names.get()
    assert former.name["uz"] == before
    assert (former.used_from, former.used_to, former.note) == (None, succession_day, "64/5-son")
    assert AgencyPage.objects.get(agency=agency, locale__language_code="uz").title == "Yangi idora"
    with pytest.raises(succession.CannotChange):
        succession.rename(agency, {"ru": "Без узбекского"}, on=TODAY, act="1")
    with pytest.raises(succession.CannotChange):
        succession.rename(agency, {"uz": "Ertaga"}, on=TODAY + timedelta(days=1), act="1")


def test_a_merged_agency_leads_on_and_its_figures_go_on() -> None:
    page, other = make_page("bir-xizmat"), make_page("boshqa", agency=make_agency("voris"))
    old, new = page.service.agency, other.service.agency
    address = page.url
    asked = support.make_service(old, key="arizali")
    request, closed = make_request(asked, applicant()), make_request(asked, applicant(2))
    ServiceRequest.objects.filter(pk=closed.pk).update(
        state="refused", closed_at=timezone.now(), outcome="refused", ground_code="incomplete"
    )

    succession.merge(old, new, on=TODAY, act="PF-1", by=None)

    moved = ServicePage.objects.get(pk=page.pk)
    assert moved.get_parent().specific.agency == new
    request.refresh_from_db()
    closed.refresh_from_db()
    assert (request.agency, closed.agency) == (new, old)
    event = RequestEvent.objects.filter(request=request, kind="handed_over").get()
    assert event.data == {"from": old.key, "to": new.key}
    assert set(lineage(new)) == {old.pk, new.pk}
    assert lineage(old) == [old.pk]
    assert not Agency.objects.get(pk=old.pk).active
    client = Client()
    assert client.get(address)["Location"].endswith(moved.url)
    answer = client.get(f"/uz/registry/agencies/{old.key}/")
    assert answer.status_code == 301 and answer["Location"].endswith(f"/agencies/{new.key}/")
    assert responsibility.page_of(new, "uz", exact=True)["open"] == 1
    with pytest.raises(succession.CannotChange):
        succession.merge(new, old, on=TODAY, act="PF-2")
    with pytest.raises(TypeError):
        AgencySuccession.objects.get().delete()


def test_the_successors_head_gives_people_their_roles_in_one_step() -> None:
    old, new = make_agency("eski").agency, make_agency("voris").agency
    head = support.staff(new, Role.HEAD, name="head")
    officer = support.staff(old, Role.OFFICER, name="officer")
    former_head = support.staff(old, Role.HEAD, name="former")
    gone = support.staff(old, Role.CLERK, name="gone")
    gone.is_active = False
    gone.save()
    nukus = District.objects.create(key="nukus", kind="city", name={"uz": "Nukus"}, order=1)
    until = TODAY + timedelta(days=9)
    grant(officer, old, Role.EDITOR, district=nukus, valid_until=until)
    address = f"/admin/staff/{new.key}/"
    page = support.signed_in(head)
    assert carrying.waiting(head, new) == []
    succession.merge(old, new, on=TODAY, act="PF-1", by=None)
    # Nothing comes by itself, and nobody else gives it.
    assert not Membership.objects.filter(agency=new).exclude(user=head).exists()
    for other in (officer, former_head):
        with pytest.raises(PermissionDenied):
            carrying.carry(other, new)
    assert 'value="carry"' in page.get(address).content.decode()
    assert page.post(address, {"do": "carry"}).status_code == 302
    rows = Membership.with_dates.filter(agency=new).exclude(user=head)
    assert {(row.user, row.role, row.district, row.valid_until) for row in rows} == {
        (officer, "officer", None, None), (officer, "editor", nukus, until),
    }  # fmt: skip
    # Heads are named from above; what was given stands in the audit with who gave it.
    given = [row for row in accounts_staff.changes(new, "role.given") if row.actor_id == head.pk]
    assert len(given) == 2
    assert carrying.carry(head, new) == 0
    assert 'value="carry"' not in page.get(address).content.decode()


def test_numbers_of_few_are_not_shown_to_everybody() -> None:
    service = support.make_service(make_agency("idora").agency)
    make_request(service, applicant())

    assert responsibility.page_of(service.agency, "uz", exact=False)["open"] is None
    assert responsibility.page_of(service.agency, "uz", exact=True)["open"] == 1
    answer = Client().get(f"/uz/registry/agencies/{service.agency.key}/")
    assert answer.status_code == 200
    assert Client().get("/uz/registry/agencies/yoq/").status_code == 404
