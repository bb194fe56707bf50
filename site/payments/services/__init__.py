"""The verbs of money: every change of an invoice or an attempt is a function here, under a lock
on the invoice's row, with its ledger entries in the same transaction."""

from payments.services.attempts import begin, break_off, cancel_attempt, note, perform
from payments.services.booking import keep_late, receive
from payments.services.carrying import keep_for_another, pay_with
from payments.services.closing import cancel, expire, expire_due
from payments.services.issuing import WINDOW, Item, issue
from payments.services.moving import lock, may_be_paid, move_attempt, transition
from payments.services.returning import give_back

__all__ = [
    "WINDOW", "Item", "begin", "break_off", "cancel", "cancel_attempt", "expire", "expire_due",
    "give_back", "issue", "keep_for_another", "keep_late", "lock", "may_be_paid", "move_attempt",
    "note", "pay_with", "perform", "receive", "transition",
]  # fmt: skip
