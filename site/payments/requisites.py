"""Requisites of both sides of an invoice: names, tax numbers, addresses, accounts.

They are frozen when it is issued: what an agency or a firm changes afterwards stands on the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency, Organization
from core.banking import grouped
from core.texts import pick
from payments.models import Invoice, MerchantAccount
from payments.selectors import accounts_of
from payments.states import ProviderName


@dataclass(frozen=True)
class Line:
    """A requisite as people read it; `code` where it is a number to copy."""

    label: str
    text: str
    code: bool = False


def of_agency(agency: Agency) -> dict[str, Any]:
    """The payee's, from the account of bank transfers, or from another one that names them."""
    rows = sorted(accounts_of(agency), key=lambda row: row.provider != ProviderName.BANK)
    row = next((one for one in rows if one.bank_account or one.payee_stir), MerchantAccount())
    return {
        "name": row.payee_name or agency.name,
        "stir": row.payee_stir,
        "address": row.payee_address or agency.address,
        "account": row.bank_account,
        "bank": row.bank_name,
        "mfo": row.bank_mfo,
        "treasury": row.treasury_account,
    }


def of_payer(name: str, firm: Organization | None) -> dict[str, str]:
    """The payer's: a person is a name alone, a firm what its people wrote."""
    if firm is None:
        return {"name": name, "stir": ""}
    return {
        "name": firm.name,
        "stir": firm.stir,
        "address": firm.address,
        "account": firm.bank_account,
        "bank": firm.bank_name,
        "mfo": firm.bank_mfo,
    }


def payee(invoice: Invoice, language: str) -> list[Line]:
    """The agency's side in words. An agency that had no account on the day of issue shows the one
    it has now: there is no other to pay to."""
    frozen = invoice.payee
    if not (frozen.get("account") or frozen.get("treasury")):
        frozen = of_agency(invoice.agency)
    return _lines({key: _text(value, language) for key, value in frozen.items()})


def payer(invoice: Invoice) -> list[Line]:
    """The payer's side in words; a person's name alone."""
    return _lines(invoice.billed_to)


def _text(value: Any, language: str) -> str:
    return pick(value, language) if isinstance(value, dict) else str(value)


def _lines(values: dict[str, str]) -> list[Line]:
    found = [
        Line(_("Name"), values.get("name", "")),
        Line(_("Tax number (STIR)"), values.get("stir", ""), code=True),
        Line(_("Address"), values.get("address", "")),
        Line(_("Account"), grouped(values.get("account", "")), code=True),
        Line(_("Account at the treasury"), grouped(values.get("treasury", "")), code=True),
        Line(_("Bank"), values.get("bank", "")),
        Line(_("MFO of the bank"), values.get("mfo", ""), code=True),
    ]
    return [line for line in found if line.text]
