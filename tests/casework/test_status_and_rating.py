"""Where a request stands without signing in, and what its applicant says of it afterwards."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from casework import access, services
from casework.graph import State
from casework.models import Rating, ServiceRequest
from casework.transitions import InvalidTransition, NotAllowed
from service_pages.models import ServiceFigures
from tests.casework.support import put, signed_in

pytestmark = pytest.mark.django_db


def _look(number: str, code: str, language: str = "uz"):  # type: ignore[no-untyped-def]
    return Client().post(f"/{language}/my/status/", {"number": number, "code": code})


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_number_and_code_show_the_state_and_nothing_personal(
    row: ServiceRequest, citizen: User, language: str
) -> None:
    answer = _look(row.number.lower().replace("-", " "), row.access_code.lower(), language)
    page = answer.content.decode()
    assert answer.status_code == 200 and row.number in page
    assert "no-store" in answer["Cache-Control"]
    for secret in (citizen.full_name, citizen.email or "", row.access_code, "Namuna arizasi"):
        assert secret not in page


@pytest.mark.parametrize("number", ["", "2026-ADL-0000009-9", "x" * 500, "<b>", "\x00"])
def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(
    row: ServiceRequest, number: str
) -> None:
    wrong = [_look(number, row.access_code), _look(row.number, "AAAAAAAA"), _look(row.number, "")]
    assert {answer.status_code for answer in wrong} == {404}
    assert all("error-summary" in answer.content.decode() for answer in wrong)


def test_a_request_without_a_code_is_not_shown(row: ServiceRequest) -> None:
    ServiceRequest.objects.filter(pk=row.pk).update(access_code="")
    assert _look(row.number, "").status_code == 404


def test_guessing_is_stopped_by_number_from_wherever_it_comes(row: ServiceRequest) -> None:
    with override_settings(RATELIMIT_ENABLE=True):
        codes = [_look(row.number, access.new_code()).status_code for _try in range(12)]
    assert codes == [404] * 10 + [429] * 2


def test_codes_are_long_and_differ() -> None:
    codes = {access.new_code() for _n in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and access.normal(code) == code for code in codes)


def test_the_receipt_shows_the_code_to_its_applicant(row: ServiceRequest, citizen: User) -> None:
    page = signed_in(citizen).get(reverse("casework:receipt", args=[row.uuid])).content.decode()
    assert row.access_code in page


@pytest.mark.parametrize("state", [State.COMPLETED, State.REFUSED])
def test_a_closed_request_is_rated_once(row: ServiceRequest, citizen: User, state: State) -> None:
    put(row, state)
    client = signed_in(citizen)
    url = reverse("casework:rate", args=[row.uuid])
    assert client.post(url, {"score": "", "comment": "Tez"}).status_code == 400
    assert "Tez" in client.post(url, {"score": "6", "comment": "Tez"}).content.decode()
    assert client.post(url, {"score": "4", "comment": "Tez"}).status_code == 303
    assert client.post(url, {"score": "1"}).status_code == 303
    rating = Rating.objects.get()
    assert (rating.score, rating.comment) == (4, "Tez")
    figures = ServiceFigures.objects.get(service=row.service)
    assert (figures.rating_sum, figures.rating_count) == (4, 1)
    assert "Tez" not in str(row.events.get(kind="rated").data)


def test_only_the_applicant_rates_and_only_what_was_decided(
    row: ServiceRequest, citizen: User, stranger: User, officer: User
) -> None:
    with pytest.raises(InvalidTransition):
        services.rate(row, citizen, 5)
    put(row, State.COMPLETED)
    for other in (stranger, officer):
        with pytest.raises(NotAllowed):
            services.rate(row, other, 5)
    assert (
        signed_in(stranger)
        .post(reverse("casework:rate", args=[row.uuid]), {"score": "5"})
        .status_code
        == 404
    )


def test_the_database_knows_the_scale(row: ServiceRequest) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(request=row, score=9)
