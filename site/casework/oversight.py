"""Which body controls the others: where a broken term is reported and where a complaint about a body
with nothing above it goes (requirements.md, L-05, L-09, S-25).

Administrators mark a service whose agency it is (*Rules of services*). Where none is marked, it is
the agency that takes appeals about the portal (the territorial department that runs it), then the
Council of Ministers.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Agency
from casework import policy
from casework.models import ServiceRules


def _candidates() -> Iterator[Agency]:
    for purpose in (ServiceRules.Purpose.CONTROL, ServiceRules.Purpose.PORTAL):
        service = policy.service_for(purpose)
        if service is not None and service.agency.active:
            yield service.agency
    councils = Agency.objects.filter(kind=Agency.Kind.COUNCIL, parent__isnull=True, active=True)
    yield from councils.order_by("order", "key")[:10]


def controlling_body(but: Agency | None = None) -> Agency | None:
    """The body that controls, if there is one other than `but`."""
    return next((one for one in _candidates() if but is None or one.pk != but.pk), None)
