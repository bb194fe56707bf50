"""Rows of the room; import them from here."""

from payments.models.accounts import CallLog, MerchantAccount, MerchantKey
from payments.models.invoices import Invoice, InvoiceItem, NumberSeries
from payments.models.money import Attempt, LedgerEntry
from payments.models.sandbox import SandboxTransaction

__all__ = [
    "Attempt", "CallLog", "Invoice", "InvoiceItem", "LedgerEntry", "MerchantAccount", "MerchantKey",
    "NumberSeries", "SandboxTransaction",
]  # fmt: skip
