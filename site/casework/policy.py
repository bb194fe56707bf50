"""What an agency decided about a service's requests, and the law's terms where nobody decided."""

from __future__ import annotations

from typing import Any

from casework import anonymous
from casework.models import Kind, ServiceRequest, ServiceRules
from core.rows import find
from service_pages.models import Service

#: Terms of the law on appeals (ZRU-445, art. 28) by kind.
LEGAL_TERM: dict[str, Any] = {"key": "", "value": 15, "unit": "calendar_days"}
PROPOSAL_TERM: dict[str, Any] = {"key": "", "value": 1, "unit": "months"}


def legal_term(kind: str) -> dict[str, Any]:
    """`{"key", "value", "unit"}`: fifteen days, for a proposal a month."""
    return dict(PROPOSAL_TERM if kind == Kind.PROPOSAL else LEGAL_TERM)


def appeal_term(kind: str, *, is_anonymous: bool = False) -> dict[str, Any]:
    """The term of an appeal; of one without a name, that of passing it on."""
    return dict(anonymous.TERM) if is_anonymous else legal_term(kind)


def rules_of(service_id: int) -> ServiceRules:
    """The rules of a service; unsaved usual ones where nobody made any."""
    return find(ServiceRules, service_id=service_id) or ServiceRules(service_id=service_id)


def signs_first(request: ServiceRequest) -> bool:
    """Whether an executor's decision waits for the head: as the service says, else the agency."""
    signing = rules_of(request.service_id).signing
    if signing == ServiceRules.Signing.AGENCY:
        return request.agency.sign_off_required
    return signing == ServiceRules.Signing.HEAD


def service_for(purpose: str) -> Service | None:
    """The service that takes appeals, or those about the portal."""
    found = ServiceRules.objects.select_related("service__agency").filter(purpose=purpose).first()
    return found.service if found else None
