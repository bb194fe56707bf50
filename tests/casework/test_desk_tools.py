"""Kept filters, drafts, the library, many at once, absence: what an officer keeps on the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from casework import desk, selectors, services
from casework.graph import State
from casework.journal import broken_links
from casework.models import Absence, AnswerDraft, AnswerTemplate, SavedFilter, ServiceRequest
from casework.transitions import parties, transition
from operations.outbox import deliver_due
from service_pages.models import Service
from tests.casework.support import applicant, make_request, make_service, signed_in, staff

pytestmark = pytest.mark.every_database
INBOX = "/admin/requests/"


def _detail(row: ServiceRequest) -> str:
    return reverse("casework_detail", args=[row.uuid])


@pytest.fixture
def colleague(agency: Agency) -> User:
    return staff(agency, Role.OFFICER, name="colleague")


def test_a_filter_is_kept_under_a_name_and_is_its_owners(
    row: ServiceRequest, officer: User, colleague: User
) -> None:
    client = signed_in(officer)
    url = reverse("casework_filters")
    kept = client.post(url, {"name": " Mening  arizalarim ", "show": "mine", "q": "x", "evil": "y"})
    assert kept.status_code == 303
    one = SavedFilter.objects.get()
    assert (one.name, one.query) == ("Mening arizalarim", "show=mine")
    page = client.get(INBOX + "?show=mine").content.decode()
    assert "Mening arizalarim" in page
    assert "Mening arizalarim" not in signed_in(colleague).get(INBOX).content.decode()
    client.post(url, {"name": "Mening arizalarim", "show": "overdue"})
    assert SavedFilter.objects.get().query == "show=overdue"
    for nothing in ({"name": "", "show": "mine"}, {"name": "x"}):
        client.post(url, nothing)
    assert SavedFilter.objects.count() == 1
    signed_in(colleague).post(url, {"forget": str(one.pk)})
    assert SavedFilter.objects.count() == 1
    client.post(url, {"forget": str(one.pk)})
    assert not SavedFilter.objects.exists()
    assert signed_in(applicant(3)).post(url, {"name": "x", "show": "mine"}).status_code in {
        302,
        403,
    }


def test_a_draft_is_kept_shown_to_its_author_and_forgotten_once_sent(
    row: ServiceRequest, officer: User, colleague: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    client = signed_in(officer)
    client.post(_detail(row), {"keep": "refuse", "text": "Boshlangan javob", "ground": "duplicate"})
    page = client.get(_detail(row)).content.decode()
    assert "Boshlangan javob" in page
    assert '<option value="duplicate" selected>' in page
    assert "Boshlangan javob" not in signed_in(colleague).get(_detail(row)).content.decode()
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW
    client.post(_detail(row), {"action": "approve", "text": "Tayyor"})
    assert not AnswerDraft.objects.exists()


def test_the_library_gives_its_texts_in_the_applicants_language(
    service: Service, officer: User, other_agency: Agency, outsider: User
) -> None:
    row = make_request(service, applicant(5), language="ru")
    transition(row.pk, State.IN_REVIEW, actor=officer)
    client, url = signed_in(officer), reverse("casework_texts")
    fields = {
        "agency": service.agency_id, "service": "", "name": "Qabul", "text_uz": "Ariza {number}",
        "text_ru": "Заявление {number} принято", "active": "on",
    }  # fmt: skip
    template = AnswerTemplate.objects.create(
        agency=service.agency, name="Qabul",
        text={"uz": "Ariza {number}", "ru": "Заявление {number} принято"},
    )  # fmt: skip
    elsewhere = AnswerTemplate.objects.create(
        agency=other_agency, name="Begona", text={"uz": "Begona matn"}
    )
    other_service = AnswerTemplate.objects.create(
        agency=service.agency, service=make_service(service.agency, "second"), name="Ikkinchi",
        text={"uz": "Ikkinchi"},
    )  # fmt: skip
    page = client.get(_detail(row)).content.decode()
    assert "Qabul" in page and "Begona" not in page and "Ikkinchi" not in page
    put = client.get(_detail(row) + f"?insert={template.pk}&into=approve").content.decode()
    assert f"Заявление {row.number} принято" in put
    for foreign in (elsewhere, other_service):
        got = client.get(_detail(row) + f"?insert={foreign.pk}&into=approve").content.decode()
        assert "Begona matn" not in got
    assert client.get(reverse("casework_text", args=[template.pk])).status_code == 200
    assert client.get(reverse("casework_text", args=[elsewhere.pk])).status_code == 404
    assert client.post(url, fields | {"agency": other_agency.pk}).status_code == 400
    assert "Qabul" in client.get(url).content.decode()
    assert signed_in(applicant(6)).get(url).status_code in {302, 403}


def test_many_are_assigned_at_once_and_only_ones_own(
    service: Service, citizen: User, officer: User, colleague: User, outsider: User
) -> None:
    rows = [make_request(service, citizen) for _ in range(3)]
    chosen = [str(row.uuid) for row in rows]
    url = reverse("casework_bulk")
    page = signed_in(officer).post(url, {"chosen": chosen}).content.decode()
    assert all(row.number in page for row in rows)
    signed_in(outsider).post(url, {"chosen": chosen, "action": "assign", "assignee": outsider.pk})
    assert not ServiceRequest.objects.filter(assignee__isnull=False).exists()
    signed_in(officer).post(url, {"chosen": chosen, "action": "assign", "assignee": outsider.pk})
    assert not ServiceRequest.objects.filter(assignee__isnull=False).exists()
    answer = signed_in(officer).post(
        url, {"chosen": [*chosen, "x"], "action": "assign", "assignee": colleague.pk}
    )
    assert answer.status_code == 303
    assert ServiceRequest.objects.filter(assignee=colleague).count() == 3
    assert signed_in(officer).post(url, {}).status_code == 302


def test_one_answer_to_many_gives_each_its_own_letter_and_event(
    service: Service, officer: User
) -> None:
    people = [applicant(number) for number in (11, 12, 13)]
    rows = [make_request(service, person) for person in people]
    done = make_request(service, people[0])
    transition(done.pk, State.WITHDRAWN, actor=people[0])
    chosen = [str(row.uuid) for row in [*rows, done]]
    client, url = signed_in(officer), reverse("casework_bulk")
    assert client.post(url, {"chosen": chosen, "action": "approve"}).status_code == 400
    mail.outbox.clear()
    answer = client.post(
        url, {"chosen": chosen, "action": "approve", "text": "Roʻyxat eʼlon qilindi"}, follow=True
    )
    assert done.number in answer.content.decode()
    deliver_due()
    for row, person in zip(rows, people, strict=True):
        row.refresh_from_db()
        assert row.state == State.APPROVED
        assert row.events.filter(kind="approved").count() == 1
        letters = [x for x in mail.outbox if x.to == [person.email] and row.number in x.body]
        assert letters and "eʼlon" not in "".join(x.body for x in letters)
        assert broken_links(row) == []
    done.refresh_from_db()
    assert done.state == State.WITHDRAWN
    # A refusal needs its ground for each; what is not answered is not taken up either.
    fresh = make_request(service, people[1])
    client.post(
        url,
        {"chosen": [str(fresh.uuid)], "action": "refuse", "text": "Bunday ariza oldin yuborilgan"},
    )
    fresh.refresh_from_db()
    assert (fresh.state, fresh.assignee) == (State.REGISTERED, None)


def test_many_wait_for_the_head_where_the_head_signs(
    service: Service, citizen: User, officer: User, agency: Agency
) -> None:
    agency.sign_off_required = True
    agency.save()
    row = make_request(service, citizen)
    signed_in(officer).post(
        reverse("casework_bulk"), {"chosen": [str(row.uuid)], "action": "approve", "text": "Tayyor"}
    )
    row.refresh_from_db()
    assert row.is_proposed and row.state == State.IN_REVIEW


def test_who_stands_in_has_the_others_desk_and_the_heads_pen(
    row: ServiceRequest, officer: User, colleague: User, head: User, agency: Agency
) -> None:
    today = timezone.localdate()
    transition(row.pk, State.IN_REVIEW, actor=officer)
    row.refresh_from_db()
    assert "head" not in parties(row, colleague)
    desk.enter_absence(head, colleague, agency, today, today + timedelta(days=2), head)
    desk.enter_absence(officer, colleague, agency, today, today, officer)
    assert "head" in parties(row, colleague)
    assert list(selectors.inbox(colleague, {"show": "mine"})) == [row]
    agency.sign_off_required = True
    agency.save()
    services.decide(row, officer, State.APPROVED, "Tayyor")
    services.sign(row, colleague)
    row.refresh_from_db()
    assert row.state == State.APPROVED
    Absence.objects.update(first_day=today - timedelta(days=9), last_day=today - timedelta(days=5))
    assert "head" not in parties(row, colleague)
    assert not list(selectors.inbox(colleague, {"show": "mine"}))


def test_who_may_enter_and_end_an_absence(
    officer: User, colleague: User, head: User, outsider: User, agency: Agency
) -> None:
    today = timezone.localdate()
    wrong = [
        (officer, outsider, today, today, officer), (officer, officer, today, today, officer),
        (head, colleague, today, today, officer), (officer, colleague, today, today, outsider),
        (officer, colleague, today, today - timedelta(days=1), officer),
        (officer, colleague, today - timedelta(days=3), today - timedelta(days=1), officer),
    ]  # fmt: skip
    for person, substitute, first, last, actor in wrong:
        with pytest.raises(ValueError):
            desk.enter_absence(person, substitute, agency, first, last, actor)
    url = reverse("casework_absences")
    fields = {
        "agency": agency.pk, "person": officer.pk, "substitute": colleague.pk,
        "first_day": today.isoformat(), "last_day": today.isoformat(),
    }  # fmt: skip
    assert signed_in(officer).post(url, fields | {"substitute": outsider.pk}).status_code == 400
    assert signed_in(officer).post(url, fields).status_code == 303
    row = Absence.objects.get()
    assert signed_in(colleague).post(url, {"end": row.pk}).status_code in {302, 403}
    assert signed_in(outsider).post(url, {"end": row.pk}).status_code in {302, 403}
    assert Absence.objects.exists()
    assert signed_in(head).post(url, {"end": row.pk}).status_code == 303
    assert not Absence.objects.exists()


def test_counts_stop_where_nobody_counts(
    service: Service, citizen: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "MOST_COUNTED", 2)
    for _n in range(4):
        make_request(service, citizen)
    assert selectors.inbox_counts(officer)["open"] == 3
    assert "(2+)" in signed_in(officer).get(INBOX).content.decode()
