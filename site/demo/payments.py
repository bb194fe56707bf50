"""Accounts for payments of one agency of the demonstration, played by the sandbox."""

from __future__ import annotations

import secrets
from typing import Any

from accounts.models import Agency
from core.texts import pick
from payments.models import MerchantAccount, MerchantKey
from payments.states import ProviderName

#: Archive records of civil registration have a fee: 0.045 of the base amount.
AGENCY = "adliya-vazirligi"
#: Requisites of nobody.
_FIELDS: dict[str, dict[str, Any]] = {
    ProviderName.PAYME: {"sandbox": True, "merchant_id": "0" * 24},
    ProviderName.CLICK: {
        "sandbox": True,
        "merchant_id": "1000",
        "service_id": "2000",
        "merchant_user_id": "3000",
    },
    ProviderName.BANK: {
        "payee_stir": "200000000",
        "bank_account": "10000000000000000001",
        "bank_name": "Namuna bank",
        "bank_mfo": "00000",
        "treasury_account": "1" + "0" * 25 + "1",
        "payee_address": "Namuna (demo) koʻchasi, 3-uy",
    },
    ProviderName.CASH: {},
}


def load_payments() -> None:
    """Make the accounts that are missing, with keys that nobody knows. Safe to repeat."""
    agency = Agency.objects.filter(key=AGENCY).first()
    if agency is None:
        return
    for provider, fields in _FIELDS.items():
        account, created = MerchantAccount.objects.get_or_create(
            agency=agency,
            provider=provider,
            active=True,
            defaults={"payee_name": pick(agency.name, "uz"), **fields},
        )
        if created and account.sandbox:
            MerchantKey.objects.create(account=account, secret=secrets.token_urlsafe(24))
