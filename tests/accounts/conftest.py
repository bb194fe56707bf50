"""What every test of accounts starts from: empty caches, no messages sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from accounts.models import Agency, User
from accounts.services import create_applicant
from core.models import District
from operations.sms import MemoryGateway
from tests.accounts.support import EMAIL, PASSWORD, PHONE, agency


@pytest.fixture(autouse=True)
def _clean(settings: Any) -> Iterator[None]:
    settings.RATELIMIT_ENABLE = True
    cache.clear()
    MemoryGateway.sent.clear()
    with translation.override("uz"):
        yield
    cache.clear()
    MemoryGateway.sent.clear()


@pytest.fixture
def applicant(db: None) -> User:
    """A citizen with a phone, an e-mail and a password, all confirmed."""
    return create_applicant(
        email=EMAIL, phone=PHONE, password=PASSWORD, full_name="Demo Fuqaro", language="uz"
    )


@pytest.fixture
def first_agency(db: None) -> Agency:
    return agency("adliya", "ADL")


@pytest.fixture
def second_agency(db: None) -> Agency:
    return agency("saqlash", "SAQ")


@pytest.fixture
def district(db: None) -> District:
    return District.objects.create(key="chimboy", kind="district", name={"uz": "Chimboy"})
