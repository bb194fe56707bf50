"""Names and helpers of the tests of accounts."""

from __future__ import annotations

import re

from django.test import Client

from accounts.models import Agency, User
from operations.sms import MemoryGateway

PHONE = "+998610000001"
EMAIL = "demo.citizen@example.org"
PASSWORD = "uch-baliq-dengizda"


def as_user(user: User) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def last_code(text: str | None = None) -> str:
    """The six digits of the last SMS, or of `text`."""
    found = re.search(r"\b\d{6}\b", MemoryGateway.sent[-1][1] if text is None else text)
    assert found is not None
    return found[0]


def agency(key: str, code: str, **fields: object) -> Agency:
    """An agency with an Uzbek name."""
    values = {"kind": "ministry", "level": "republic", "name": {"uz": f"Namuna {code}"}} | fields
    return Agency.objects.create(key=key, code=code, **values)
