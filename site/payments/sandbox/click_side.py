"""Click as the sandbox plays it: prepare and complete, right and wrong, signed over raw strings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from core.money import in_soums
from payments.models import SandboxTransaction
from payments.providers.click import signature
from payments.sandbox import playing
from payments.sandbox.merchant import payment_of
from payments.sandbox.playing import (
    NO_NUMBER,
    Order,
    Player,
    State,
    end,
    random_number,
    together,
)

#: Click's codes: not enough money on the card, the payer went back.
NO_MONEY, GONE_BACK = -5017, -9
_WORDS = {playing.FAIL: NO_MONEY, playing.CANCEL: GONE_BACK}


class ClickSide(Player):
    """Click at our door."""

    def __init__(self, order: Order) -> None:
        super().__init__(order)
        self.number, self.wrong_key, self.beyond = order.number, False, 0

    def call(self, action: str, row: SandboxTransaction, **more: Any) -> dict[str, Any]:
        """One call of Click's, signed."""
        values = {
            "click_trans_id": row.external_id, "service_id": self.order.account.service_id,
            "click_paydoc_id": payment_of(row), "merchant_trans_id": self.number,
            "amount": f"{in_soums(self.order.amount) + self.beyond:.2f}", "action": action,
            "error": 0, "error_note": "", "sign_time": f"{timezone.localtime():%Y-%m-%d %H:%M:%S}",
        }  # fmt: skip
        texts = {name: str(value) for name, value in (values | more).items()}
        texts["sign_string"] = signature(texts, "wrong" if self.wrong_key else self.secret)
        name = "Prepare" if action == "0" else "Complete"
        if texts["error"] != "0":
            name += f" {texts['error']}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send(name, urlencode(texts).encode(), headers)

    def prepare(self, row: SandboxTransaction) -> dict[str, Any]:
        """The order is to be reserved."""
        return self.call("0", row)

    def complete(self, row: SandboxTransaction, prepared: Any, error: int = 0) -> dict[str, Any]:
        """The money is taken, or could not be."""
        return self.call("1", row, merchant_prepare_id=prepared, error=error)

    def play(self, choice: str) -> None:
        """Send what the choice means."""
        if choice == playing.LEAVE:
            return
        self.wrong_key = choice == playing.WRONG_SIGNATURE
        self.beyond = 1 if choice == playing.WRONG_SUM else 0
        if choice == playing.UNKNOWN_ORDER:
            self.number = NO_NUMBER
        row = self.open(random_number())
        if choice == playing.DISORDER:
            self.complete(row, 1)
            self.complete(row, 1, error=NO_MONEY)
        if choice == playing.PARALLEL:
            self._in_parallel(row, self.open(random_number()))
            return
        answer = self.prepare(row)
        if choice == playing.TWICE:
            answer = self.prepare(row)
        prepared = answer.get("merchant_prepare_id")
        if prepared is None:
            end(row, State.CANCELLED)
        else:
            self._finish(row, prepared, choice)

    def _finish(self, row: SandboxTransaction, prepared: Any, choice: str) -> None:
        """What follows once the order is reserved."""
        if choice == playing.NEVER:
            end(row, State.PAID)
            return
        if choice in _WORDS:
            self.complete(row, prepared, error=_WORDS[choice])
            end(row, State.CANCELLED)
            return
        if choice == playing.LATE:
            # The payer pressed again elsewhere, and comes back to the first window.
            self.prepare(self.open(random_number()))
        self._told(row, self.complete(row, prepared))
        if choice == playing.TWICE:
            self.complete(row, prepared)
        if choice == playing.TAKEN_BACK:
            # In Click's cabinet: SHOP-API has no call for it, the comparison of the day finds it.
            end(row, State.RETURNED)

    def _in_parallel(self, row: SandboxTransaction, other: SandboxTransaction) -> None:
        first, second = together([lambda: self.prepare(row), lambda: self.prepare(other)])
        ends = together(
            [
                lambda: self.complete(row, first.get("merchant_prepare_id", 0)),
                lambda: self.complete(other, second.get("merchant_prepare_id", 0)),
            ]
        )
        for one, said in zip((row, other), ends, strict=True):
            self._told(one, said)

    def _told(self, row: SandboxTransaction, answer: dict[str, Any]) -> None:
        end(row, State.PAID if answer.get("error") == 0 else State.CANCELLED)
