"""Rows of the room; import them from here."""

from payments.models.invoices import Invoice, InvoiceItem, NumberSeries
from payments.models.money import Attempt, LedgerEntry

__all__ = ["Attempt", "Invoice", "InvoiceItem", "LedgerEntry", "NumberSeries"]
