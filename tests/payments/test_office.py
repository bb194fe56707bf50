"""Money in the admin, from one table: accountants see money and no answers, officers see paid or
not, support sees calls; every act needs its role and, where money moves, a second person."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Organization, Role, User
from casework.models import ServiceRequest
from casework.wagtail_hooks import inbox_urls
from core.money import soums
from payments import by_hand, calls, refunds, services
from payments.models import (
    BankLine,
    CallLog,
    CashReceipt,
    Difference,
    Invoice,
    MerchantAccount,
    Refund,
)
from payments.services import Item, issue
from payments.wagtail_hooks import payments_urls
from tests.casework.support import (
    applicant,
    make_agency,
    make_request,
    make_service,
    put,
    signed_in,
    staff,
)
from tests.payments.conftest import FEE

pytestmark = pytest.mark.django_db

ACCOUNTANT, HEAD, OFFICER, CLERK, CONTROLLER, SUPPORT = (
    "accountant", "head", "officer", "clerk", "controller", "support",
)  # fmt: skip
FOREIGN, EDITOR, CITIZEN, PAYER, ADMINISTRATOR, ANONYMOUS = (
    "accountant of another agency", "editor", "citizen", "payer", "administrator", "anonymous",
)  # fmt: skip
PEOPLE = (
    ACCOUNTANT, HEAD, OFFICER, CLERK, CONTROLLER, SUPPORT, FOREIGN, EDITOR, CITIZEN, PAYER,
    ADMINISTRATOR, ANONYMOUS,
)  # fmt: skip
MONEY = {ACCOUNTANT, HEAD, ADMINISTRATOR}
READING = MONEY | {CONTROLLER}
DESK = MONEY | {OFFICER, CLERK}
#: What may be looked at → who gets it. A page of an agency's own lists is open to another
#: agency's accountant too, and shows nothing of this one.
LISTS = {
    "payments_index": READING, "payments_refunds": READING, "payments_transfers": READING,
    "payments_differences": READING, "payments_figures": READING, "payments_desk": DESK,
    "payments_calls": READING | {SUPPORT}, "payments_movements": READING,
    "payments_totals": READING, "payments_issue": MONEY,
}  # fmt: skip
ONES = {"payments_detail": READING, "payments_pdf": READING, "payments_call": READING | {SUPPORT}}
FILES = {"payments_movements", "payments_totals"}
#: What may be done → who may. Who asked for it or entered it may not decide it.
ACTS = {
    "payments_ask_refund": MONEY, "payments_refund": MONEY, "payments_statement": MONEY,
    "payments_match": MONEY, "payments_compare": MONEY, "payments_difference": MONEY,
    "payments_enter_cash": DESK, "payments_cash": DESK,
}  # fmt: skip


@dataclass
class Till:
    """An agency with one of everything that money leaves behind."""

    agency: Agency
    invoice: Invoice
    people: dict[str, User | None] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        person = self.people[who]
        return Client() if person is None else signed_in(person)


def written() -> tuple[int, ...]:
    """How much was written: what an act that is refused leaves as it was."""
    return (
        Refund.objects.count(), Refund.objects.exclude(state="requested").count(),
        CashReceipt.objects.count(), CashReceipt.objects.exclude(state="entered").count(),
        BankLine.objects.count(), BankLine.objects.filter(attempt=None).count(),
        Difference.objects.filter(settled_at=None).count(),
    )  # fmt: skip


@pytest.fixture
def till(agency: Agency, citizen: User) -> Till:
    service = make_service(agency)
    made = issue(
        agency, [Item("levy", FEE)], language="uz", payer=citizen, service=service,
        billed_to={"name": "Demo Fuqaro 1"},
    )  # fmt: skip
    assert made is not None
    account = MerchantAccount.objects.create(agency=agency, provider="payme", merchant_id="0" * 24)
    services.perform(services.begin(made.pk, "payme", "a" * 24, FEE, account=account).pk)
    made.refresh_from_db()
    calls.log(
        "payme", account, method="PerformTransaction", headers={"Authorization": "Basic eA=="},
        body='{"id": "x", "phone": "+998901234567"}', answer="{}", code=0, milliseconds=7,
    )  # fmt: skip
    admin = staff(None, Role.CONTROLLER, name="admin")
    admin.is_superuser = True
    admin.save()
    other = make_agency("saqlash", "SAQ")
    people: dict[str, User | None] = {
        ACCOUNTANT: staff(agency, Role.ACCOUNTANT, name="accountant"),
        HEAD: staff(agency, Role.HEAD, name="head"), OFFICER: staff(agency, Role.OFFICER),
        CLERK: staff(agency, Role.CLERK, name="clerk"),
        CONTROLLER: staff(None, Role.CONTROLLER, name="controller"),
        SUPPORT: staff(None, Role.SUPPORT, name="support"),
        FOREIGN: staff(other, Role.ACCOUNTANT, name="accountant"),
        EDITOR: staff(agency, Role.EDITOR, name="editor"), CITIZEN: applicant(2), PAYER: citizen,
        ADMINISTRATOR: admin, ANONYMOUS: None,
    }  # fmt: skip
    return Till(agency, made, people)


def test_the_tables_name_every_view_and_everybody(till: Till) -> None:
    assert {pattern.name for pattern in payments_urls()} == LISTS.keys() | ONES.keys() | ACTS.keys()
    assert set(till.people) == set(PEOPLE)


@pytest.mark.parametrize("page", sorted(LISTS))
def test_who_opens_which_list(till: Till, page: str) -> None:
    address = reverse(page, args=["csv"] if page in FILES else [])
    for who in PEOPLE:
        answer = till.client(who).get(address)
        assert (answer.status_code == 200) == (who in LISTS[page] | {FOREIGN}), who
        if who == FOREIGN:
            for hidden in (till.invoice.number, "PerformTransaction", "18\u00a0540", "18540"):
                assert hidden not in answer.content.decode()


@pytest.mark.parametrize("page", sorted(ONES))
def test_who_opens_one(till: Till, page: str) -> None:
    arguments: list[Any] = {
        "payments_detail": [till.invoice.uuid], "payments_pdf": [till.invoice.uuid, "receipt"],
        "payments_call": [CallLog.objects.get().pk],
    }[page]  # fmt: skip
    for who in PEOPLE:
        answer = till.client(who).get(reverse(page, args=arguments))
        assert (answer.status_code == 200) == (who in ONES[page]), who


def _refund(till: Till) -> Refund:
    return refunds.request(till.invoice.pk, soums(1), "other", actor=None)


def _receipt(till: Till) -> CashReceipt:
    clerk = staff(till.agency, Role.CLERK, name="second clerk")
    return by_hand.enter_cash(till.invoice, "K-1", FEE, clerk)


def _line(till: Till) -> BankLine:
    return BankLine.objects.create(
        agency=till.agency, day=timezone.localdate(), document="1", amount=FEE
    )


def _difference(till: Till) -> Difference:
    return Difference.objects.create(
        agency=till.agency, provider="payme", day=timezone.localdate(), kind="missing_here",
        external_id="b" * 24, invoice=till.invoice, there=FEE,
    )  # fmt: skip


def _file(text: str) -> Any:
    return SimpleUploadedFile("statement.csv", text.encode(), content_type="text/csv")


def _press(till: Till, act: str, client: Client) -> Callable[[], Any]:
    """Prepare what an act is done to; press its button when called."""
    number = till.invoice.number
    match act:
        case "payments_ask_refund":
            address, sent = (
                reverse(act, args=[till.invoice.uuid]),
                {"amount": "1", "reason": "other"},
            )
        case "payments_refund":
            address, sent = reverse(act, args=[_refund(till).uuid, "approve"]), {}
        case "payments_statement":
            text = "date;document;amount;stir;payer;purpose\n2026-03-04;9;5;;X;Y\n"
            address, sent = reverse(act), {"agency": till.agency.key, "file": _file(text)}
        case "payments_match":
            address, sent = reverse(act, args=[_line(till).pk]), {"invoice": number}
        case "payments_compare":
            text = f"id;number;amount;state\nzz;{number};5;paid\n"
            address = reverse(act)
            sent = {
                "agency": till.agency.key, "provider": "payme", "file": _file(text),
                "day": timezone.localdate().isoformat(),
            }  # fmt: skip
        case "payments_difference":
            address, sent = reverse(act, args=[_difference(till).pk, "take"]), {}
        case "payments_enter_cash":
            address, sent = (
                reverse(act),
                {"invoice": number, "number": "K-2", "amount": "18 540,00"},
            )
        case _:
            address, sent = reverse(act, args=[_receipt(till).uuid, "confirm"]), {}
    return lambda: client.post(address, sent)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_who_does_what(till: Till, act: str) -> None:
    for who in PEOPLE:
        with transaction.atomic():
            client = till.client(who)
            press = _press(till, act, client)
            before = written()
            answer = press()
            assert answer.status_code in {302, 403, 404}
            assert (written() != before) == (who in ACTS[act]), who
            assert client.get(answer.wsgi_request.path).status_code != 200
            transaction.set_rollback(True)


def test_nobody_decides_what_they_asked_for_themselves(till: Till) -> None:
    client = till.client(ACCOUNTANT)
    client.post(
        reverse("payments_ask_refund", args=[till.invoice.uuid]),
        {"amount": "18 540", "reason": "mistake", "note": "Xato"},
    )
    row = Refund.objects.get()
    address = reverse("payments_refund", args=[row.uuid, "approve"])
    page = client.get(reverse("payments_detail", args=[till.invoice.uuid])).content.decode()
    assert address not in page
    client.post(address)
    row.refresh_from_db()
    assert row.state == "requested"
    till.client(HEAD).post(address)
    row.refresh_from_db()
    assert row.state == "approved"


# -- money is not answers, and the other way round -----------------------------------------------


@pytest.fixture
def request_row(till: Till, citizen: User) -> ServiceRequest:
    service = till.invoice.service
    assert service is not None
    row = make_request(service, citizen, answers={"speed": "usual", "place": "MAXFIY JAVOB"})
    ServiceRequest.objects.filter(pk=row.pk).update(fee={"total_tiyin": int(FEE)})
    Invoice.objects.filter(pk=till.invoice.pk).update(
        kind="request", reference=str(row.uuid), about=row.number
    )
    row.refresh_from_db()
    return row


def test_accountants_open_nothing_of_casework(till: Till, request_row: ServiceRequest) -> None:
    client = till.client(ACCOUNTANT)
    for pattern in inbox_urls():
        kinds = pattern.pattern.converters
        values = {
            name: request_row.uuid if type(kind).__name__ == "UUIDConverter" else request_row.pk
            for name, kind in kinds.items()
        }
        assert client.get(reverse(pattern.name, kwargs=values)).status_code != 200, pattern.name


def test_pages_of_money_hold_no_answer(till: Till, request_row: ServiceRequest) -> None:
    client = till.client(ACCOUNTANT)
    pages = [
        reverse(name) for name in sorted(LISTS) if "movements" not in name and "totals" not in name
    ]
    pages.append(reverse("payments_detail", args=[till.invoice.uuid]))
    for page in pages:
        text = client.get(page).content.decode()
        assert "MAXFIY" not in text, page
    assert request_row.number in client.get(pages[-1]).content.decode()


@pytest.mark.parametrize(
    ("state", "word"),
    [("paid", "paid"), ("open", "not paid"), ("expired", "not paid"), ("refunded", "returned")],
)
def test_officers_see_paid_or_not_and_nothing_else_of_it(
    till: Till, request_row: ServiceRequest, state: str, word: str
) -> None:
    if state in {"open", "expired"}:
        Invoice.objects.filter(pk=till.invoice.pk).update(state=state, paid_at=None)
    elif state == "refunded":
        Invoice.objects.filter(pk=till.invoice.pk).update(state=state, refunded=FEE)
    put(request_row, "in_review")  # type: ignore[arg-type]
    officer = till.people[OFFICER]
    assert officer is not None
    officer.language = "en"
    officer.save()
    text = (
        signed_in(officer).get(reverse("casework_detail", args=[request_row.uuid])).content.decode()
    )
    assert f"<dt>Payment</dt><dd>{word}" in text
    for hidden in (till.invoice.number, r"\bPayme\b", "a" * 24):
        assert not re.search(hidden, text)


# -- what the pages do ---------------------------------------------------------------------------


def test_the_log_of_calls_is_masked_and_found(till: Till) -> None:
    client = till.client(SUPPORT)
    row = CallLog.objects.get()
    text = client.get(reverse("payments_call", args=[row.pk])).content.decode()
    assert "***" in text
    for hidden in ("eA==", "901234567"):
        assert hidden not in text
    address = reverse("payments_calls")
    for query, found in (
        ("?q=%22x%22", True), ("?q=nothing", False), ("?way=in", True), ("?way=out", False),
        ("?show=failed", False), ("?provider=click", False), ("?to=2001-01-01", False),
        ("?from=x&to=y&page=z", True),
    ):  # fmt: skip
        assert ("PerformTransaction" in client.get(address + query).content.decode()) == found, (
            query
        )


def test_lists_ask_as_many_questions_of_the_database_however_long_they_are(
    till: Till, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        made = issue(till.agency, [Item("levy", FEE)], language="uz", service=till.invoice.service)
        assert made is not None
        services.receive(made.pk, "bank", f"bank-{number}", FEE + soums(1))
        _line(till).delete()
        Difference.objects.create(
            agency=till.agency, provider="payme", day=timezone.localdate(), kind="missing_here",
            external_id=f"{number}", invoice=made, there=FEE,
        )  # fmt: skip
    client = till.client(ACCOUNTANT)
    for page in sorted(LISTS):
        arguments = ["csv"] if page in FILES else []
        with django_assert_max_num_queries(32):
            assert client.get(reverse(page, args=arguments)).status_code in {200, 403}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, ""), ({"payer": "", "name": "Namuna fermer"}, ""), ({"payer": "301234561"}, ""),
        ({"payer": "399999999"}, "payer"), ({"payer": "nobody@example.org"}, "payer"),
        ({"payer": "", "name": ""}, "name"), ({"kind": "bribe"}, "kind"), ({"text": " "}, "text"),
        ({"amount": "0"}, "amount"), ({"amount": "x"}, "amount"), ({"amount": "0,001"}, "amount"),
        ({"amount": "-5"}, "amount"), ({"amount": "9" * 20}, "amount"), ({"agency": "saqlash"}, "agency"),
    ],
)  # fmt: skip
def test_a_free_standing_invoice(till: Till, changed: dict[str, str], field: str) -> None:
    Organization.objects.create(stir="301234561", name="Namuna MChJ")
    payer = till.people[PAYER]
    assert payer is not None
    before = Invoice.objects.count()
    sent = {
        "agency": till.agency.key, "payer": payer.email or "", "kind": "service_price",
        "text": "Arxiv nusxasi", "legal_point": "12-band", "amount": "25 000", "about": "12/3",
    } | changed  # fmt: skip
    answer = till.client(ACCOUNTANT).post(reverse("payments_issue"), sent)
    if field:
        assert answer.status_code == 400
        assert f'id="issue-{field}-error"' in answer.content.decode()
        assert Invoice.objects.count() == before
        return
    made = Invoice.objects.latest("pk")
    assert (made.total, made.kind, made.about) == (soums(25_000), "", "12/3")
    assert made.billed_to["name"] == (
        {"": "Namuna fermer", "301234561": "Namuna MChJ"}.get(sent["payer"]) or payer.full_name
    )
    if sent["payer"] == payer.email:
        page = signed_in(payer).get(reverse("payments:invoice", args=[made.uuid]))
        assert "Arxiv nusxasi" in page.content.decode()
