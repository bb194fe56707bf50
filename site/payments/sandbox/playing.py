"""A visit at the cashier's that the sandbox plays: what the tester chose, sent to our doors."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.money import Tiyin
from operations.calls import NotSent, Uncertain, post
from payments.models import MerchantAccount, SandboxTransaction

#: What a tester may choose at the cashier's.
PAY, FAIL, CANCEL, LEAVE, NEVER = "pay", "fail", "cancel", "leave", "never"
LATE, TWICE, DISORDER, PARALLEL, TAKEN_BACK = "late", "twice", "disorder", "parallel", "taken_back"
WRONG_SIGNATURE, WRONG_SUM, UNKNOWN_ORDER = "wrong_signature", "wrong_sum", "unknown_order"
CHOICES = (
    PAY, FAIL, CANCEL, LEAVE, NEVER, LATE, TWICE, DISORDER, PARALLEL, TAKEN_BACK,
    WRONG_SIGNATURE, WRONG_SUM, UNKNOWN_ORDER,
)  # fmt: skip
#: A number that no invoice has: its check digit is wrong.
NO_NUMBER = "2000-XX-T0000001-0"
State = SandboxTransaction.State
Line = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """What the payer came to pay: the link's words, which the payer may have changed."""

    account: MerchantAccount
    number: str
    #: In tiyin.
    amount: Tiyin


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

    def play(self, choice: str) -> None:
        """Send what the choice means."""
        raise NotImplementedError

    def send(self, name: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        """Knock at our door; the answer, or what became of the call."""
        try:
            answer = post(self.url, body, headers).json()
        except (NotSent, Uncertain) as error:
            answer = {"error": type(error).__name__}
        self.lines.append({"name": name, "answer": json.dumps(answer, ensure_ascii=False)})
        return answer

    def open(self, identity: str) -> SandboxTransaction:
        """Write a new transaction into the provider's books."""
        return SandboxTransaction.objects.create(
            account=self.order.account, external_id=identity, number=self.order.number,
            amount=self.order.amount,
        )  # fmt: skip


def end(row: SandboxTransaction, state: str) -> None:
    """How a transaction stands in the provider's books now."""
    row.state, row.at = state, timezone.now()
    row.save(update_fields=["state", "at"])


def random_number() -> str:
    """A number of a transaction as Click has them: more than ten digits."""
    return str(10**10 + secrets.randbelow(10**12))


def together(calls: list[Callable[[], dict[str, Any]]]) -> list[dict[str, Any]]:
    """Make calls at the same moment; their answers in the order of the calls."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]
