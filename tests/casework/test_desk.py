"""The officer's desk: own agencies only, first due first, stale presses told, nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from casework import desk, request_desk, selectors
from casework.graph import State
from casework.models import ServiceRequest, Unit, UnitMember
from casework.transitions import transition
from forms.models import Attachment
from forms.services import save_step, start_draft, submit
from operations.outbox import deliver_due
from service_pages.models import Service, ServiceFigures
from tests.casework.support import applicant, make_request, make_service, pdf, signed_in, staff

pytestmark = pytest.mark.every_database

INBOX = "/admin/requests/"


def _detail(row: ServiceRequest) -> str:
    return reverse("casework_detail", args=[row.uuid])


def _press(client: Client, row: ServiceRequest, action: str, **fields: Any) -> Any:
    row.refresh_from_db()
    return client.post(_detail(row), {"action": action, "state": row.state} | fields)


def test_the_way_from_the_form_to_the_answer(
    service: Service, citizen: User, officer: User
) -> None:
    version = service.forms.get().current
    assert version is not None
    draft = start_draft(citizen, version)
    save_step(draft, "main", {"speed": "usual", "asked": ["place", "speed"]}, revision=0)
    submission = submit(draft.uuid, citizen, language="uz")
    row = ServiceRequest.objects.get(submission=submission)
    desk = signed_in(officer)
    assert row.number in desk.get(INBOX).content.decode()
    assert _press(desk, row, "take").status_code == 303
    assert (
        _press(
            desk, row, "approve", text="Guvohnoma tayyor", files=[pdf("guvohnoma.pdf")]
        ).status_code
        == 303
    )
    row.refresh_from_db()
    assert (row.state, row.assignee) == (State.APPROVED, officer)
    page = signed_in(citizen).get(reverse("casework:request", args=[row.uuid])).content.decode()
    assert "Guvohnoma tayyor" in page
    assert "guvohnoma.pdf" in page
    deliver_due()
    assert [letter.to for letter in mail.outbox] == [[citizen.email]] * 3
    assert _press(desk, row, "complete", text="Pochta bilan").status_code == 303
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.COMPLETED, "approved")


def test_another_agencys_officer_sees_nothing(row: ServiceRequest, outsider: User) -> None:
    client = signed_in(outsider)
    assert row.number not in client.get(INBOX + "?show=all").content.decode()
    assert row.number not in client.get(
        INBOX + f"?q={row.number}&show=all"
    ).content.decode().replace(f'value="{row.number}"', "")
    assert client.get(_detail(row)).status_code == 404
    assert client.post(_detail(row), {"action": "take"}).status_code == 404
    row.refresh_from_db()
    assert row.state == State.REGISTERED


def test_those_without_an_agency_have_no_inbox(
    row: ServiceRequest, citizen: User, agency: Agency
) -> None:
    for person in (citizen, staff(agency, "editor", name="editor")):
        client = signed_in(person)
        assert client.get(INBOX).status_code in {302, 403}
        answer = client.get(_detail(row))
        assert answer.status_code in {302, 403, 404}
        assert row.number not in answer.content.decode()
    answer = Client().get(INBOX)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_controller_reads_and_presses_nothing(row: ServiceRequest, controller: User) -> None:
    client = signed_in(controller)
    page = client.get(_detail(row))
    assert page.status_code == 200
    assert 'value="take"' not in page.content.decode()
    answer = _press(client, row, "take")
    # Wagtail's admin answers what is not allowed with its own way home.
    assert answer.status_code in {302, 403}
    row.refresh_from_db()
    assert row.state == State.REGISTERED


def test_first_due_comes_first(service: Service, citizen: User, officer: User) -> None:
    slow = make_request(service, citizen)
    fast = make_request(service, citizen, answers={"speed": "fast"})
    page = signed_in(officer).get(INBOX).content.decode()
    assert page.index(fast.number) < page.index(slow.number)


def test_filters(
    service: Service, citizen: User, officer: User, head: User, row: ServiceRequest
) -> None:
    taken = make_request(service, citizen)
    transition(taken.pk, State.IN_REVIEW, actor=officer)
    done = make_request(service, citizen)
    transition(done.pk, State.WITHDRAWN, actor=citizen)
    asked = {
        "": {row, taken}, "show=open": {row, taken}, "show=mine": {taken},
        "show=unassigned": {row}, "show=closed": {done}, "show=all": {row, taken, done},
        "state=in_review": {taken}, "state=withdrawn": {done}, "show=nonsense": {row, taken},
        "state=nonsense": {row, taken}, "agency=adliya": {row, taken}, "agency=saqlash": set(),
        f"q={done.number.lower().replace('-', '+')}": {done}, "q=2026": set(),
        "q=%00": {row, taken}, "agency=%00x": set(), "page=99999": {row, taken},
        "page=x": {row, taken},
    }  # fmt: skip
    client = signed_in(officer)
    for query, expected in asked.items():
        answer = client.get(f"{INBOX}?{query}", follow=True)
        assert answer.status_code == 200, query
        assert {item["row"] for item in answer.context["requests"]} == expected, query
    assert {
        item["row"] for item in signed_in(head).get(INBOX + "?show=mine").context["requests"]
    } == set()


def test_lateness_is_a_word_a_sign_and_a_colour(row: ServiceRequest, officer: User) -> None:
    assert row.due_at is not None
    with time_machine.travel(row.due_at + timedelta(days=2)):
        client = signed_in(officer)
        page = client.get(INBOX).content.decode()
        assert "due--late" in page
        assert {
            item["row"] for item in client.get(INBOX + "?show=overdue").context["requests"]
        } == {row}


def test_the_inbox_costs_the_same_with_many(
    service: Service, agency: Agency, citizen: User, officer: User, row: ServiceRequest,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client = signed_in(officer)
    client.get(INBOX)

    def count() -> int:
        with django_assert_max_num_queries(12) as queries:
            assert client.get(INBOX).status_code == 200
        return len(queries)

    few = count()
    others = [make_service(agency, f"more-{n}") for n in range(4)]
    for n in range(24):
        made = make_request(others[n % 4], citizen)
        if n % 2:
            transition(made.pk, State.IN_REVIEW, actor=officer)
    client.get(INBOX)  # who sees whose name for the first time that day is written down
    assert count() <= few


def test_a_long_list_has_pages(service: Service, citizen: User, officer: User) -> None:
    for _ in range(31):
        make_request(service, citizen)
    client = signed_in(officer)
    assert len(client.get(INBOX).context["requests"]) == 30
    assert len(client.get(INBOX + "?page=2").context["requests"]) == 1


def test_a_stale_press_is_told_and_the_text_kept(
    row: ServiceRequest, officer: User, head: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    desk = signed_in(officer)
    page = desk.get(_detail(row)).content.decode()
    assert 'name="state" value="in_review"' in page
    transition(row.pk, State.REFUSED, actor=head, reason="x", ground="duplicate")
    answer = desk.post(
        _detail(row), {"action": "approve", "state": "in_review", "text": "Uzoq yozilgan matn"}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Uzoq yozilgan matn" in page
    assert 'role="alert"' in page
    row.refresh_from_db()
    assert row.state == State.REFUSED


def test_a_press_on_a_request_that_left_is_told(
    row: ServiceRequest, officer: User, head: User, other_agency: Agency, outsider: User
) -> None:
    """It goes to another agency between the look-up and the act."""
    desk = signed_in(officer)

    def leave(*args: Any, **kwargs: Any) -> None:
        transition(row.pk, State.FORWARDED, actor=head, reason="x", agency=other_agency)

    original = request_desk.visible
    calls: list[int] = []

    def visible(request: Any, uuid: Any) -> ServiceRequest:
        found = original(request, uuid)
        if not calls:
            calls.append(1)
            leave()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request_desk, "visible", visible)
        answer = desk.post(_detail(row), {"action": "take", "state": "registered", "text": "Matn"})
    assert answer.status_code == 409
    assert "Matn" in answer.content.decode()


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("approve", {"text": " "}),
        ("refuse", {"text": "Sabab", "ground": ""}),
        ("refuse", {"text": "Sabab", "ground": "no-such"}),
        ("refuse", {"text": "", "ground": "duplicate"}),
        ("ask", {"text": ""}),
        ("ask", {"text": "Nusxa", "answer_by": "31.12.2026"}),
        ("ask", {"text": "Nusxa", "answer_by": "2020-01-01"}),
        ("ask", {"text": "Nusxa", "answer_by": "99999-99-99"}),
        ("forward", {"text": "Sabab", "agency": ""}),
        ("forward", {"text": "Sabab", "agency": "adliya"}),
        ("forward", {"text": "Sabab", "agency": "no-such"}),
        ("forward", {"text": "", "agency": "saqlash"}),
        ("message", {"text": "\x00 "}),
        ("approve", {"text": "Tayyor", "files": "exe"}),
        ("nonsense", {"text": "Tayyor"}),
        ("", {}),
    ],
)
def test_a_wrong_press_is_told_and_changes_nothing(
    action: str, fields: dict[str, Any], row: ServiceRequest, officer: User, other_agency: Agency
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    fields = dict(fields)
    if fields.get("files"):
        fields["files"] = [pdf("a.exe")]
    answer = _press(signed_in(officer), row, action, **fields)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'role="alert"' in page
    if fields.get("text", "").strip("\x00 "):
        assert fields["text"] in page
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("assignee", ["", "x", "-1", "9" * 40, "٣", "0"])
def test_nobody_that_is_not_there_is_assigned(
    assignee: str, row: ServiceRequest, officer: User
) -> None:
    answer = _press(signed_in(officer), row, "assign", assignee=assignee)
    assert answer.status_code in {302, 403}
    row.refresh_from_db()
    assert row.assignee is None


def test_assigning_and_writing(row: ServiceRequest, officer: User, head: User) -> None:
    client = signed_in(officer)
    assert _press(client, row, "assign", assignee=str(head.pk)).status_code == 303
    assert _press(client, row, "message", text="Salom").status_code == 303
    row.refresh_from_db()
    assert row.assignee == head
    assert row.messages.get().text == "Salom"


def test_asking_with_a_day(service: Service, citizen: User, officer: User) -> None:
    row = make_request(service, citizen, submitted_at=timezone.now())
    client = signed_in(officer)
    _press(client, row, "take")
    day = timezone.localdate() + timedelta(days=20)
    assert _press(client, row, "ask", text="Nusxa", answer_by=day.isoformat()).status_code == 303
    row.refresh_from_db()
    assert row.answer_by is not None
    assert timezone.localdate(row.answer_by) == day


def test_forwarding_leads_back_to_the_inbox(
    row: ServiceRequest, officer: User, other_agency: Agency, outsider: User
) -> None:
    answer = _press(signed_in(officer), row, "forward", text="Bizniki emas", agency="saqlash")
    assert (answer.status_code, answer["Location"]) == (303, INBOX)
    assert signed_in(officer).get(_detail(row)).status_code == 404
    desk = signed_in(outsider)
    assert _press(desk, row, "accept").status_code == 303
    row.refresh_from_db()
    assert (row.state, row.agency) == (State.REGISTERED, other_agency)


def test_signing_at_the_desk(
    row: ServiceRequest, officer: User, head: User, agency: Agency
) -> None:
    agency.sign_off_required = True
    agency.save()
    desk = signed_in(officer)
    _press(desk, row, "take")
    assert _press(desk, row, "approve", text="Loyiha").status_code == 303
    page = desk.get(_detail(row)).content.decode()
    assert 'value="sign"' not in page
    assert 'value="approve"' not in page
    chief = signed_in(head)
    assert {item["row"] for item in chief.get(INBOX + "?show=to_sign").context["requests"]} == {row}
    page = chief.get(_detail(row)).content.decode()
    assert 'value="sign"' in page
    assert "Loyiha" in page
    assert _press(chief, row, "send_back", text="Qayta").status_code == 303
    _press(desk, row, "approve", text="Loyiha 2")
    assert _press(chief, row, "sign").status_code == 303
    row.refresh_from_db()
    assert row.state == State.APPROVED


def test_ones_own_request_is_answered_by_somebody_else(service: Service, officer: User) -> None:
    own = make_request(service, officer)
    client = signed_in(officer)
    page = client.get(_detail(own)).content.decode()
    assert 'value="take"' not in page
    assert _press(client, own, "take").status_code in {302, 403}


def test_a_look_is_kept_and_a_post_needs_a_token(row: ServiceRequest, officer: User) -> None:
    client = signed_in(officer)
    client.get(_detail(row))
    client.get(_detail(row))
    assert row.events.filter(kind="viewed", actor=officer).count() == 1
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(_detail(row), {"action": "take"}).status_code == 403


def test_files_of_a_request_are_read_by_its_agency_only(
    row: ServiceRequest, officer: User, outsider: User, stranger: User
) -> None:
    _press(signed_in(officer), row, "message", text="Mana", files=[pdf()])
    url = reverse("attachment", args=[Attachment.objects.get().uuid])
    answer = signed_in(officer).get(url)
    assert answer.status_code == 200
    assert b"".join(answer).startswith(b"%PDF")
    for person in (outsider, stranger):
        assert signed_in(person).get(url).status_code in {403, 404}


def test_the_first_look_of_a_day_with_units_filters_and_new_names_asks_no_more(
    service: Service, citizen: User, officer: User, agency: Agency,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    unit = Unit.objects.create(agency=agency, name={"uz": "Hujjatlar boʻlimi"})
    UnitMember.objects.create(unit=unit, user=officer)
    for name, show in (("Oʻzimniki", "mine"), ('"Hammasi" \\ [1]', "all")):
        assert desk.keep_filter(officer, name, {"show": show})
    browser = signed_in(officer)
    browser.get(INBOX)  # what the process remembers of agencies and permissions
    rows = [make_request(service, citizen) for _number in range(3)]
    with django_assert_max_num_queries(12):
        html = browser.get(INBOX).content.decode()
    assert all(row.list_looks.filter(viewer=officer).exists() for row in rows)
    assert "Hujjatlar boʻlimi" in html and "Oʻzimniki" in html and "Hammasi&quot; \\ [1]" in html


def test_figures(service: Service, agency: Agency, row: ServiceRequest, citizen: User) -> None:
    quiet = make_service(agency, "quiet")
    ServiceFigures.objects.create(service=quiet, requests_90=9)
    for _ in range(2):
        make_request(service, citizen, submitted_at=timezone.now())
    selectors.update_request_figures()
    selectors.update_request_figures()
    assert ServiceFigures.objects.get(service=service).requests_90 == 2
    assert ServiceFigures.objects.get(service=quiet).requests_90 == 0


def test_the_menu_shows_the_desk_to_those_who_answer(row: ServiceRequest, officer: User) -> None:
    page = signed_in(officer).get("/admin/").content.decode()
    assert INBOX in page
    assert applicant(30).has_perm("wagtailadmin.access_admin") is False
