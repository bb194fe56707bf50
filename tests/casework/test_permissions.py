"""Who may what in casework, exhaustively from one table: every view and action × every kind of
person. What is not allowed leaves no trace but a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Organization, Representation, Role, User
from accounts.services import create_staff
from casework import elsewhere, linking, tasks
from casework.actions import ACTIONS
from casework.graph import State
from casework.models import RequestEvent, RequestLink, ServiceRequest
from service_pages.models import Service
from tests.casework import addresses
from tests.casework.support import make_agency, make_request, put, signed_in, staff

pytestmark = pytest.mark.django_db

APPLICANT, REPRESENTATIVE, OFFICER, OTHER, HEAD = (
    "applicant", "representative", "officer", "other agency", "head",
)  # fmt: skip
CONTROLLER, EDITOR, ADMINISTRATOR, ANONYMOUS = (
    "controller", "editor", "administrator", "anonymous",
)  # fmt: skip
EVERYBODY = {APPLICANT, REPRESENTATIVE, OFFICER, OTHER, HEAD, CONTROLLER, EDITOR, ADMINISTRATOR,
             ANONYMOUS}  # fmt: skip
SIGNED_IN = EVERYBODY - {ANONYMOUS}
ANSWERING = {OFFICER, HEAD, ADMINISTRATOR}
SIGNING = {HEAD, ADMINISTRATOR}
SEEING = ANSWERING | {CONTROLLER}
WITH_AN_INBOX = SEEING | {OTHER}

#: Name of a view → who gets it (200) with a GET; "own" and "theirs" say whose thing is asked for.
VIEWS: dict[str, set[str]] = {
    "casework_inbox": WITH_AN_INBOX,
    "casework_tasks": WITH_AN_INBOX,
    "casework_texts": ANSWERING | {OTHER},
    "casework_absences": ANSWERING | {OTHER},
    "casework_enter": ANSWERING | {OTHER},
    "casework_detail": SEEING,
    "casework_slip": SEEING,
    "casework_text": ANSWERING,
    "casework_units": SIGNING,
    "casework_people": SIGNING | {CONTROLLER},
    "casework_person": set(),  # nothing is counted of anybody yet: told alike to all
    "casework_unit": SIGNING,
    "casework_rules": SIGNING,
    "casework_rule": SIGNING,
    "casework_audit": {ADMINISTRATOR},  # and auditors
    "casework_audit_request": {ADMINISTRATOR},
    "casework_audit_looks": SIGNING,
    "casework_file": SEEING | {OTHER},  # asked about the request, it reads its files
    "casework_file_content": SEEING | {OTHER},
    "casework_task": {OTHER, CONTROLLER, ADMINISTRATOR},
    "my_requests": SIGNED_IN,
    "my_data": SIGNED_IN,
    "messages": SIGNED_IN,
    "claim": SIGNED_IN,
    "status": EVERYBODY,
    "appeal": EVERYBODY,
    "appeal_sent": set(),  # the slip of an appeal that this browser sent
    "verify": EVERYBODY,
    "verified": set(),  # no such document: told alike to all
    "request": {APPLICANT},
    "receipt": {APPLICANT},
    "complain": {APPLICANT},
    "withdraw": {APPLICANT},
}
#: Views that only take a POST: tried as actions below, refused with a GET to all.
POSTS = {"casework_bulk", "casework_filters", "message", "message_open", "rate", "report_delay",
         "report_by_code"}  # fmt: skip


@dataclass(frozen=True)
class Action:
    """What is pressed: on a request in a state, with what; who may."""

    state: State
    who: frozenset[str]
    fields: dict[str, str]


def _may(state: State, who: set[str], **fields: str) -> Action:
    return Action(state, frozenset(who), fields)


#: Action of the desk → when and who. `sign` and `send_back` need a draft, `call_back` a task, `unlink` a
#: link.
DESK: dict[str, Action] = {
    "take": _may(State.REGISTERED, ANSWERING),
    "accept": _may(State.FORWARDED, ANSWERING),
    "ask": _may(State.IN_REVIEW, ANSWERING, text="Pasport"),
    "approve": _may(State.IN_REVIEW, ANSWERING, text="Tayyor"),
    "refuse": _may(
        State.IN_REVIEW, ANSWERING, text="Bunday ariza oldin yuborilgan", ground="duplicate"
    ),
    "complete": _may(State.APPROVED, ANSWERING, text="Guvohnoma pochta orqali yuborildi"),
    "forward": _may(State.IN_REVIEW, ANSWERING, text="Sizga tegishli", agency="saqlash"),
    "reopen": _may(State.REFUSED, {HEAD, CONTROLLER, ADMINISTRATOR}, text="Xato"),
    "assign": _may(State.IN_REVIEW, ANSWERING, assignee="HEAD"),
    "note": _may(State.COMPLETED, ANSWERING, text="Eslatma"),
    "link": _may(State.IN_REVIEW, ANSWERING, other="OTHER"),
    "unlink": _may(State.IN_REVIEW, ANSWERING, other="OTHER"),
    "message": _may(State.IN_REVIEW, ANSWERING, text="Salom"),
    "sign": _may(State.IN_REVIEW, {HEAD, ADMINISTRATOR}),
    "send_back": _may(State.IN_REVIEW, {HEAD, ADMINISTRATOR}, text="Tuzating"),
    "extend": _may(State.IN_REVIEW, {HEAD, ADMINISTRATOR}, text="Ekspertiza"),
    "ask_agency": _may(State.IN_REVIEW, ANSWERING, text="Toʻgʻrimi?", agency="saqlash"),
    "call_back": _may(State.IN_REVIEW, ANSWERING),
    "keep_information": _may(State.REGISTERED, ANSWERING),  # of an appeal without a name
}
#: View of the applicant's side → when and who.
OWN: dict[str, Action] = {
    "message": _may(State.IN_REVIEW, {APPLICANT}, text="Salom"),
    "rate": _may(State.REFUSED, {APPLICANT}, score="4"),
    "withdraw": _may(State.REGISTERED, {APPLICANT}),
    "complain": _may(State.REFUSED, {APPLICANT}, text="Asossiz"),
    "report_delay": _may(State.REGISTERED, {APPLICANT}),
}


@pytest.fixture
def people(
    citizen: User, stranger: User, officer: User, outsider: User, head: User, controller: User,
    agency: Agency,
) -> dict[str, User | None]:  # fmt: skip
    firm = Organization.objects.create(stir="123456789", name="Namuna MChJ")
    Representation.objects.create(
        user=stranger, organization=firm, valid_from=timezone.localdate(),
        basis="power_of_attorney",
    )  # fmt: skip
    admin = create_staff(
        email="demo.admin@example.org", full_name="Demo admin", agency=None,
        roles=(Role.CONTROLLER,), language="uz",
    )  # fmt: skip
    admin.is_superuser = True
    admin.save()
    return {
        APPLICANT: citizen, REPRESENTATIVE: stranger, OFFICER: officer, OTHER: outsider,
        HEAD: head, CONTROLLER: controller, EDITOR: staff(agency, Role.EDITOR, name="editor"),
        ADMINISTRATOR: admin, ANONYMOUS: None,
    }  # fmt: skip


def _client(person: User | None) -> Client:
    return signed_in(person) if person is not None else Client()


def test_the_table_names_every_view_every_action_and_everybody(
    people: dict[str, User | None],
) -> None:
    assert addresses.PATTERNS.keys() == VIEWS.keys() | POSTS
    assert ACTIONS.keys() == DESK.keys()
    assert people.keys() == EVERYBODY


def test_views(
    row: ServiceRequest, people: dict[str, User | None], officer: User, other_agency: Agency
) -> None:
    urls = addresses.of(row, officer, other_agency)
    browsers = {who: _client(person) for who, person in people.items()}
    allowed = {}
    for name in VIEWS:
        put(row, State.REFUSED if name == "complain" else State.REGISTERED)
        allowed[name] = {
            who for who, browser in browsers.items() if browser.get(urls[name]).status_code == 200
        }
    assert allowed == VIEWS
    # What is posted is not got.
    for name in POSTS:
        for browser in browsers.values():
            assert browser.get(urls[name]).status_code in {302, 403, 405}, name


def _acted(row: ServiceRequest, act: Callable[[], Any]) -> bool:
    """Whether something was written into the history, other than that it was looked at."""
    before = RequestEvent.objects.filter(request=row).exclude(kind="viewed").count()
    act()
    return RequestEvent.objects.filter(request=row).exclude(kind="viewed").count() > before


@pytest.mark.parametrize("name", sorted(DESK))
def test_actions_of_the_desk(
    name: str, service: Service, people: dict[str, User | None], citizen: User, officer: User,
    head: User, other_agency: Agency,
) -> None:  # fmt: skip
    action, allowed = DESK[name], set()
    for who, person in people.items():
        row = make_request(service, citizen, submitted_at=timezone.now() - timedelta(minutes=5))
        put(row, action.state, now=timezone.now())
        fields = {**action.fields, "action": name}
        if name == "assign":
            fields["assignee"] = str(head.pk)
        if name in {"sign", "send_back"}:
            ServiceRequest.objects.filter(pk=row.pk).update(is_proposed=True)
            row.refresh_from_db()
            row.proposed = {"target": "approved", "text": "Ha", "ground": "", "by": officer.pk}
            row.save(update_fields=["proposed"])
        if name == "keep_information":
            ServiceRequest.objects.filter(pk=row.pk).update(is_anonymous=True, applicant=None)
        if name in {"link", "unlink"}:
            other = make_request(service, citizen)
            RequestLink.objects.all().delete()
            fields["other"] = other.number
        if name == "unlink":
            linking.link(row, officer, other.number, RequestLink.Kind.RELATED)
        if name == "call_back":
            fields["task"] = str(tasks.open_task(row, officer, other_agency, "Savol").pk)
        url, client = reverse("casework_detail", args=[row.uuid]), _client(person)

        def press(client: Client = client, url: str = url, fields: dict[str, str] = fields) -> None:
            client.post(url, fields)

        if _acted(row, press):
            allowed.add(who)
    assert allowed == action.who


@pytest.mark.parametrize("name", sorted(OWN))
def test_actions_of_the_applicant(
    name: str, service: Service, people: dict[str, User | None], citizen: User, agency: Agency
) -> None:
    agency.parent = make_agency("kengash", "VKN", kind="council")
    agency.save()
    action, allowed = OWN[name], set()
    for who, person in people.items():
        row = make_request(service, citizen)
        put(row, action.state)
        url, client = reverse(f"casework:{name}", args=[row.uuid]), _client(person)

        def press(client: Client = client, url: str = url) -> None:
            client.post(url, action.fields)

        if _acted(row, press):
            allowed.add(who)
    assert allowed == action.who


@pytest.mark.parametrize("verb", ["assign", "approve"])
def test_many_at_once_are_nobodys_but_those_who_answer(
    verb: str, service: Service, people: dict[str, User | None], citizen: User, head: User
) -> None:
    allowed = set()
    for who, person in people.items():
        row = make_request(service, citizen)
        fields = {
            "chosen": [str(row.uuid)],
            "action": verb,
            "text": "Tayyor",
            "assignee": str(head.pk),
        }
        client = _client(person)

        def press(client: Client = client, fields: dict[str, Any] = fields) -> None:
            client.post(reverse("casework_bulk"), fields)

        if _acted(row, press):
            allowed.add(who)
    assert allowed == ANSWERING


def test_an_asked_agencys_answer_is_its_own(
    service: Service, people: dict[str, User | None], citizen: User, officer: User,
    other_agency: Agency,
) -> None:  # fmt: skip
    allowed = set()
    for who, person in people.items():
        row = put(make_request(service, citizen), State.IN_REVIEW)
        task = tasks.open_task(row, officer, other_agency, "Savol")
        client = _client(person)

        def press(client: Client = client, pk: int = task.pk) -> None:
            client.post(reverse("casework_task", args=[pk]), {"text": "Javob"})

        if _acted(row, press):
            allowed.add(who)
    assert allowed == {OTHER, ADMINISTRATOR}


def test_whoever_sent_a_request_never_answers_it(service: Service, agency: Agency) -> None:
    insider = staff(agency, Role.OFFICER, Role.HEAD, name="insider")
    row = put(make_request(service, insider), State.IN_REVIEW)
    client = signed_in(insider)
    for name in set(DESK) - {"message"}:
        before = row.events.exclude(kind="viewed").count()
        client.post(
            reverse("casework_detail", args=[row.uuid]),
            {**DESK[name].fields, "action": name, "assignee": str(insider.pk)},
        )
        assert row.events.exclude(kind="viewed").count() == before, name
    assert elsewhere.superior_of(agency) is None
    assert not isinstance(insider, AnonymousUser)
