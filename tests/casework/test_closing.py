"""No way out without a result or an answer of substance: every way of closing, from one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Agency, User
from casework.graph import State
from casework.models import AnswerTemplate, Kind, ServiceRequest
from casework.substance import SAYS
from casework.transitions import transition
from service_pages.models import Service
from tests.casework.support import make_request, pdf, put, signed_in

pytestmark = pytest.mark.django_db

SENTENCE = "Quvur 12-martda almashtiriladi, brigada belgilandi"
LIBRARY = "Qabul soati har kuni toʻqqizdan oltigacha"
FILE = "a file"
DOCUMENT = "a result document"
SERVICE, APPEAL = Kind.REQUEST, Kind.APPLICATION


@dataclass(frozen=True)
class Press:
    """A button with what is typed beside it: `carries` a file or a document, or nothing."""

    button: str
    text: str = ""
    carries: str = ""
    #: Key of SAYS where it is refused; "" where it is done; "reason" without any text.
    wrong: str = ""


#: What somebody tries to close, and how; each press is refused or done as it says.
WAYS: list[tuple[str, list[Press], State]] = [
    # A service is granted in a word where the result is with it, or follows.
    (SERVICE, [Press("approve", "", wrong="reason")], State.IN_REVIEW),
    (SERVICE, [Press("approve", "Koʻrib chiqildi", wrong="stock")], State.IN_REVIEW),
    (SERVICE, [Press("approve", "Tayyor [sana]", wrong="blank")], State.IN_REVIEW),
    (SERVICE, [Press("approve", "Tayyor"), Press("complete", wrong="result"),
               Press("complete", "Pochta", wrong="result"),
               Press("complete", "Hurmat bilan. Bajarildi. Javob berildi", wrong="result"),
               Press("complete", "", FILE)], State.COMPLETED),
    (SERVICE, [Press("approve", "Tayyor"),
               Press("complete", "Guvohnoma 12-martda qoʻliga berildi")], State.COMPLETED),
    (SERVICE, [Press("approve", "Tayyor", FILE), Press("complete")], State.COMPLETED),
    (SERVICE, [Press("approve", "Tayyor", DOCUMENT), Press("complete")], State.COMPLETED),
    (SERVICE, [Press("approve", SENTENCE), Press("complete")], State.COMPLETED),
    # An appeal waits for an answer.
    (APPEAL, [Press("approve", "Tayyor", wrong="short")], State.IN_REVIEW),
    (APPEAL, [Press("approve", "Murojaatingiz koʻrib chiqildi", wrong="stock")], State.IN_REVIEW),
    (APPEAL, [Press("approve", LIBRARY, wrong="template")], State.IN_REVIEW),
    (APPEAL, [Press("approve", "Ilovada", FILE), Press("complete")], State.COMPLETED),
    (APPEAL, [Press("approve", "Ilovada", DOCUMENT), Press("complete")], State.COMPLETED),
    (APPEAL, [Press("approve", SENTENCE), Press("complete")], State.COMPLETED),
    # A refusal says why, beside its ground.
    *[
        (kind, [Press("refuse", "Rad etildi", wrong="short"),
                Press("refuse", "Arizangiz koʻrib chiqildi", wrong="stock"),
                Press("refuse", "Maʼlumotnomada familiya boshqa yozilgan")], State.REFUSED)
        for kind in (SERVICE, APPEAL)
    ],
    # One answer to many is an answer to each.
    (SERVICE, [Press("bulk approve", "Hurmat bilan", wrong="stock")], State.IN_REVIEW),
    (SERVICE, [Press("bulk approve", "Tayyor"), Press("complete", wrong="result")], State.APPROVED),
    (SERVICE, [Press("bulk refuse", "Rad etildi", wrong="short")], State.IN_REVIEW),
    (APPEAL, [Press("bulk approve", "Tayyor", wrong="short")], State.IN_REVIEW),
    (APPEAL, [Press("bulk approve", LIBRARY), Press("complete")], State.COMPLETED),
    (APPEAL, [Press("bulk refuse", SENTENCE)], State.REFUSED),
]  # fmt: skip


def _press(press: Press, row: ServiceRequest, who: User) -> Any:
    action = press.button.removeprefix("bulk ")
    fields: dict[str, Any] = {
        "action": action, "text": press.text, "chosen": [str(row.uuid)],
        "ground": "data_mismatch" if action == "refuse" else "",
    }  # fmt: skip
    if press.carries == FILE:
        fields["files"] = [pdf()]
    elif press.carries == DOCUMENT:
        fields["document"] = "on"
    bulk = press.button != action
    url = reverse("casework_bulk") if bulk else reverse("casework_detail", args=[row.uuid])
    return signed_in(who).post(url, fields, follow=True)


@pytest.mark.parametrize("signed", [False, True], ids=["executor", "head-signs"])
@pytest.mark.parametrize("number", range(len(WAYS)))
def test_ways_of_closing(
    number: int, signed: bool, service: Service, citizen: User, officer: User, head: User,
    agency: Agency,
) -> None:  # fmt: skip
    kind, presses, end = WAYS[number]
    Agency.objects.filter(pk=agency.pk).update(sign_off_required=signed)
    AnswerTemplate.objects.create(agency=agency, name="Soat", text={"uz": LIBRARY})
    row = make_request(service, citizen)
    ServiceRequest.objects.filter(pk=row.pk).update(kind=kind)
    transition(row.pk, State.IN_REVIEW, actor=officer)
    for press in presses:
        before = list(row.events.values_list("pk", flat=True))
        html = _press(press, row, officer).content.decode()
        row.refresh_from_db()
        if press.wrong:
            told = SAYS.get(press.wrong)
            assert told is None or str(told) in html
            looks = ("viewed", "downloaded")
            assert list(row.events.exclude(kind__in=looks).exclude(pk__in=before)) == []
        elif row.is_proposed:
            _press(Press("sign"), row, head)
            row.refresh_from_db()
    assert row.state == end


def test_what_may_not_be_answered_with_others_is_not_taken_up_with_them(
    service: Service, citizen: User, officer: User
) -> None:
    row = make_request(service, citizen)
    ServiceRequest.objects.filter(pk=row.pk).update(kind=APPEAL)
    html = _press(Press("bulk approve", "Tayyor"), row, officer).content.decode()
    row.refresh_from_db()
    assert (row.state, row.assignee) == (State.REGISTERED, None)
    assert f"{row.number}: {SAYS['short']}" in html


def test_the_desk_says_that_a_result_is_missing(row: ServiceRequest, officer: User) -> None:
    hint = 'aria-describedby="text-complete-help"'
    put(row, State.APPROVED)
    url = reverse("casework_detail", args=[row.uuid])
    assert hint in signed_in(officer).get(url).content.decode()
