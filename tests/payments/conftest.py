"""What every test of payments starts from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Agency, User
from core.money import soums
from payments.models import Invoice
from payments.services import Item, issue
from tests.casework.support import applicant, make_agency

#: A Wednesday, in working hours of Asia/Samarkand (UTC+5).
WEDNESDAY = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
#: 0.045 BHM of 412 000 soʻm.
FEE = soums(18_540)


@pytest.fixture
def agency(db: None) -> Agency:
    return make_agency("adliya", "ADL")


@pytest.fixture
def citizen(db: None) -> User:
    return applicant()


@pytest.fixture
def invoice(agency: Agency, citizen: User) -> Invoice:
    made = issue(agency, [Item("levy", FEE)], language="uz", payer=citizen, now=WEDNESDAY)
    assert made is not None
    return made


@pytest.fixture
def served(live_server: Any, settings: Any) -> str:
    """The portal over real HTTP, with the sandbox open."""
    settings.BASE_URL = live_server.url
    settings.PAYMENTS_SANDBOX = True
    return str(live_server.url)
