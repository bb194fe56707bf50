"""How an invoice stands, in plain words: word, sign and colour, and what the payer may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.moments import format_moment
from languages.dates import format_money
from payments.models import Invoice
from payments.states import InvoiceState

_SIGNS = {
    InvoiceState.OPEN: ("wait", "flag"),
    InvoiceState.WAITING: ("progress", "clock"),
    InvoiceState.PAID: ("good", "check"),
    InvoiceState.CANCELLED: ("", "lock"),
    InvoiceState.EXPIRED: ("", "lock"),
    InvoiceState.REFUNDING: ("progress", "undo"),
    InvoiceState.REFUNDED: ("", "undo"),
    InvoiceState.PARTLY_REFUNDED: ("", "undo"),
}


def title(row: Invoice, titles: Mapping[int, str]) -> str:
    """What an invoice is for, in a list: its service, or what was written on its first line."""
    if row.service_id and row.service_id in titles:
        return titles[row.service_id]
    first = next(iter(row.items.all()), None)
    return str(first.text(get_language())) if first else row.number


@dataclass(frozen=True)
class Standing:
    """The panel on top of an invoice's page, and the tag in a list."""

    tone: str
    icon: str
    headline: str
    line: str = ""


def tag(row: Invoice) -> Standing:
    """How an invoice stands in a list."""
    tone, icon = _SIGNS[InvoiceState(row.state)]
    return Standing(tone, icon, row.get_state_display())


def standing(row: Invoice, *, failed: bool = False) -> Standing:
    """How an invoice stands on its own page. `failed`: the last try to pay came to nothing."""
    language = get_language() or "uz"
    total = format_money(row.total, language)
    due = _("Pay by: %(date)s") % {"date": format_moment(row.due_at, language)}
    if failed:
        words = _("No money was taken for this request. You can try again, or pay in another way.")
        return Standing("bad", "alert", _("The payment did not go through"), f"{words} {due}")
    tone, icon = _SIGNS[InvoiceState(row.state)]
    match row.state:
        case InvoiceState.OPEN:
            return Standing(tone, icon, _("To be paid: %(sum)s") % {"sum": total}, due)
        case InvoiceState.WAITING:
            line = _("Wait until it is confirmed before you pay again.")
            return Standing(tone, icon, _("A payment is under way"), line)
        case InvoiceState.PAID:
            return Standing(tone, icon, _("Paid: %(sum)s") % {"sum": total}, _paid(row))
        case InvoiceState.EXPIRED:
            line = _(
                "The time to pay is over. Money that comes later is returned. You may apply again."
            )
        case InvoiceState.CANCELLED:
            line = _("Nothing is to be paid any more.")
        case InvoiceState.REFUNDING:
            line = _("The money is on its way back to where it came from.")
        case _:
            line = _("Returned: %(sum)s") % {"sum": format_money(row.refunded, language)}
    return Standing(tone, icon, row.get_state_display(), line)


def _paid(row: Invoice) -> str:
    if row.kind:
        return _("The payment was received. The agency considers your request now.")
    return _("The payment was received.")
