"""Click's checklist: both calls in each state, each error, the repeat of each, raw signatures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from accounts.models import Agency
from payments import ledger, services
from payments.models import Attempt, CallLog, Invoice, MerchantAccount, MerchantKey
from payments.providers import usable
from payments.providers.click import Click, signature
from payments.services import Item, issue
from tests.casework.support import make_agency
from tests.payments.conftest import FEE, WEDNESDAY

pytestmark = pytest.mark.every_database

KEY = "TESTSECRET"
#: The vectors of protocols.md §3.1: raw amount → (Prepare, Complete).
VECTORS = {
    "18540": ("1164d446a94108b995a7a1f557f42fd8", "3bc7bf28970c4412b23629a95f42a536"),
    "18540.0": ("0245302c590459f746e1c8bf896ef973", "fc34750e08a0f8db5a0eebf9009bd272"),
    "18540.00": ("7567c0436944060f94c414406012484d", "36d7df55b43710087e59f91bbcef471b"),
}


@pytest.mark.parametrize("amount", VECTORS)
def test_the_signature_is_that_of_the_raw_strings(amount: str) -> None:
    call = {
        "click_trans_id": "123456789", "service_id": "777", "amount": amount,
        "merchant_trans_id": "2026-AGR-0012345-7", "merchant_prepare_id": "42",
    }  # fmt: skip
    prepare = call | {"action": "0", "sign_time": "2026-03-02 10:15:00"}
    complete = call | {"action": "1", "sign_time": "2026-03-02 10:16:30"}
    assert (signature(prepare, "TESTSECRET"), signature(complete, "TESTSECRET")) == VECTORS[amount]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(WEDNESDAY, tick=False) as travelled:
        yield travelled


@pytest.fixture
def account(agency: Agency) -> MerchantAccount:
    made = MerchantAccount.objects.create(
        agency=agency, provider="click", merchant_id="55", service_id="777"
    )
    MerchantKey.objects.create(account=made, secret="TESTSECRET")
    return made


class Caller:
    """Click's side."""

    def __init__(self, account: MerchantAccount, invoice: Invoice) -> None:
        self.account, self.invoice, self.prepared = account, invoice, "1"
        self.url = reverse("payments_callbacks:callback", args=["click", account.uuid])

    def send(self, values: dict[str, Any], secret: str = KEY, **changed: Any) -> dict[str, Any]:
        """Sign `values` and send them with `changed`, which the signature does not know of."""
        values = {name: str(value) for name, value in values.items()}
        signed = values | {"sign_string": signature(values, secret)} | changed
        sent = {name: value for name, value in signed.items() if value is not None}
        response = Client(enforce_csrf_checks=True).post(self.url, sent)
        assert response.status_code == 200
        return dict(response.json())

    def values(self, action: str, **changed: Any) -> dict[str, Any]:
        values = {
            "click_trans_id": "123456789", "service_id": "777", "click_paydoc_id": "987",
            "merchant_trans_id": self.invoice.number, "amount": "18540.00", "action": action,
            "error": "0", "error_note": "Success", "sign_time": "2026-03-04 11:00:00",
        }  # fmt: skip
        if action == "1":
            values["merchant_prepare_id"] = self.prepared
        return values | changed

    def prepare(self, **changed: Any) -> dict[str, Any]:
        answer = self.send(self.values("0", **changed))
        self.prepared = str(answer.get("merchant_prepare_id", self.prepared))
        return answer

    def complete(self, **changed: Any) -> dict[str, Any]:
        return self.send(self.values("1", **changed))

    def reach(self, state: str) -> None:
        steps = {
            "none": [], "prepared": [self.prepare], "paid": [self.prepare, self.complete],
            "failed": [self.prepare, lambda: self.complete(error="-5017")],
        }[state]  # fmt: skip
        for step in steps:
            step()


@pytest.fixture
def click(account: MerchantAccount, invoice: Invoice) -> Caller:
    return Caller(account, invoice)


#: (state, call) → (answer, answer to its repeat).
TABLE = [
    ("none", "prepare", 0, 0), ("none", "complete", -6, -6), ("none", "cancel", -6, -6),
    ("prepared", "prepare", 0, 0), ("prepared", "complete", 0, -4), ("prepared", "cancel", -9, -9),
    ("paid", "prepare", -4, -4), ("paid", "complete", -4, -4), ("paid", "cancel", -4, -4),
    ("failed", "prepare", -9, -9), ("failed", "complete", -9, -9), ("failed", "cancel", -9, -9),
]  # fmt: skip


@pytest.mark.parametrize(("state", "call", "first", "again"), TABLE)
def test_each_call_in_each_state_and_its_repeat(
    click: Caller, state: str, call: str, first: int, again: int
) -> None:
    click.reach(state)
    do = {
        "prepare": click.prepare,
        "complete": click.complete,
        "cancel": lambda: click.complete(error="-1"),
    }[call]
    assert [do()["error"], do()["error"]] == [first, again]
    click.invoice.refresh_from_db()
    assert ledger.disagreements(click.invoice) == []
    assert (click.invoice.state == "paid") == (
        state == "paid" or (state, call) == ("prepared", "complete")
    )


@pytest.mark.parametrize(
    ("state", "expected"), [("none", 0), ("prepared", 0), ("paid", -4), ("failed", 0)]
)
def test_a_new_press_of_the_payer_is_a_new_transaction(
    click: Caller, state: str, expected: int
) -> None:
    click.reach(state)
    assert click.prepare(click_trans_id="2")["error"] == expected


def test_what_was_prepared_before_the_last_press_is_not_completed(click: Caller) -> None:
    click.prepare()
    old = click.prepared
    click.prepare(click_trans_id="2")
    assert click.complete(merchant_prepare_id=old)["error"] == -9
    assert click.complete(click_trans_id="2")["error"] == 0


def test_the_answers_have_what_click_reads(click: Caller) -> None:
    prepared = click.prepare()
    pk = Attempt.objects.get().pk
    assert prepared == {
        "click_trans_id": 123456789, "merchant_trans_id": click.invoice.number,
        "merchant_prepare_id": pk, "error": 0, "error_note": "Success",
    }  # fmt: skip
    assert click.complete() == {
        "click_trans_id": 123456789, "merchant_trans_id": click.invoice.number,
        "merchant_confirm_id": pk, "error": 0, "error_note": "Success",
    }  # fmt: skip


SIGNED = [
    "click_trans_id", "service_id", "merchant_trans_id", "amount", "sign_time", "merchant_prepare_id",
]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "name"),
    [*(("0", name) for name in SIGNED[:-1]), *(("1", name) for name in SIGNED)],
)
def test_what_is_changed_after_signing_is_refused(click: Caller, action: str, name: str) -> None:
    click.prepare()
    values = click.values(action)
    answer = click.send(values, **{name: values[name] + "0"})
    assert answer["error"] == -1
    click.invoice.refresh_from_db()
    assert click.invoice.state == "waiting"


@pytest.mark.parametrize("action", ["0", "1"])
@pytest.mark.parametrize("signed", ["0" * 32, "x", "É", "1164d446a94108b995a7a1f557f42fd8"])
def test_a_wrong_signature(click: Caller, action: str, signed: str) -> None:
    click.prepare()
    assert click.send(click.values(action), sign_string=signed)["error"] == -1


def test_a_signature_in_capitals_is_the_same(click: Caller) -> None:
    values = click.values("0")
    signed = signature({k: str(v) for k, v in values.items()}, "TESTSECRET").upper()
    assert click.send(values, sign_string=signed)["error"] == 0


def test_an_empty_key_and_another_service_open_nothing(click: Caller) -> None:
    assert click.prepare(service_id="778")["error"] == -1
    click.account.keys.all().delete()
    assert click.send(click.values("0"), secret="")["error"] == -1


def test_while_keys_are_changed_over_both_open(click: Caller) -> None:
    MerchantKey.objects.create(account=click.account, secret="NEW")
    assert click.send(click.values("0"), secret="NEW")["error"] == 0
    click.account.keys.filter(pk=click.account.keys.order_by("pk")[0].pk).update(
        retired_at=WEDNESDAY
    )
    assert click.send(click.values("0"))["error"] == -1


@pytest.mark.parametrize("amount", ["18540", "18540.0", "18540.00", "018540.000", "1.854E4"])
def test_the_sum_is_compared_exactly_however_it_is_written(click: Caller, amount: str) -> None:
    assert click.prepare(amount=amount)["error"] == 0


@pytest.mark.parametrize(
    "amount", ["18539.99", "18540.01", "18540.004", "1", "0.01", "-18540", "1854000", "NaN", "Infinity", "x", "1e999999"]
)  # fmt: skip
@pytest.mark.parametrize("action", ["0", "1"])
def test_another_sum_is_refused(click: Caller, amount: str, action: str) -> None:
    if action == "1":
        click.prepare()
    assert click.send(click.values(action, amount=amount))["error"] == -2


@pytest.mark.parametrize("number", ["2026-ADL-T0000009-1", "x", "1" * 500, "2026-ADL-0000001-1"])
@pytest.mark.parametrize("action", ["0", "1"])
def test_an_unknown_order(click: Caller, number: str, action: str) -> None:
    assert click.send(click.values(action, merchant_trans_id=number))["error"] == -5


@pytest.mark.parametrize("action", ["2", "-1", "prepare"])
def test_an_unknown_action(click: Caller, action: str) -> None:
    assert click.send(click.values("0"), action=action)["error"] == -3


@pytest.mark.parametrize("action", ["0", "1"])
@pytest.mark.parametrize(
    "name", ["click_trans_id", "service_id", "merchant_trans_id", "amount", "error", "sign_time", "sign_string"]
)  # fmt: skip
def test_a_missing_field(click: Caller, action: str, name: str) -> None:
    click.prepare()
    assert click.send(click.values(action), **{name: None})["error"] == -8


@pytest.mark.parametrize("number", ["0", "99999999", "x", "9" * 40])
def test_a_transaction_that_was_not_prepared(click: Caller, number: str) -> None:
    click.prepare()
    assert click.complete(merchant_prepare_id=number)["error"] == -6


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("click_trans_id", "x1"),
        ("click_trans_id", "9" * 30),
        ("click_trans_id", "²"),
        *(("error", word) for word in ("none", "--5", "²", "-", "1.0", "9" * 5000)),
    ],
)
def test_a_number_that_is_none(click: Caller, name: str, value: str) -> None:
    assert click.prepare(**{name: value})["error"] == -8


def test_a_call_without_a_form(click: Caller) -> None:
    client = Client()
    assert client.get(click.url).json()["error"] == -8
    assert client.post(click.url, data="{}", content_type="application/json").json()["error"] == -8


def test_while_payme_holds_the_invoice_click_waits(click: Caller) -> None:
    services.begin(click.invoice.pk, "payme", "a" * 24, FEE)
    assert click.prepare()["error"] == -7


@pytest.mark.parametrize("end", ["cancel", "time", "refund"])
def test_what_is_closed_takes_nothing(click: Caller, end: str, clock: Any) -> None:
    if end == "cancel":
        services.cancel(click.invoice.pk)
    elif end == "time":
        clock.shift(timedelta(hours=73))
    else:
        attempt = services.begin(click.invoice.pk, "payme", "a" * 24, FEE)
        services.perform(attempt.pk)
        services.cancel_attempt(attempt.pk, 5)
    assert click.prepare()["error"] == -9


def test_what_is_withdrawn_meanwhile_is_not_paid(click: Caller) -> None:
    click.prepare()
    services.cancel(click.invoice.pk)
    assert click.complete()["error"] == -9


def test_another_agencys_key_opens_nothing(click: Caller) -> None:
    click.prepare()
    other = MerchantAccount.objects.create(
        agency=make_agency("saqlash", "SAQ"), provider="click", service_id="777"
    )
    MerchantKey.objects.create(account=other, secret="TESTSECRET")
    caller = Caller(other, click.invoice)
    caller.prepared = click.prepared
    assert [caller.prepare()["error"], caller.complete()["error"]] == [-5, -5]


def test_the_same_transaction_for_two_invoices_is_refused(click: Caller, agency: Agency) -> None:
    click.prepare()
    second = issue(agency, [Item("levy", FEE)], language="uz")
    assert click.prepare(merchant_trans_id=second.number)["error"] == -6


def test_every_call_is_logged_without_its_signature(click: Caller) -> None:
    click.reach("paid")
    rows = list(CallLog.objects.order_by("pk"))
    assert [(row.method, row.code) for row in rows] == [("prepare", 0), ("complete", 0)]
    assert all("sign_string=***" in row.body for row in rows)


def test_the_link_and_what_an_account_lacks(click: Caller) -> None:
    link = Click().start(
        click.invoice, click.account, return_url="https://p.example/", language="uz"
    )
    assert link.startswith(
        "https://my.click.uz/services/pay?service_id=777&merchant_id=55&amount=18540.00&"
    )
    assert usable(click.account)
    assert [p.field for p in Click().check_config(click.account)] == ["merchant_user_id"]
    click.account.keys.all().delete()
    assert not usable(click.account)
    assert [p.field for p in Click().check_config(click.account)] == ["keys", "merchant_user_id"]


def test_without_a_database_the_answer_is_still_one_of_click(click: Caller) -> None:
    def lost(*args: Any) -> Any:
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(lost):
        answer = Client().post(click.url, {"action": "0"})
    assert (answer.status_code, answer.json()["error"]) == (200, -7)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"action=0", "application/x-www-form-urlencoded; charset=windows-1251"),
        (b"&".join(b"f%d=1" % n for n in range(3000)), "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_cannot_be_read(click: Caller, body: bytes, kind: str) -> None:
    answer = Client().post(click.url, data=body, content_type=kind)
    assert (answer.status_code, answer.json()["error"]) == (200, -8)
