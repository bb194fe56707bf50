"""Rows of the room; import them from here."""

from payments.models.accounts import CallLog, MerchantAccount, MerchantKey
from payments.models.differences import Comparison, Difference
from payments.models.invoices import Invoice, InvoiceItem, NumberSeries
from payments.models.money import Attempt, LedgerEntry
from payments.models.returns import BankLine, CashReceipt, Refund
from payments.models.sandbox import SandboxTransaction

__all__ = [
    "Attempt",
    "BankLine",
    "CallLog",
    "CashReceipt",
    "Comparison",
    "Difference",
    "Invoice",
    "InvoiceItem",
    "LedgerEntry",
    "MerchantAccount",
    "MerchantKey",
    "NumberSeries",
    "Refund",
    "SandboxTransaction",
]  # fmt: skip
