"""What every test of casework starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from accounts.models import Agency, Role, User
from casework.models import ServiceRequest
from operations.sms import MemoryGateway
from service_pages.models import Service
from tests.casework.support import applicant, make_agency, make_request, make_service, staff


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    cache.clear()
    MemoryGateway.sent.clear()
    with translation.override("uz"):
        yield
    cache.clear()


@pytest.fixture
def agency(db: None) -> Agency:
    return make_agency("adliya", "ADL")


@pytest.fixture
def other_agency(db: None) -> Agency:
    return make_agency("saqlash", "SAQ")


@pytest.fixture
def service(agency: Agency) -> Service:
    return make_service(agency)


@pytest.fixture
def citizen(db: None) -> User:
    return applicant()


@pytest.fixture
def stranger(db: None) -> User:
    return applicant(2)


@pytest.fixture
def officer(agency: Agency) -> User:
    return staff(agency, Role.OFFICER)


@pytest.fixture
def head(agency: Agency) -> User:
    return staff(agency, Role.HEAD, name="head")


@pytest.fixture
def outsider(other_agency: Agency) -> User:
    return staff(other_agency, Role.OFFICER)


@pytest.fixture
def controller(db: None) -> User:
    return staff(None, Role.CONTROLLER, name="controller")


@pytest.fixture
def row(service: Service, citizen: User) -> ServiceRequest:
    return make_request(service, citizen)
