"""Words of Payme's Merchant API: errors, states, times (protocols.md §2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from payments.models import Attempt
from payments.states import AttemptState

NOT_POST = -32300
BAD_JSON = -32700
BAD_REQUEST = -32600
NO_METHOD = -32601
NOT_ALLOWED = -32504
INTERNAL = -32400
WRONG_AMOUNT = -31001
NO_TRANSACTION = -31003
CANNOT_CANCEL = -31007
IMPOSSIBLE = -31008
NO_ACCOUNT = -31050
PAID = -31051
BUSY = -31052
GONE = -31053

#: The name of the only field of the account.
FIELD = "request"
TIMEOUT = timedelta(milliseconds=43_200_000)
REASON_TIMEOUT = 4
REASON_FAILED = 3
STATES = {
    AttemptState.CREATED: 1,
    AttemptState.PERFORMED: 2,
    AttemptState.CANCELLED: -1,
    AttemptState.REVERSED: -2,
    # Payme has the money, though it came too late to pay anything.
    AttemptState.SURPLUS: 2,
}
#: Payers read these in Payme's own application, in its languages, whatever ours is.
_MESSAGES: dict[int, dict[str, str]] = {
    NO_ACCOUNT: {
        "uz": "Bunday hisobvaraq topilmadi",
        "ru": "Счёт на оплату не найден",
        "en": "There is no such invoice",
    },
    PAID: {
        "uz": "Hisobvaraq allaqachon toʻlangan",
        "ru": "Счёт уже оплачен",
        "en": "The invoice is already paid",
    },
    BUSY: {
        "uz": "Boshqa toʻlov ketmoqda, keyinroq urinib koʻring",
        "ru": "Идёт другая оплата, попробуйте позже",
        "en": "Another payment is under way, try again later",
    },
    GONE: {
        "uz": "Hisobvaraqning muddati oʻtgan yoki u bekor qilingan",
        "ru": "Срок оплаты истёк или счёт отменён",
        "en": "The invoice has expired or was cancelled",
    },
    WRONG_AMOUNT: {
        "uz": "Notoʻgʻri summa",
        "ru": "Неверная сумма",
        "en": "Wrong amount",
    },
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Refused(Exception):
    """An answer with an error. Nothing of the call stays written."""

    def __init__(self, code: int, data: str | None = None) -> None:
        self.code, self.data = code, data
        super().__init__(str(code))

    def to_json(self) -> dict[str, Any]:
        """The `error` member."""
        message = _MESSAGES.get(self.code, {"uz": "Xato", "ru": "Ошибка", "en": "Error"})
        error: dict[str, Any] = {"code": self.code, "message": message}
        if self.data is not None:
            error["data"] = self.data
        return error


def milliseconds(moment: datetime | None) -> int:
    """Milliseconds since 1970; 0 for none. Whole numbers all the way."""
    return (moment - _EPOCH) // _MILLISECOND if moment else 0


def moment_of(value: int) -> datetime:
    """The time of milliseconds since 1970."""
    return _EPOCH + value * _MILLISECOND


def has_timed_out(attempt: Attempt, now: datetime) -> bool:
    """Whether twelve hours have passed since Payme began the transaction."""
    return now - moment_of(attempt.provider_time) > TIMEOUT


def created(attempt: Attempt) -> dict[str, Any]:
    """The result of CreateTransaction."""
    return {
        "create_time": milliseconds(attempt.created_at),
        "transaction": str(attempt.pk),
        "state": STATES[AttemptState(attempt.state)],
        "receivers": None,
    }


def performed(attempt: Attempt) -> dict[str, Any]:
    """The result of PerformTransaction."""
    return {
        "transaction": str(attempt.pk),
        "perform_time": milliseconds(attempt.performed_at),
        "state": STATES[AttemptState(attempt.state)],
    }


def cancelled(attempt: Attempt) -> dict[str, Any]:
    """The result of CancelTransaction."""
    return {
        "transaction": str(attempt.pk),
        "cancel_time": milliseconds(attempt.cancelled_at),
        "state": STATES[AttemptState(attempt.state)],
    }


def described(attempt: Attempt) -> dict[str, Any]:
    """The result of CheckTransaction."""
    return {
        "create_time": milliseconds(attempt.created_at),
        "perform_time": milliseconds(attempt.performed_at),
        "cancel_time": milliseconds(attempt.cancelled_at),
        "transaction": str(attempt.pk),
        "state": STATES[AttemptState(attempt.state)],
        "reason": attempt.reason,
    }


def line(attempt: Attempt) -> dict[str, Any]:
    """A line of GetStatement."""
    return described(attempt) | {
        "id": attempt.external_id,
        "time": attempt.provider_time,
        "amount": int(attempt.amount),
        "account": {FIELD: attempt.invoice.number},
        "receivers": None,
    }
