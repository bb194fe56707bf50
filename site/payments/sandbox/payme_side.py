"""Payme as the sandbox plays it: its calls right and wrong, its own reconciliation, its refund."""

from __future__ import annotations

import base64
import json
import secrets
import time
from datetime import date
from typing import Any

from django.utils import timezone

from core.money import Tiyin
from payments.days import bounds
from payments.models import MerchantAccount, SandboxTransaction
from payments.providers.payme_protocol import TIMEOUT, milliseconds
from payments.sandbox import playing
from payments.sandbox.playing import NO_NUMBER, Line, Order, Player, State, end, together

#: Reasons of Payme's: the debit failed, it was not carried out, time-out, refund, unknown.
FAILED, NOT_DONE, TIMED_OUT, REFUND, UNKNOWN = 2, 3, 4, 5, 10
PERFORMED, REVERSED = 2, -2


class PaymeSide(Player):
    """Payme at our door."""

    def rpc(self, method: str, secret: str | None = None, **params: Any) -> dict[str, Any]:
        """One call of Payme's."""
        key = base64.b64encode(f"Paycom:{self.secret if secret is None else secret}".encode())
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {key.decode()}"}
        return self.send(method, body, headers)

    def play(self, choice: str) -> None:
        """Send what the choice means."""
        if choice == playing.LEAVE:
            return
        row = self.open(secrets.token_hex(12))
        amount = int(self.order.amount) + (100 if choice == playing.WRONG_SUM else 0)
        number = NO_NUMBER if choice == playing.UNKNOWN_ORDER else self.order.number
        secret = "wrong" if choice == playing.WRONG_SIGNATURE else None
        now = milliseconds(timezone.now())
        if choice == playing.LATE:
            now -= int(TIMEOUT.total_seconds()) * 1000 - 1_000
        paying: dict[str, Any] = {"amount": amount, "account": {"request": number}}

        def create(identity: str = row.external_id) -> dict[str, Any]:
            return self.rpc("CreateTransaction", secret, id=identity, time=now, **paying)

        if choice == playing.DISORDER:
            self._perform(row)
            self.rpc("CancelTransaction", id=row.external_id, reason=FAILED)
            self.rpc("CheckTransaction", id=row.external_id)
        self.rpc("CheckPerformTransaction", secret, **paying)
        if choice == playing.PARALLEL:
            other = self.open(secrets.token_hex(12))
            together([lambda: create(), lambda: create(other.external_id)])
            together([lambda: self._perform(row), lambda: self._perform(other)])
            for one in (row, other):
                self._keep(one, self.rpc("CheckTransaction", id=one.external_id))
            return
        answer = create()
        if choice == playing.TWICE:
            create()
        if "result" not in answer:
            end(row, State.CANCELLED)
            return
        self._finish(row, choice)

    def _finish(self, row: SandboxTransaction, choice: str) -> None:
        """What follows once the order is reserved."""
        if choice == playing.NEVER:
            end(row, State.PAID)
            return
        if choice in {playing.FAIL, playing.CANCEL}:
            reason = FAILED if choice == playing.FAIL else UNKNOWN
            self.rpc("CancelTransaction", id=row.external_id, reason=reason)
            end(row, State.CANCELLED)
            return
        if choice == playing.LATE:
            # The last second of the twelve hours passes while the payer looks for the card.
            time.sleep(1.2)
        answer = self._perform(row)
        if choice == playing.TWICE:
            self._perform(row)
        self._keep(row, answer)
        if choice == playing.TAKEN_BACK:
            self.take_back(row)

    def _perform(self, row: SandboxTransaction) -> dict[str, Any]:
        return self.rpc("PerformTransaction", id=row.external_id)

    def _keep(self, row: SandboxTransaction, answer: dict[str, Any]) -> None:
        end(row, State.PAID if _state(answer) == PERFORMED else State.CANCELLED)

    def take_back(self, row: SandboxTransaction) -> bool:
        """A person in Payme's cabinet returns a payment: our door is told with reason 5."""
        answer = self.rpc("CancelTransaction", id=row.external_id, reason=REFUND)
        if _state(answer) != REVERSED:
            return False
        end(row, State.RETURNED)
        return True

    def reconcile(self, day: date) -> None:
        """Compare with our books by GetStatement since a day began, and repeat what we know
        nothing of; a payment that we then refuse goes back to the payer."""
        start, _end = bounds(day)
        now = timezone.now()
        span: dict[str, Any] = {"from": milliseconds(start), "to": milliseconds(now)}
        answer = self.rpc("GetStatement", **span).get("result", {})
        theirs = {line["id"]: line["state"] for line in answer.get("transactions", [])}
        for row in _books(self.order.account, day):
            if theirs.get(row.external_id) != 1:
                continue
            if row.state == State.PAID:
                answer = self._perform(row)
                if "error" in answer:
                    end(row, State.RETURNED)
            elif row.state == State.CANCELLED:
                self.rpc("CancelTransaction", id=row.external_id, reason=NOT_DONE)
            elif now - row.begun_at > TIMEOUT:
                self.rpc("CancelTransaction", id=row.external_id, reason=TIMED_OUT)
                end(row, State.CANCELLED)


def _state(answer: dict[str, Any]) -> int:
    result = answer.get("result")
    return int(result.get("state", 0)) if isinstance(result, dict) else 0


def _books(account: MerchantAccount, day: date) -> list[SandboxTransaction]:
    start, _end = bounds(day)
    rows = SandboxTransaction.objects.filter(account=account, at__gte=start)
    return list(rows.order_by("pk"))


def statement(account: MerchantAccount, day: date) -> list[Line]:
    """Payme's books since a day began, after its own comparison."""
    PaymeSide(Order(account, "", Tiyin(0))).reconcile(day)
    return [
        {
            "id": row.external_id, "number": row.number, "amount": int(row.amount),
            "paid": row.state == State.PAID,
        }
        for row in _books(account, day)
    ]  # fmt: skip


def refund(row: SandboxTransaction, amount: int) -> bool:
    """Return the whole of a payment; whether it went back."""
    if row.state == State.RETURNED:
        return True
    if row.state != State.PAID or amount != int(row.amount):
        return False
    return PaymeSide(Order(row.account, row.number, row.amount)).take_back(row)
