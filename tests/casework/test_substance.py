"""What is an answer, and what only looks like one; told in words, never silently."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from casework import services, substance
from casework.actions import MISSING
from casework.graph import State
from casework.models import AnswerTemplate, Kind, ServiceRequest
from casework.substance import Matter, problem
from casework.transitions import Missing, transition
from tests.casework.support import signed_in

ASKED = "Maktab yonidagi bogʻchaning isitish tizimi ishlamayapti. Qachon tuzatiladi?"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ha", "short"),
        ("Rad etildi", "short"),
        ("ok ok ok ok ok ok ok ok", "short"),
        ("!!! ... ---", "short"),
        ("Murojaatingiz koʻrib chiqildi. Hurmat bilan.", "stock"),
        ("Мурожаатингиз кўриб чиқилди.", "stock"),
        ("Murojaatingiz ko'rib chiqildi, tegishli choralar ko'riladi", "stock"),
        ("Ваше обращение рассмотрено. С уважением", "stock"),
        ("Múrájatıńız kórip shıǵıldı. Húrmet penen", "stock"),
        ("Your appeal has been considered. Best regards", "stock"),
        ("Мактаб ёнидаги боғчанинг иситиш тизими ишламаяпти", "echo"),
        ("Isitish tizimi {sana} kuni tuzatiladi, brigada keladi", "blank"),
        ("Isitish tizimi [sana] kuni tuzatiladi, brigada keladi", "blank"),
        ("Isitish tizimi ______ kuni tuzatiladi, brigada keladi", "blank"),
    ],
)
def test_what_is_no_answer(text: str, wrong: str) -> None:
    assert problem(text, Matter(asked=ASKED)) == wrong
    assert f"answer_{wrong}" in MISSING


@pytest.mark.parametrize(
    "text",
    [
        "Isitish tizimi 12-martda tuzatiladi.",
        "Иситиш тизими 12 мартда тузатилади",
        "Система отопления отремонтирована 5 марта.",
        "Jılıtıw sisteması 12-martta ońlanadı",
        "Hurmatli fuqaro! Murojaatingiz koʻrib chiqildi. Brigada ertaga keladi, nasos almashtiriladi.",
        "The boiler is replaced on Monday.",
        "Nizomning [3] bandiga koʻra bogʻcha hisobda turmaydi",
    ],
)
def test_a_sentence_of_its_own_is_enough_in_any_language(text: str) -> None:
    assert problem(text, Matter(asked=ASKED)) == ""


def test_numbered_questions_are_answered_each() -> None:
    asked = "1. Yoʻl qachon taʼmirlanadi?\n2. Kim javob beradi?\n3. Qancha pul ajratilgan?"
    short = "Yoʻl iyun oyida taʼmirlanadi"
    assert problem(short, Matter(asked=asked)) == "points"
    numbered = "1. Iyunda.\n2. Tuman hokimligi.\n3. Ikki milliard soʻm."
    told = "Taʼmir iyunda boshlanadi. Hokimlik javob beradi. Ikki milliard soʻm ajratilgan."
    assert problem(numbered, Matter(asked=asked)) == problem(told, Matter(asked=asked)) == ""


def test_a_file_or_a_granted_service_is_the_answer_itself() -> None:
    assert problem("Tayyor", Matter(carried=True)) == ""
    assert problem("Koʻrib chiqildi", Matter(carried=True)) == "stock"


@pytest.fixture
def appeal(row: ServiceRequest, officer: User) -> ServiceRequest:
    ServiceRequest.objects.filter(pk=row.pk).update(kind=Kind.APPLICATION)
    transition(row.pk, State.IN_REVIEW, actor=officer)
    row.refresh_from_db()
    return row


@pytest.mark.django_db
def test_the_library_alone_is_no_answer_to_an_appeal_and_words_do_not_come_twice(
    appeal: ServiceRequest, officer: User, head: User
) -> None:
    text = "Qabul soati har kuni toʻqqizdan oltigacha"
    AnswerTemplate.objects.create(agency=appeal.agency, name="Soat", text={"uz": text})
    with pytest.raises(Missing, match="answer_template"):
        services.decide(appeal, officer, State.APPROVED, f" {text}!")
    services.decide(appeal, officer, State.APPROVED, f"{text}. Sizni 12-martda kutamiz.")
    transition(appeal.pk, State.COMPLETED, actor=officer)
    transition(appeal.pk, State.REOPENED, actor=head, reason="Javob yetarli emas")
    transition(appeal.pk, State.IN_REVIEW, actor=officer)
    with pytest.raises(Missing, match="answer_again"):
        services.decide(appeal, officer, State.APPROVED, f"{text}. Sizni 12-martda kutamiz")


@pytest.mark.django_db
def test_the_officer_reads_what_is_wrong_and_keeps_the_text(
    appeal: ServiceRequest, officer: User
) -> None:
    text = "Murojaatingiz koʻrib chiqildi"
    page = signed_in(officer).post(
        reverse("casework_detail", args=[appeal.uuid]), {"action": "approve", "text": text}
    )
    assert page.status_code == 400
    html = page.content.decode()
    assert text in html and str(substance.SAYS["stock"]) in html
    appeal.refresh_from_db()
    assert appeal.state == State.IN_REVIEW
