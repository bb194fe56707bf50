"""Payme's checklist: each method in each state, each error, and the repeat of each."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, User
from payments import ledger, services, subjects
from payments.models import Attempt, CallLog, Invoice, MerchantAccount, MerchantKey
from payments.providers.payme import Payme
from payments.providers.payme_protocol import milliseconds
from payments.services import Item, issue
from tests.casework.support import make_agency
from tests.payments.conftest import FEE, WEDNESDAY

pytestmark = pytest.mark.every_database

ID = "5305e3bab097f420a62ced0b"
OTHER_ID = "6305e3bab097f420a62ced0b"
#: The vendor's example for the key TESTKEY (protocols.md §2.1).
BASIC = "Basic UGF5Y29tOlRFU1RLRVk="
NOW = milliseconds(WEDNESDAY)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(WEDNESDAY, tick=False) as travelled:
        yield travelled


@pytest.fixture
def account(agency: Agency) -> MerchantAccount:
    made = MerchantAccount.objects.create(agency=agency, provider="payme", merchant_id="0" * 24)
    MerchantKey.objects.create(account=made, secret="TESTKEY")
    return made


class Caller:
    """Payme's side."""

    def __init__(self, account: MerchantAccount, invoice: Invoice) -> None:
        self.account, self.invoice = account, invoice
        self.url = reverse("payments_callbacks:callback", args=["payme", account.uuid])

    def raw(self, body: Any, authorization: str = BASIC, method: str = "post") -> dict[str, Any]:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        response = getattr(Client(enforce_csrf_checks=True), method)(
            self.url, data=text, content_type="application/json",
            headers={"Authorization": authorization},
        )  # fmt: skip
        assert response.status_code == 200
        assert response["Content-Type"].startswith("application/json")
        return dict(response.json())

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        answer = self.raw({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
        assert answer["id"] == 7
        return answer

    def method(self, name: str, id: str = ID, **params: Any) -> dict[str, Any]:
        """Call a method with what is right, changed by `params`."""
        paying = {"amount": int(FEE), "account": {"request": self.invoice.number}}
        right: dict[str, dict[str, Any]] = {
            "CheckPerformTransaction": paying,
            "CreateTransaction": {"id": id, "time": NOW, **paying},
            "PerformTransaction": {"id": id},
            "CancelTransaction": {"id": id, "reason": 3},
            "CheckTransaction": {"id": id},
            "GetStatement": {"from": NOW - 1000, "to": NOW + 1000},
            "SetFiscalData": {
                "id": id, "type": "PERFORM", "fiscal_data": {"receipt_id": 12, "fiscal_sign": "800031554082"},
            },
        }  # fmt: skip
        return self.call(name, **(right[name] | params))

    def reach(self, state: str) -> None:
        """Bring the transaction ID into a state by Payme's own calls."""
        steps = {
            "none": [], "created": ["CreateTransaction"],
            "performed": ["CreateTransaction", "PerformTransaction"],
            "cancelled": ["CreateTransaction", "CancelTransaction"],
            "reversed": ["CreateTransaction", "PerformTransaction", "CancelTransaction"],
        }[state]  # fmt: skip
        for step in steps:
            assert "result" in self.method(step), step


@pytest.fixture
def payme(account: MerchantAccount, invoice: Invoice) -> Caller:
    return Caller(account, invoice)


def outcome(answer: dict[str, Any]) -> int:
    """The state of a result, or the code of an error."""
    if "error" in answer:
        return int(answer["error"]["code"])
    result = answer["result"]
    return int(result["state"]) if "state" in result else 0


#: state of the transaction → what each method answers about it.
TABLE = {
    "none": {
        "CheckPerformTransaction": 0, "CreateTransaction": 1, "PerformTransaction": -31003,
        "CancelTransaction": -31003, "CheckTransaction": -31003, "SetFiscalData": -31003,
        "GetStatement": 0,
    },
    "created": {
        "CheckPerformTransaction": -31052, "CreateTransaction": 1, "PerformTransaction": 2,
        "CancelTransaction": -1, "CheckTransaction": 1, "SetFiscalData": 0, "GetStatement": 0,
    },
    "performed": {
        "CheckPerformTransaction": -31051, "CreateTransaction": -31008, "PerformTransaction": 2,
        "CancelTransaction": -2, "CheckTransaction": 2, "SetFiscalData": 0, "GetStatement": 0,
    },
    "cancelled": {
        "CheckPerformTransaction": 0, "CreateTransaction": -31008, "PerformTransaction": -31008,
        "CancelTransaction": -1, "CheckTransaction": -1, "SetFiscalData": 0, "GetStatement": 0,
    },
    "reversed": {
        "CheckPerformTransaction": -31051, "CreateTransaction": -31008, "PerformTransaction": -31008,
        "CancelTransaction": -2, "CheckTransaction": -2, "SetFiscalData": 0, "GetStatement": 0,
    },
}  # fmt: skip
CASES = [
    (state, method, expected) for state, row in TABLE.items() for method, expected in row.items()
]


@pytest.mark.parametrize(("state", "method", "expected"), CASES)
def test_each_method_in_each_state_and_its_repeat(
    payme: Caller, state: str, method: str, expected: int
) -> None:
    payme.reach(state)
    first = payme.method(method)
    assert outcome(first) == expected
    if "result" in first:
        # A repeat is answered alike, but for CheckPerform, which only asks.
        assert payme.method(method) == first
    payme.invoice.refresh_from_db()
    assert ledger.disagreements(payme.invoice) == []


@pytest.mark.parametrize("state", TABLE)
def test_another_transaction_on_the_same_invoice(payme: Caller, state: str) -> None:
    payme.reach(state)
    expected = {
        "none": 1,
        "created": -31052,
        "performed": -31051,
        "cancelled": 1,
        "reversed": -31051,
    }
    assert outcome(payme.method("CreateTransaction", id=OTHER_ID)) == expected[state]


METHODS = list(TABLE["none"])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "authorization",
    [
        "", "Basic", "Bearer TESTKEY", "Basic !!!", "Basic UGF5Y29tOg==",
        "Basic " + base64.b64encode(b"Paycom:WRONG").decode(),
        "Basic " + base64.b64encode(b"paycom:TESTKEY").decode(),
        "Basic " + base64.b64encode(b"TESTKEY").decode(),
    ],
)  # fmt: skip
def test_without_the_key_nothing_is_answered(
    payme: Caller, method: str, authorization: str
) -> None:
    answer = payme.raw({"id": 5, "method": method, "params": {}}, authorization)
    assert (answer["error"]["code"], answer["id"]) == (-32504, 5)


def test_without_any_key_every_call_is_refused(payme: Caller) -> None:
    payme.account.keys.all().delete()
    empty = "Basic " + base64.b64encode(b"Paycom:").decode()
    for authorization in (BASIC, empty):
        assert (
            outcome(
                payme.raw(
                    {"id": 5, "method": "CheckTransaction", "params": {"id": ID}}, authorization
                )
            )
            == -32504
        )


def test_while_keys_are_changed_over_both_open_and_a_retired_one_no_longer(payme: Caller) -> None:
    MerchantKey.objects.create(account=payme.account, secret="NEWKEY")
    new = "Basic " + base64.b64encode(b"Paycom:NEWKEY").decode()
    body = {"id": 1, "method": "CheckTransaction", "params": {"id": ID}}
    assert [outcome(payme.raw(body, key)) for key in (BASIC, new)] == [-31003, -31003]
    payme.account.keys.filter(pk=payme.account.keys.order_by("pk")[0].pk).update(
        retired_at=WEDNESDAY
    )
    assert [outcome(payme.raw(body, key)) for key in (BASIC, new)] == [-32504, -31003]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", -32700), ("{", -32700), (b"\xff\xfe", -32700), ("[" * 9000, -32700), ("9" * 9000, -32700),
        ("[]", -32600), ("1", -32600), ('"x"', -32600), ({}, -32600), ({"method": "CheckTransaction"}, -32600),
        ({"method": "CheckTransaction", "params": []}, -32600), ({"method": 1, "params": {}}, -32600),
        ({"method": "Steal", "params": {}}, -32601), ({"method": "checkTransaction", "params": {}}, -32601),
    ],
)  # fmt: skip
def test_what_is_no_call(payme: Caller, body: Any, code: int) -> None:
    assert outcome(payme.raw(body)) == code


def test_the_unknown_method_is_named(payme: Caller) -> None:
    assert payme.call("Steal")["error"]["data"] == "Steal"


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_other_verbs_of_http(payme: Caller, method: str) -> None:
    assert outcome(payme.raw({}, method=method)) == -32300


WRONG: list[tuple[str, dict[str, Any], int]] = [
    *[(m, {"amount": a}, -31001) for m in METHODS[:2] for a in (0, -1, int(FEE) - 1, int(FEE) + 1, 1)],
    *[(m, {"amount": a}, -32600) for m in METHODS[:2] for a in (None, "1854000", 1854000.0, True, 10**30)],
    *[(m, {"account": a}, -31050) for m in METHODS[:2] for a in ({}, {"request": None}, {"request": 5}, {"request": "2026-ADL-T0000009-1"}, {"request": "x" * 9000})],
    *[(m, {"account": a}, -32600) for m in METHODS[:2] for a in (None, [], "x")],
    *[("CreateTransaction", {"time": t}, -32600) for t in (None, "1", 0, -5, NOW + 10**9)],
    ("CreateTransaction", {"time": NOW - 43_200_001}, -31008),
    *[(m, {"id": i}, -32600) for m in ("CreateTransaction", "PerformTransaction", "CancelTransaction", "CheckTransaction", "SetFiscalData") for i in (None, 5, "", "a" * 65, "a;b", "a\x00")],
    *[("CancelTransaction", {"reason": r}, -32600) for r in (None, "3", -1, 10**6)],
    *[("GetStatement", p, -32600) for p in ({"from": None}, {"to": "x"}, {"from": 2, "to": 1})],
    *[("SetFiscalData", p, -32600) for p in ({"type": "X"}, {"fiscal_data": None})],
]  # fmt: skip


@pytest.mark.parametrize(("method", "params", "code"), WRONG)
def test_each_error_of_each_param(
    payme: Caller, method: str, params: dict[str, Any], code: int
) -> None:
    if method in {"CancelTransaction", "SetFiscalData"} and "id" not in params:
        payme.reach("created")
    answer = payme.method(method, **params)
    assert outcome(answer) == code
    if -31099 <= code <= -31050:
        assert set(answer["error"]["message"]) == {"uz", "ru", "en"}
        assert answer["error"]["data"] == "request"


def test_what_was_created_stays_the_same_whatever_comes_with_its_number(payme: Caller) -> None:
    payme.reach("created")
    assert outcome(payme.method("CreateTransaction", amount=1)) == -31001
    assert Attempt.objects.get().amount == FEE


@pytest.mark.parametrize("method", ["PerformTransaction", "CreateTransaction", "CheckTransaction"])
def test_after_twelve_hours_a_transaction_is_cancelled(
    payme: Caller, method: str, clock: Any
) -> None:
    payme.reach("created")
    clock.shift(timedelta(milliseconds=43_200_000))
    assert payme.method("CheckTransaction")["result"]["state"] == 1
    clock.shift(timedelta(milliseconds=1))
    answer = payme.method(method)
    assert outcome(answer) == (-1 if method == "CheckTransaction" else -31008)
    assert payme.method("CheckTransaction")["result"]["reason"] == 4
    assert (
        outcome(
            payme.method(
                "CreateTransaction", id=OTHER_ID, time=milliseconds(WEDNESDAY + timedelta(hours=12))
            )
        )
        == 1
    )


@pytest.mark.parametrize("close", ["cancel", "expire"])
def test_what_is_closed_takes_nothing(payme: Caller, close: str, clock: Any) -> None:
    clock.shift(timedelta(hours=73))
    if close == "cancel":
        services.cancel(payme.invoice.pk)
    assert outcome(payme.method("CheckPerformTransaction")) == -31053
    assert outcome(payme.method("CreateTransaction")) == -31053


def test_what_is_withdrawn_meanwhile_is_not_paid(payme: Caller) -> None:
    payme.reach("created")
    services.cancel(payme.invoice.pk)
    assert outcome(payme.method("PerformTransaction")) == -31008
    assert payme.method("CheckTransaction")["result"]["state"] == -1


class TakenUp(subjects.Nothing):
    """A request that an officer works on."""

    def taken_up(self, reference: str) -> bool:
        return True


def test_money_the_agency_works_for_is_not_taken_back(
    payme: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    payme.reach("performed")
    monkeypatch.setitem(subjects._subjects, "", TakenUp())
    assert outcome(payme.method("CancelTransaction", reason=5)) == -31007
    assert payme.method("CheckTransaction")["result"]["state"] == 2


def test_the_times_and_the_reason_are_told(payme: Caller, clock: Any) -> None:
    payme.reach("performed")
    clock.shift(timedelta(minutes=5))
    payme.method("CancelTransaction", reason=5)
    assert payme.method("CheckTransaction")["result"] == {
        "create_time": NOW, "perform_time": NOW, "cancel_time": NOW + 300_000,
        "transaction": str(Attempt.objects.get().pk), "state": -2, "reason": 5,
    }  # fmt: skip


def test_the_statement_goes_by_the_clock_of_payme(payme: Caller, citizen: User) -> None:
    payme.method("CreateTransaction", time=NOW - 5000)
    inside = payme.method("GetStatement", **{"from": NOW - 5000, "to": NOW - 5000})["result"][
        "transactions"
    ]
    assert [(row["id"], row["time"], row["amount"], row["account"]) for row in inside] == [
        (ID, NOW - 5000, FEE, {"request": payme.invoice.number})
    ]
    assert (
        payme.method("GetStatement", **{"from": NOW - 4999, "to": NOW})["result"]["transactions"]
        == []
    )


def test_another_agencys_key_opens_nothing(payme: Caller) -> None:
    payme.reach("created")
    other = MerchantAccount.objects.create(agency=make_agency("saqlash", "SAQ"), provider="payme")
    MerchantKey.objects.create(account=other, secret="TESTKEY")
    caller = Caller(other, payme.invoice)
    assert outcome(caller.method("CheckPerformTransaction")) == -31050
    assert outcome(caller.method("PerformTransaction")) == -31003
    assert caller.method("GetStatement")["result"]["transactions"] == []


def test_the_same_transaction_for_two_invoices_is_refused(payme: Caller, agency: Agency) -> None:
    payme.reach("created")
    second = issue(agency, [Item("levy", FEE)], language="uz")
    assert outcome(payme.method("CreateTransaction", account={"request": second.number})) == -31008


def test_fiscal_receipts_are_kept(payme: Caller) -> None:
    payme.reach("performed")
    payme.method("SetFiscalData")
    kept = Attempt.objects.get().data["fiscal_perform"]
    assert kept == {"receipt_id": "12", "fiscal_sign": "800031554082"}


def test_what_a_fiscal_receipt_needs_is_told_before(payme: Caller) -> None:
    MerchantAccount.objects.update(ikpu="1" * 17, vat_percent=12)
    detail = payme.method("CheckPerformTransaction")["result"]["detail"]
    assert detail["items"][0] | {} == detail["items"][0]
    assert (detail["items"][0]["price"], detail["items"][0]["code"]) == (FEE, "1" * 17)


def test_every_call_is_logged_without_its_key(payme: Caller) -> None:
    payme.reach("performed")
    payme.raw("{", "Basic wrong")
    assert list(CallLog.objects.values_list("method", "code").order_by("pk")) == [
        ("CreateTransaction", 0), ("PerformTransaction", 0), ("", -32504),
    ]  # fmt: skip
    assert {row.headers["Authorization"] for row in CallLog.objects.all()} == {"***"}
    assert not any("TESTKEY" in row.body + row.answer for row in CallLog.objects.all())


def test_the_link_is_the_vendors(payme: Caller) -> None:
    link = Payme().start(
        payme.invoice, payme.account, return_url="https://p.example/", language="kaa"
    )
    text = base64.b64decode(link.removeprefix("https://checkout.paycom.uz/")).decode()
    assert text.startswith(f"m={'0' * 24};ac.request={payme.invoice.number};a=1854000;l=uz;")


def test_what_an_account_lacks_is_said(payme: Caller, agency: Agency) -> None:
    assert Payme().check_config(payme.account) == []
    payme.account.keys.all().delete()
    assert [problem.field for problem in Payme().check_config(payme.account)] == ["keys"]


@pytest.mark.parametrize("text", ["\ud800", "\x00", "x\udfffy", "ў"])
def test_halves_of_characters_and_nulls_are_answered_like_any_other(
    payme: Caller, text: str
) -> None:
    """JSON may name half a character, which no database keeps."""
    payme.reach("performed")
    answer = payme.raw({"id": text, "method": "CheckTransaction", "params": {"id": ID}})
    assert outcome(answer) == 2
    assert outcome(payme.call(text)) == -32601
    assert outcome(payme.method("CreateTransaction", account={"request": text})) == -31050
    told = {"receipt_id": text, "message": text}
    assert outcome(payme.method("SetFiscalData", fiscal_data=told)) == 0
    assert CallLog.objects.count() == 6


def test_without_a_database_the_answer_is_still_one_of_payme(payme: Caller) -> None:
    def lost(*args: Any) -> Any:
        raise OperationalError("server closed the connection")

    body = {"id": 5, "method": "CheckTransaction", "params": {"id": ID}}
    with connection.execute_wrapper(lost):
        assert outcome(payme.raw(body)) == -32400
