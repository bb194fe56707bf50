"""Appeals from the site: with a name, without one, and about the portal; kept and handled by rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Agency, Role, User
from casework import appeals, complaints, doors, services
from casework.graph import State
from casework.journal import broken_links
from casework.models import Kind, ServiceRequest, ServiceRules
from casework.transitions import InvalidTransition, Missing, transition
from forms.models import Source
from home import feedback
from operations.models import OutboxMessage
from service_pages.models import Service
from tests.casework.support import make_agency, make_service, signed_in, staff

pytestmark = pytest.mark.django_db
TEXT = "Maktab oshxonasida mahsulotlar oʻgʻirlanmoqda."


def _write(client: Client, language: str = "uz", wait: int = 30, **fields: str) -> Any:
    """Open the page, take one's time, send it."""
    path = f"/{language}/my/appeal/"
    token = client.get(path).context["token"]
    given = {"about": "adliya", "kind": "complaint", "text": TEXT, "opened": token} | fields
    with time_machine.travel(timezone.now() + timedelta(seconds=wait), tick=False):
        return client.post(path, given)


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_without_a_name_it_gets_number_and_code_and_nothing_of_its_sender(
    agency: Agency, language: str
) -> None:
    client = Client()
    answer = _write(client, language)
    assert answer.status_code == 303 and answer["Location"] == f"/{language}/my/appeal/sent/"
    row = ServiceRequest.objects.get()
    assert (row.is_anonymous, row.applicant, row.subject) == (True, None, {})
    assert (row.agency, row.kind, row.state) == (agency, Kind.COMPLAINT, State.REGISTERED)
    assert row.term == {"key": "", "value": 5, "unit": "calendar_days"}
    slip = client.get(answer["Location"]).content.decode()
    assert row.number in slip and row.access_code in slip
    # The slip is this browser's alone; the state is anybody's who holds number and code.
    assert Client().get(answer["Location"]).status_code == 404
    found = Client().post(
        f"/{language}/my/status/", {"number": row.number, "code": row.access_code}
    )
    assert found.status_code == 200 and TEXT not in found.content.decode()
    assert not OutboxMessage.objects.exists()


def test_programs_and_haste_are_stopped_and_nothing_is_lost(agency: Agency) -> None:
    client = Client()
    assert _write(client, website="https://example.org").status_code == 403
    for wait in (1, 90_000):  # too quick; the page lay open for a day
        page = _write(client, wait=wait)
        assert page.status_code == 400 and TEXT.split()[0] in page.content.decode()
    assert _write(client, opened="made up").status_code == 400
    for bad in ({"text": "qisqa"}, {"about": "no-such"}, {"kind": "request"}):
        page = _write(client, **bad)
        assert page.status_code == 400 and "error-summary" in page.content.decode()
    assert not ServiceRequest.objects.exists()


def test_sent_twice_it_is_one(agency: Agency) -> None:
    client = Client()
    token = client.get("/uz/my/appeal/").context["token"]
    given = {"about": "adliya", "kind": "complaint", "text": TEXT, "opened": token}
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        for _press in range(2):
            assert client.post("/uz/my/appeal/", given).status_code == 303
    assert ServiceRequest.objects.count() == 1


def test_a_browser_sends_only_so_many(agency: Agency, settings: Any) -> None:
    settings.RATELIMIT_ENABLE = True
    client = Client()
    answers = [_write(client).status_code for _try in range(7)]
    assert answers == [303] * 5 + [429] * 2
    # Another browser, though at the same address, is not held to them.
    assert _write(Client()).status_code == 303


def test_the_desk_marks_it_and_keeps_or_forwards_it_but_answers_nobody(
    agency: Agency, other_agency: Agency, officer: User, outsider: User, citizen: User
) -> None:
    _write(Client())
    row, desk = ServiceRequest.objects.get(), signed_in(officer)
    inbox = desk.get("/admin/requests/?kind=anonymous")
    assert [item["row"] for item in inbox.context["requests"]] == [row]
    assert gettext("without a name") in inbox.content.decode()
    url = reverse("casework_detail", args=[row.uuid])
    offered = desk.get(url).context["offered"]
    assert {"take", "forward", "keep_information"} <= set(offered)
    assert not {"ask", "approve", "refuse", "message", "extend"} & set(offered)
    # What tells of a crime goes to whoever investigates it.
    transition(row.pk, State.FORWARDED, actor=officer, reason="Jinoyat haqida", agency=other_agency)
    theirs = signed_in(outsider)
    assert (
        theirs.post(url, {"action": "keep_information", "text": "Tekshiruvga"}).status_code == 303
    )
    row.refresh_from_db()
    assert (row.state, row.ground_code, row.closed_at is not None) == ("refused", "anonymous", True)
    assert broken_links(row) == []
    found = Client().post("/en/my/status/", {"number": row.number, "code": row.access_code})
    page = found.content.decode()
    assert "Kept as information" in page and "Tekshiruvga" not in page
    assert doors.claim(citizen, row.number, row.access_code) is None


@pytest.mark.parametrize("target", [State.INFO_REQUESTED, State.APPROVED])
def test_no_way_of_the_graph_answers_nobody(agency: Agency, officer: User, target: State) -> None:
    _write(Client())
    row = ServiceRequest.objects.get()
    transition(row.pk, State.IN_REVIEW, actor=officer)
    with pytest.raises(Missing, match="anonymous"):
        transition(row.pk, target, actor=officer, reason="Javob")
    with pytest.raises(Missing, match="ground"):
        transition(row.pk, State.REFUSED, actor=officer, reason="Yoʻq", ground="duplicate")


def test_what_has_a_name_is_not_kept_as_information(row: ServiceRequest, officer: User) -> None:
    with pytest.raises(InvalidTransition):
        services.keep_as_information(row, officer)


def test_late_without_a_name_is_no_delay_that_could_be_reported(agency: Agency) -> None:
    _write(Client())
    row = ServiceRequest.objects.get()
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        row.refresh_from_db()
        assert row.is_overdue and not complaints.may_report(row)
        given = {"number": row.number, "code": row.access_code}
        page = Client().post("/uz/my/status/", given).content.decode()
        assert "status/report/" not in page


def test_with_the_account_s_name_it_is_an_appeal_with_the_law_s_term(
    agency: Agency, citizen: User
) -> None:
    client = signed_in(citizen)
    answer = _write(client, kind="proposal", signed="yes")
    row = ServiceRequest.objects.get()
    assert answer["Location"].endswith(f"/my/{row.uuid}/receipt/")
    assert (row.applicant, row.is_anonymous, row.kind) == (citizen, False, Kind.PROPOSAL)
    assert row.term["unit"] == "months"
    assert client.get(answer["Location"]).status_code == 200
    # Signed in, but without a name: nothing leads back to the account.
    _write(client, signed="no")
    other = ServiceRequest.objects.get(is_anonymous=True)
    assert other.applicant is None and other.submission.user is None
    assert not other.events.filter(actor=citizen).exists()


def test_about_the_portal_it_works_before_anybody_marked_a_service(
    agency: Agency, citizen: User
) -> None:
    council = make_agency("kengash", "VKN", kind="council")
    address = feedback.complaint_address("ru")
    assert address == "/ru/my/appeal/?about=portal"
    page = Client().get(address)
    assert page.status_code == 200 and page.context["about_portal"]
    _write(signed_in(citizen), about="portal", signed="yes")
    row = ServiceRequest.objects.get()
    assert (row.about_portal, row.agency) == (True, council)
    assert row.service.status != "live"  # it stands in no catalogue
    _write(Client(), about="portal")
    assert ServiceRequest.objects.filter(about_portal=True, is_anonymous=True).count() == 1
    assert Service.objects.filter(key__startswith="own-").count() == 1


def test_a_marked_service_counts_them_and_its_agency_answers(
    agency: Agency, other_agency: Agency, citizen: User
) -> None:
    marked = make_service(other_agency, key="portal-feedback")
    ServiceRules.objects.create(service=marked, purpose=ServiceRules.Purpose.PORTAL)
    _write(signed_in(citizen), about="portal", signed="yes")
    row = ServiceRequest.objects.get()
    assert (row.service, row.agency, row.about_portal) == (marked, other_agency, True)


def test_before_there_is_any_body_it_says_so(db: None) -> None:
    page = _write(Client(), about="portal")
    assert page.status_code == 503 and TEXT.split()[0] in page.content.decode()


def test_the_counter_enters_one_without_a_name(service: Service, officer: User) -> None:
    clerk = staff(service.agency, Role.CLERK, name="clerk")
    client, url = signed_in(clerk), reverse("casework_enter")
    given = {
        "service": service.pk, "source": Source.COUNTER, "language": "uz", "text": TEXT,
        "received_on": timezone.localdate().isoformat(), "kind": "complaint",
        "is_anonymous": "on", "phone": "+998901234567", "address": "Nukus",
    }  # fmt: skip
    for bad in ({"kind": "request"}, {"full_name": "Demo Fuqaro 3"}, {"is_anonymous": ""}):
        assert client.post(url, given | bad).status_code == 400
    slip = client.post(url, given, follow=True)
    row = ServiceRequest.objects.get()
    assert (row.is_anonymous, row.subject, row.source) == (True, {}, Source.COUNTER)
    assert "+998901234567" not in str(row.submission.answers)
    assert row.number in slip.content.decode() and row.access_code in slip.content.decode()


def test_an_appeal_has_a_kind_and_a_text(agency: Agency) -> None:
    for kind, text in ((Kind.REQUEST, TEXT), (Kind.COMPLAINT, "  ")):
        with pytest.raises(ValueError):
            appeals.send(appeals.Appeal(kind, agency, text, "uz", None, "t"))
