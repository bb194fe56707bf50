"""The applicant's pages: own requests only, in plain words, nothing lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from casework.graph import State
from casework.models import RequestMessage, ServiceRequest
from casework.transitions import transition
from forms.models import Attachment
from forms.services import start_draft
from service_pages.models import Service
from tests.casework.support import WEDNESDAY, make_request, pdf, put, signed_in

PAGES = ["my_requests", "request", "receipt", "withdraw"]
LANGUAGES = ["uz", "uz-cyrl", "kaa", "ru", "en"]


def _url(name: str, row: ServiceRequest) -> str:
    return reverse(f"casework:{name}", args=[] if name == "my_requests" else [row.uuid])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_each_page_in_each_language(
    name: str, language: str, row: ServiceRequest, citizen: User
) -> None:
    with translation.override(language):
        answer = signed_in(citizen).get(_url(name, row))
    assert answer.status_code == 200
    assert row.number in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", PAGES)
def test_signing_in_comes_first(name: str, row: ServiceRequest) -> None:
    answer = Client().get(_url(name, row))
    assert answer.status_code == 302
    assert "login" in answer["Location"]
    assert row.number not in answer.content.decode()


@pytest.mark.parametrize("name", ["request", "receipt", "withdraw"])
def test_somebody_elses_request_does_not_exist(
    name: str, row: ServiceRequest, stranger: User, officer: User, outsider: User
) -> None:
    for person in (stranger, officer, outsider):
        assert signed_in(person).get(_url(name, row)).status_code == 404


def test_somebody_elses_request_takes_no_posts(row: ServiceRequest, stranger: User) -> None:
    client = signed_in(stranger)
    assert client.post(_url("message", row), {"text": "x"}).status_code == 404
    assert client.post(_url("withdraw", row)).status_code == 404
    row.refresh_from_db()
    assert row.state == State.REGISTERED


def test_a_guessed_number_opens_nothing(row: ServiceRequest, citizen: User) -> None:
    answer = signed_in(citizen).get(f"/uz/my/{row.number}/")
    assert answer.status_code == 404


def test_the_list_shows_ones_own_only(
    service: Service, row: ServiceRequest, citizen: User, stranger: User
) -> None:
    other = make_request(service, stranger)
    page = signed_in(citizen).get(_url("my_requests", row)).content.decode()
    assert row.number in page
    assert other.number not in page


def test_an_empty_list_leads_on(citizen: User) -> None:
    answer = signed_in(citizen).get(reverse("casework:my_requests"))
    assert answer.status_code == 200
    assert "/uz/services/" in answer.content.decode()


def test_drafts_come_first(service: Service, row: ServiceRequest, citizen: User) -> None:
    version = service.forms.get().current
    assert version is not None
    draft = start_draft(citizen, version)
    page = signed_in(citizen).get(_url("my_requests", row)).content.decode()
    assert page.index(str(draft.uuid)) < page.index(row.number)


def test_two_drafts_of_a_form_say_in_what_they_differ(
    service: Service, row: ServiceRequest, citizen: User
) -> None:
    version = service.forms.get().current
    assert version is not None
    key = next(q.key for q in version.schema.questions() if q.type in {"text", "long_text"})
    for text in ("Birinchi ish", "Ikkinchi ish"):
        draft = start_draft(citizen, version)
        draft.answers = {key: text}
        draft.save()
    page = signed_in(citizen).get(_url("my_requests", row)).content.decode()
    assert "Birinchi ish" in page and "Ikkinchi ish" in page


def test_the_list_costs_the_same_with_many(
    service: Service, row: ServiceRequest, citizen: User, django_assert_max_num_queries: object
) -> None:
    client = signed_in(citizen)
    client.get(_url("my_requests", row))

    def count() -> int:
        with django_assert_max_num_queries(15) as queries:  # type: ignore[operator]
            assert client.get(_url("my_requests", row)).status_code == 200
        return len(queries)

    few = count()
    for _ in range(15):
        make_request(service, citizen)
    assert count() <= few


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_said_in_plain_words(state: State, service: Service, citizen: User) -> None:
    row = put(make_request(service, citizen, submitted_at=timezone.now()), state)
    with translation.override("en"):
        page = signed_in(citizen).get(_url("request", row)).content.decode()
        label = str(state.label)
    assert label in page
    closed = row.is_closed
    assert (_url("message", row).removeprefix("/uz") in page) == (not closed)


def test_lateness_is_said_with_the_way_to_complain(row: ServiceRequest, citizen: User) -> None:
    assert row.due_at is not None
    client = signed_in(citizen)
    with time_machine.travel(row.due_at + timedelta(days=3)), translation.override("en"):
        client.force_login(citizen, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(_url("request", row)).content.decode()
    assert "The agency is late" in page
    assert "superior body" in page


def test_the_answers_are_read_in_the_readers_language(row: ServiceRequest, citizen: User) -> None:
    with translation.override("ru"):
        page = signed_in(citizen).get(_url("request", row)).content.decode()
    assert "Обычно" in page
    assert "Скорость" in page


def test_a_refusal_says_why_and_what_to_do(
    row: ServiceRequest, citizen: User, officer: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer)
    transition(row.pk, State.REFUSED, actor=officer, reason="Raqam boshqa", ground="data_mismatch")
    page = signed_in(citizen).get(_url("request", row)).content.decode()
    assert "Maʼlumotlar mos kelmaydi" in page
    assert "Raqam boshqa" in page
    assert "14-band" in page
    assert "10" in page


def test_a_question_is_a_list_and_the_answer_starts_the_clock(
    service: Service, citizen: User, officer: User
) -> None:
    row = make_request(service, citizen, submitted_at=timezone.now())
    transition(row.pk, State.IN_REVIEW, actor=officer)
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason="Pasport nusxasi\nFotosurat")
    client = signed_in(citizen)
    page = client.get(_url("request", row)).content.decode()
    assert "<li>Pasport nusxasi</li>" in page
    assert "<li>Fotosurat</li>" in page
    answer = client.post(_url("message", row), {"text": "Mana", "files": [pdf("nusxa.pdf")]})
    assert answer.status_code == 303
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW
    page = client.get(answer["Location"]).content.decode()
    assert "nusxa.pdf" in page
    attachment = Attachment.objects.get()
    answer = client.get(reverse("attachment", args=[attachment.uuid]))
    assert answer.status_code == 200
    assert b"".join(answer).startswith(b"%PDF")


def test_staffs_own_lines_are_not_shown(row: ServiceRequest, citizen: User, officer: User) -> None:
    signed_in(officer).get(reverse("casework_detail", args=[row.uuid]))
    assert row.events.filter(kind="viewed").exists()
    with translation.override("en"):
        page = signed_in(citizen).get(_url("request", row)).content.decode()
    assert "Looked at" not in page
    assert str(officer) not in page


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "x" * 100_000], ids=["empty", "spaces", "nul", "100-kB"]
)
def test_a_bad_message_is_said_and_kept(text: str, row: ServiceRequest, citizen: User) -> None:
    answer = signed_in(citizen).post(_url("message", row), {"text": text})
    assert answer.status_code == 400
    assert not RequestMessage.objects.exists()
    page = answer.content.decode()
    assert 'role="alert"' in page
    if len(text) > 10:
        assert text in page


def test_a_bad_file_is_said_and_the_text_kept(row: ServiceRequest, citizen: User) -> None:
    bad = pdf("x.exe")
    answer = signed_in(citizen).post(_url("message", row), {"text": "Uzun matn", "files": [bad]})
    assert answer.status_code == 400
    assert "Uzun matn" in answer.content.decode()
    assert not RequestMessage.objects.exists()


def test_a_message_that_comes_too_late_is_kept(row: ServiceRequest, citizen: User) -> None:
    put(row, State.WITHDRAWN)
    answer = signed_in(citizen).post(_url("message", row), {"text": "Kech qoldim"})
    assert answer.status_code == 409
    assert "Kech qoldim" in answer.content.decode()


def test_markup_is_shown_as_text(row: ServiceRequest, citizen: User) -> None:
    client = signed_in(citizen)
    client.post(_url("message", row), {"text": "<script>alert(1)</script>"})
    page = client.get(_url("request", row)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_taking_back_asks_first(row: ServiceRequest, citizen: User) -> None:
    client = signed_in(citizen)
    assert client.get(_url("withdraw", row)).status_code == 200
    row.refresh_from_db()
    assert row.state == State.REGISTERED
    answer = client.post(_url("withdraw", row))
    assert answer.status_code == 303
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.WITHDRAWN, "withdrawn")
    # A second press changes nothing and says so.
    assert client.post(_url("withdraw", row), follow=True).status_code == 200
    assert row.events.filter(kind="withdrawn").count() == 1
    assert client.get(_url("withdraw", row)).status_code == 302


def test_a_missing_csrf_token_is_refused(row: ServiceRequest, citizen: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(citizen, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(_url("withdraw", row)).status_code == 403
    assert client.post(_url("message", row), {"text": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.state == State.REGISTERED


def test_an_answer_is_given_to_each_thing_that_was_asked(
    row: ServiceRequest, citizen: User, officer: User
) -> None:
    transition(row.pk, State.IN_REVIEW, actor=officer, now=WEDNESDAY)
    asked = "Pasport nusxasi\n- Manzil\n\n"
    transition(row.pk, State.INFO_REQUESTED, actor=officer, reason=asked, now=WEDNESDAY)
    client, page = signed_in(citizen), reverse("casework:request", args=[row.uuid])
    shown = client.get(page).content.decode()
    assert 'name="answer-1"' in shown and 'name="answer-2"' in shown and "answer-3" not in shown
    send = reverse("casework:message", args=[row.uuid])
    half = client.post(send, {"answer-1": "", "answer-2": "Nukus, 1-uy", "text": "Rahmat"})
    assert half.status_code == 400
    again = half.content.decode()
    assert "Nukus, 1-uy" in again and "Rahmat" in again and 'href="#answer-1"' in again
    row.refresh_from_db()
    assert row.state == State.INFO_REQUESTED
    full = client.post(
        send, {"answer-1": "", "answer-2": "Nukus, 1-uy", "text": "Rahmat", "files-1": [pdf()]}
    )
    assert full.status_code == 303
    row.refresh_from_db()
    assert row.state == State.IN_REVIEW
    message = row.messages.get()
    assert "2. Manzil\nNukus, 1-uy" in message.text and "Rahmat" in message.text
    assert [one["asked"] for one in message.content["answers"]] == ["Pasport nusxasi", "Manzil"]
    assert message.content["answers"][0]["files"] == [message.files[0]["uuid"]]


def test_open_and_closed_requests_are_listed_apart(
    service: Service, citizen: User, officer: User
) -> None:
    opened, closed = make_request(service, citizen), make_request(service, citizen)
    transition(closed.pk, State.WITHDRAWN, actor=citizen)
    client = signed_in(citizen)
    url = reverse("casework:my_requests")
    for show, seen, not_seen in (
        ("", opened, closed),
        ("closed", closed, opened),
        ("x", opened, closed),
    ):
        page = client.get(url, {"show": show}).content.decode()
        assert seen.number in page and not_seen.number not in page
    transition(opened.pk, State.WITHDRAWN, actor=citizen)
    page = client.get(url).content.decode()
    assert opened.number in page and closed.number in page
