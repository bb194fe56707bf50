"""Whatever Payme and Click call in whatever order, through their doors: money in is money recorded,
never paid and cancelled, and a repeat is the same again."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from core.money import Tiyin
from payments import ledger, services
from payments.models import Invoice, MerchantAccount, MerchantKey
from payments.providers.click import signature
from payments.providers.payme_protocol import milliseconds
from payments.services import Item, issue
from payments.states import InvalidMove
from tests.payments.conftest import FEE

NUMBERS = st.integers(1, 3)
CALLS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["check", "create", "perform", "cancel", "ask"]), NUMBERS),
        st.tuples(st.sampled_from(["prepare", "complete", "fail"]), NUMBERS),
        st.tuples(st.sampled_from(["withdraw", "expire"]), st.just(0)),
    ),
    max_size=10,
)


class Doors:
    """Both providers at the doors of one invoice."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice, self.client, self.prepared = invoice, Client(), dict[int, int]()
        self.accounts = {row.provider: row for row in MerchantAccount.objects.all()}

    def call(self, verb: str, number: int) -> dict[str, Any]:
        """One call; the answer."""
        if verb == "withdraw":
            with contextlib.suppress(InvalidMove):
                services.cancel(self.invoice.pk)
            return {}
        if verb == "expire":
            services.expire(self.invoice.pk, now=self.invoice.due_at)
            return {}
        if verb in {"prepare", "complete", "fail"}:
            return self._click(verb, number)
        return self._payme(verb, number)

    def _url(self, provider: str) -> str:
        account = self.accounts[provider]
        return reverse("payments_callbacks:callback", args=[provider, account.uuid])

    def _payme(self, verb: str, number: int) -> dict[str, Any]:
        identity = f"{self.invoice.pk:012d}{number:012d}"
        paying = {"amount": int(FEE), "account": {"request": self.invoice.number}}
        began = milliseconds(self.invoice.issued_at)
        method, params = {
            "check": ("CheckPerformTransaction", paying),
            "create": ("CreateTransaction", {"id": identity, "time": began, **paying}),
            "perform": ("PerformTransaction", {"id": identity}),
            "cancel": ("CancelTransaction", {"id": identity, "reason": 3}),
            "ask": ("CheckTransaction", {"id": identity}),
        }[verb]
        answer = self.client.post(
            self._url("payme"), json.dumps({"id": 1, "method": method, "params": params}),
            content_type="application/json",
            headers={"Authorization": "Basic " + base64.b64encode(b"Paycom:KEY").decode()},
        )  # fmt: skip
        assert answer.status_code == 200
        return dict(answer.json())

    def _click(self, verb: str, number: int) -> dict[str, Any]:
        values = {
            "click_trans_id": str(self.invoice.pk * 10 + number), "service_id": "777",
            "click_paydoc_id": "1", "merchant_trans_id": self.invoice.number, "amount": "18540.00",
            "action": "0" if verb == "prepare" else "1", "error": "-1" if verb == "fail" else "0",
            "error_note": "", "sign_time": "2026-03-04 11:00:00",
        }  # fmt: skip
        if verb != "prepare":
            values["merchant_prepare_id"] = str(self.prepared.get(number, 1))
        values["sign_string"] = signature(values, "KEY")
        answer = dict(self.client.post(self._url("click"), values).json())
        if "merchant_prepare_id" in answer:
            self.prepared[number] = answer["merchant_prepare_id"]
        return answer


def told(answer: dict[str, Any]) -> Any:
    """What an answer says of money: a Payme state or error, a Click code."""
    if "result" in answer:
        return answer["result"].get("state", 0)
    error = answer.get("error")
    return error["code"] if isinstance(error, dict) else error


def check(invoice: Invoice) -> None:
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []
    attempts = list(invoice.attempts.all())
    there = sum((a.amount for a in attempts if a.state == "performed"), Tiyin())
    sums = ledger.balances(invoice)
    assert there == sums.get("payme", Tiyin()) + sums.get("click", Tiyin()) == invoice.kept
    states = [a.state for a in attempts]
    assert states.count("performed") + states.count("created") <= 1
    assert (invoice.state == "paid") == ("performed" in states)
    assert invoice.entries.filter(kind="paid").count() <= 1


@pytest.mark.django_db
@settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)
@given(calls=CALLS)
def test_any_sequence_of_the_providers_own_calls(
    agency: Agency, citizen: User, calls: list[tuple[str, int]]
) -> None:
    for provider, fields in (
        ("payme", {"merchant_id": "0" * 24}),
        ("click", {"service_id": "777"}),
    ):
        account, made = MerchantAccount.objects.get_or_create(
            agency=agency, provider=provider, defaults=fields
        )
        if made:
            MerchantKey.objects.create(account=account, secret="KEY")
    invoice = issue(agency, [Item("levy", FEE)], language="uz", payer=citizen, now=timezone.now())
    assert invoice is not None
    doors = Doors(invoice)
    for verb, number in calls:
        first = told(doors.call(verb, number))
        check(invoice)
        before = (
            invoice.state,
            invoice.entries.count(),
            sorted(invoice.attempts.values_list("state")),
        )
        again = told(doors.call(verb, number))
        check(invoice)
        after = (
            invoice.state,
            invoice.entries.count(),
            sorted(invoice.attempts.values_list("state")),
        )
        assert before == after, (verb, "a repeat moves nothing")
        # Payme is answered alike; Click is told that it was done already.
        same = {0: {0, -4}}.get(first, {first}) if verb == "complete" else {first}
        assert again in same, (verb, first, again)
