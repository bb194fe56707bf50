"""A firm's requests belong to whoever acts for it today."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Organization, Representation, User
from accounts.services import revoke_mandate
from casework import selectors
from casework.transitions import parties
from service_pages.models import Service
from tests.casework.support import make_request

pytestmark = pytest.mark.django_db


def _mandate(user: User, firm: Organization, **fields: object) -> Representation:
    return Representation.objects.create(
        user=user, organization=firm, basis="oneid", valid_from=date(2026, 1, 1), **fields
    )


def test_representatives_share_the_firms_requests(
    service: Service, citizen: User, stranger: User
) -> None:
    firm = Organization.objects.create(stir="300000001", name="Demo MChJ")
    first, second = _mandate(citizen, firm), _mandate(stranger, firm)
    row = make_request(service, citizen, representation=first)
    own = make_request(service, citizen)
    assert list(selectors.requests_of(stranger)) == [row]
    assert parties(row, stranger) == {"applicant"}
    assert parties(own, stranger) == frozenset()
    # Kept to another service, the mandate shows nothing of this one.
    second.scope = ["other"]
    second.save()
    assert not selectors.requests_of(stranger).exists()
    second.scope = [service.key]
    second.save()
    assert selectors.requests_of(stranger).count() == 1
    # Whoever sent it loses it with the mandate, at once; their own stay.
    revoke_mandate(first)
    assert list(selectors.requests_of(citizen)) == [own]
    assert parties(row, citizen) == frozenset()
    assert parties(own, citizen) == {"applicant"}
