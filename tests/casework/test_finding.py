"""Officers find requests by number and by who asks, in any spelling, and nobody else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from casework import finding
from casework.graph import State
from casework.models import NameKey, NameWord, RequestName, ServiceRequest
from casework.transitions import transition
from forms import retention
from forms.models import FormDefinition, Submission
from service_pages.models import Service
from tests.casework.support import applicant, make_request, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

INBOX = "casework_inbox"


@pytest.fixture
def named(service: Service) -> ServiceRequest:
    """A request of somebody with a name that is written in several ways."""
    row = make_request(service, applicant(1, full_name="Demo Yoʻldoshev Qodir"))
    make_request(service, applicant(2, full_name="Demo Seytnazarova Gúlnara"))
    row.subject |= {"phone": "+998901234567", "pinfl": "31234567890123", "stir": "305111222"}
    row.save()
    finding.note_new()
    return ServiceRequest.objects.get(pk=row.pk)


def found(user: User, query: str, **more: Any) -> list[str]:
    """Numbers of the requests that the inbox shows."""
    page = signed_in(user).post(reverse(INBOX), {"q": query} | more)
    assert page.status_code == 200
    return [item["row"].number for item in page.context["requests"]]


@pytest.mark.parametrize(
    "query",
    [
        "yo'ldoshev", "Йўлдошев", "ЙУЛДОШЕВ", "Юлдашев", "yuldashev qodir", "Кадыр Юлдашев",
        "Yoʻldoshv", "yold", "qodi", "+998 90 123-45-67", "90 123 45 67", "31234567890123",
        "305 111 222",
    ],
)  # fmt: skip
def test_a_request_is_found_by_who_asks(named: ServiceRequest, officer: User, query: str) -> None:
    assert found(officer, query) == [named.number]


def test_names_of_two_languages_and_the_serial(named: ServiceRequest, officer: User) -> None:
    assert found(officer, "Гулнара") == found(officer, "gulnara sеytnazarova"[:7])
    assert len(found(officer, "Гулнара")) == 1
    assert named.number in found(officer, named.number.split("-")[2].lstrip("0"))
    assert found(officer, "yoldoshev gulnara") == []
    assert found(officer, "\x00'; DROP TABLE casework_nameword; --") == []
    assert found(officer, "!!!") == []


def test_a_number_and_filters_lead_to_an_address(named: ServiceRequest, officer: User) -> None:
    browser = signed_in(officer)
    answer = browser.post(reverse(INBOX), {"q": named.number.lower()})
    assert (answer.status_code, answer["Location"]) == (
        303, f"{reverse(INBOX)}?q={named.number.lower()}",
    )  # fmt: skip
    page = browser.get(answer["Location"])
    assert [item["row"].pk for item in page.context["requests"]] == [named.pk]
    answer = browser.post(reverse(INBOX), {"q": "", "state": "registered"})
    assert answer["Location"] == f"{reverse(INBOX)}?state=registered"


def test_a_name_in_an_address_finds_nothing_and_stands_in_none(
    named: ServiceRequest, officer: User
) -> None:
    browser = signed_in(officer)
    assert browser.get(reverse(INBOX), {"q": "yoldoshev"}).context["requests"] == []
    html = browser.post(reverse(INBOX), {"q": "yoldoshev"}).content.decode()
    assert "q=yoldoshev" not in html
    assert 'value="yoldoshev"' in html


def test_another_agency_finds_nothing(named: ServiceRequest, outsider: User) -> None:
    assert found(outsider, "yoldoshev") == []
    assert found(outsider, "31234567890123") == []


def test_pages_of_a_search_go_on_by_post(
    service: Service, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.inbox.PER_PAGE", 2)
    rows = [make_request(service, applicant(n, full_name="Demo Umumiy")) for n in range(3)]
    finding.note_new()
    first, second = found(officer, "umumiy"), found(officer, "umumiy", page="2")
    assert sorted([*first, *second]) == sorted(row.number for row in rows)
    assert len(first) == 2


def test_nothing_of_a_name_can_be_read_from_what_is_kept(named: ServiceRequest) -> None:
    assert NameWord.objects.count() >= 5
    with connection.cursor() as cursor:
        for model in (NameWord, NameKey, RequestName):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert all(isinstance(value, int) for row in cursor.fetchall() for value in row)


def test_noting_again_changes_nothing(named: ServiceRequest) -> None:
    before = RequestName.objects.count(), NameWord.objects.count(), NameKey.objects.count()
    assert finding.note_new() == 0
    ServiceRequest.objects.update(findable=False)
    assert finding.note_new() == 2
    assert before == (
        RequestName.objects.count(), NameWord.objects.count(), NameKey.objects.count(),
    )  # fmt: skip


def test_what_is_forgotten_is_not_found(
    named: ServiceRequest, officer: User, service: Service
) -> None:
    transition(named.pk, State.IN_REVIEW, actor=officer)
    transition(named.pk, State.APPROVED, actor=officer, reason="Berildi")
    transition(named.pk, State.COMPLETED, actor=officer)
    past = timezone.now() - timedelta(days=400)
    Submission.objects.filter(pk=named.submission_id).update(submitted_at=past)
    FormDefinition.objects.filter(service=service).update(retention_days=365)
    assert found(officer, "yoldoshev") == [named.number]
    retention.forget_due()
    finding.note_new()
    assert found(officer, "yoldoshev") == []
    assert not RequestName.objects.filter(request=named).exists()
