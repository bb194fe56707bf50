"""What the sandbox sends to our doors: the right course and every wrong one."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.money import Tiyin, in_soums
from operations.calls import NotSent, Uncertain, post
from payments.models import MerchantAccount, SandboxTransaction
from payments.providers.click import signature
from payments.providers.payme_protocol import TIMEOUT, milliseconds
from payments.states import ProviderName

#: What a tester may choose at the cashier's.
PAY, FAIL, LEAVE, NEVER = "pay", "fail", "leave", "never"
LATE, TWICE, DISORDER, PARALLEL = "late", "twice", "disorder", "parallel"
WRONG_SIGNATURE, WRONG_SUM, UNKNOWN_ORDER = "wrong_signature", "wrong_sum", "unknown_order"
CHOICES = (
    PAY, FAIL, LEAVE, NEVER, LATE, TWICE, DISORDER, PARALLEL, WRONG_SIGNATURE, WRONG_SUM,
    UNKNOWN_ORDER,
)  # fmt: skip
#: Payme's reason for a debit that failed, and for money returned; Click's code for the first.
FAILED, REFUND, CLICK_FAILED = 2, 5, -5017


@dataclass(frozen=True)
class Order:
    """What the payer came to pay: the link's words, which the payer may have changed."""

    account: MerchantAccount
    number: str
    #: In tiyin.
    amount: Tiyin


Line = dict[str, Any]


class Player:
    """One visit at the cashier's; `lines` is what was sent and what came back."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.lines: list[Line] = []
        keys = order.account.secrets()
        self.secret = keys[0] if keys else ""
        path = reverse(
            "payments_callbacks:callback", args=[order.account.provider, order.account.uuid]
        )
        self.url = settings.BASE_URL + path

    def _post(self, name: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        try:
            answer = post(self.url, body, headers).json()
        except (NotSent, Uncertain) as error:
            answer = {"error": type(error).__name__}
        self.lines.append({"name": name, "answer": json.dumps(answer, ensure_ascii=False)})
        return answer

    def play(self, choice: str) -> None:
        """Do what the tester chose."""
        if choice == LEAVE:
            return
        (self._payme if self.order.account.provider == ProviderName.PAYME else self._click)(choice)

    def _begin(self) -> SandboxTransaction:
        payme = self.order.account.provider == ProviderName.PAYME
        number = secrets.token_hex(12) if payme else str(10**9 + secrets.randbelow(10**12))
        return SandboxTransaction.objects.create(
            account=self.order.account, external_id=number, number=self.order.number,
            amount=self.order.amount,
        )  # fmt: skip

    # -- Payme ---------------------------------------------------------------------------------

    def rpc(self, method: str, secret: str | None = None, **params: Any) -> dict[str, Any]:
        """One call of Payme's."""
        key = base64.b64encode(f"Paycom:{self.secret if secret is None else secret}".encode())
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {key.decode()}"}
        return self._post(method, body, headers)

    def _payme(self, choice: str) -> None:
        row = self._begin()
        amount = int(self.order.amount) + (100 if choice == WRONG_SUM else 0)
        number = "2000-XX-T0000001-0" if choice == UNKNOWN_ORDER else self.order.number
        secret = "wrong" if choice == WRONG_SIGNATURE else None
        now = milliseconds(timezone.now())
        if choice == LATE:
            now -= milliseconds_of(TIMEOUT) - 1_000
        paying: dict[str, Any] = {"amount": amount, "account": {"request": number}}

        def create(identity: str = row.external_id) -> dict[str, Any]:
            return self.rpc("CreateTransaction", secret, id=identity, time=now, **paying)

        def perform(identity: str = row.external_id) -> dict[str, Any]:
            return self.rpc("PerformTransaction", secret, id=identity)

        if choice == DISORDER:
            perform()
            self.rpc("CancelTransaction", id=row.external_id, reason=FAILED)
            self.rpc("CheckTransaction", id=row.external_id)
        self.rpc("CheckPerformTransaction", secret, **paying)
        if choice == PARALLEL:
            other = self._begin()
            _together([lambda: create(), lambda: create(other.external_id)])
            _together([lambda: perform(), lambda: perform(other.external_id)])
            for one in (row, other):
                self._keep(one, self.rpc("CheckTransaction", id=one.external_id))
            return
        answer = create()
        if choice == TWICE:
            create()
        if "result" not in answer:
            self._end(row, SandboxTransaction.State.CANCELLED)
            return
        if choice == NEVER:
            self._end(row, SandboxTransaction.State.PAID)
            return
        if choice == FAIL:
            self.rpc("CancelTransaction", id=row.external_id, reason=FAILED)
            self._end(row, SandboxTransaction.State.CANCELLED)
            return
        if choice == LATE:
            # The last second of the twelve hours passes while the payer looks for the card.
            time.sleep(1.2)
        answer = perform()
        if choice == TWICE:
            perform()
        self._keep(row, answer)

    def _keep(self, row: SandboxTransaction, answer: dict[str, Any]) -> None:
        state = answer.get("result", {}).get("state")
        paid = SandboxTransaction.State.PAID
        self._end(row, paid if state == 2 else SandboxTransaction.State.CANCELLED)

    def _end(self, row: SandboxTransaction, state: str) -> None:
        SandboxTransaction.objects.filter(pk=row.pk).update(state=state, at=timezone.now())

    # -- Click ---------------------------------------------------------------------------------

    def form(self, values: dict[str, Any], secret: str | None = None) -> dict[str, Any]:
        """One call of Click's, signed."""
        texts = {name: str(value) for name, value in values.items()}
        key = self.secret if secret is None else secret
        texts["sign_string"] = signature(texts, key)
        name = "Prepare" if texts["action"] == "0" else "Complete"
        if texts["error"] != "0":
            name += f" {texts['error']}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._post(name, urlencode(texts).encode(), headers)

    def _click(self, choice: str) -> None:
        row = self._begin()
        secret = "wrong" if choice == WRONG_SIGNATURE else None
        amount = in_soums(self.order.amount) + (1 if choice == WRONG_SUM else 0)
        number = "2000-XX-T0000001-0" if choice == UNKNOWN_ORDER else self.order.number

        def values(action: str, identity: str, **more: Any) -> dict[str, Any]:
            return {
                "click_trans_id": identity, "service_id": self.order.account.service_id,
                "click_paydoc_id": identity[-9:], "merchant_trans_id": number,
                "amount": f"{amount:.2f}", "action": action, "error": 0, "error_note": "",
                "sign_time": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}", **more,
            }  # fmt: skip

        def prepare(identity: str = row.external_id) -> dict[str, Any]:
            return self.form(values("0", identity), secret)

        def complete(
            prepared: Any, identity: str = row.external_id, error: int = 0
        ) -> dict[str, Any]:
            return self.form(
                values("1", identity, merchant_prepare_id=prepared, error=error), secret
            )

        if choice == DISORDER:
            complete(1)
            complete(1, error=CLICK_FAILED)
        if choice == PARALLEL:
            other = self._begin()
            first, second = _together([lambda: prepare(), lambda: prepare(other.external_id)])
            ends = _together(
                [
                    lambda: complete(first.get("merchant_prepare_id", 0)),
                    lambda: complete(second.get("merchant_prepare_id", 0), other.external_id),
                ]
            )
            for one, end in zip((row, other), ends, strict=True):
                self._told(one, end)
            return
        answer = prepare()
        if choice == TWICE:
            answer = prepare()
        prepared = answer.get("merchant_prepare_id")
        if prepared is None:
            self._end(row, SandboxTransaction.State.CANCELLED)
        elif choice == NEVER:
            self._end(row, SandboxTransaction.State.PAID)
        elif choice == FAIL:
            complete(prepared, error=CLICK_FAILED)
            self._end(row, SandboxTransaction.State.CANCELLED)
        else:
            if choice == LATE:
                # The payer pressed again elsewhere, and comes back to the first window.
                prepare(self._begin().external_id)
            self._told(row, complete(prepared))
            if choice == TWICE:
                complete(prepared)

    def _told(self, row: SandboxTransaction, answer: dict[str, Any]) -> None:
        paid = SandboxTransaction.State.PAID
        self._end(row, paid if answer.get("error") == 0 else SandboxTransaction.State.CANCELLED)


def milliseconds_of(duration: Any) -> int:
    """Whole milliseconds of a time."""
    return int(duration.total_seconds()) * 1000


def _together(calls: list[Callable[[], dict[str, Any]]]) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def refund(row: SandboxTransaction) -> bool:
    """Return the whole of a payment: Payme tells our door, Click answers at once."""
    if row.state != SandboxTransaction.State.PAID:
        return False
    player = Player(Order(row.account, row.number, row.amount))
    if row.account.provider == ProviderName.PAYME:
        answer = player.rpc("CancelTransaction", id=row.external_id, reason=REFUND)
        if answer.get("result", {}).get("state") != -2:
            return False
    SandboxTransaction.objects.filter(pk=row.pk).update(
        state=SandboxTransaction.State.RETURNED, at=timezone.now()
    )
    return True
