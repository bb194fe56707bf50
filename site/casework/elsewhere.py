"""Where a complaint goes, so that it is registered always and never decided by whom it is about.

By rule (ZRU-445, art. 15 and 23): the active body above; where none stands above on the portal, the
body that controls; where that is the very body complained about, another unit of it, whose people
had no part in the matter. Registration is never refused.
"""

from __future__ import annotations

from accounts.models import Agency
from casework import impartial, oversight
from casework.models import ServiceRequest, Unit


def superior_of(agency: Agency) -> Agency | None:
    """The active body above an agency; None where there is none on the portal."""
    seen = {agency.pk}
    above = agency.parent
    while above is not None and not above.active and above.pk not in seen:
        seen.add(above.pk)
        above = above.parent
    found = above is not None and above.active and above.pk != agency.pk
    return above if found else None


def body_for(addressed: Agency, about: ServiceRequest | None) -> tuple[Agency, Unit | None]:
    """Who considers a complaint that is addressed to an agency, and which unit of it.

    `about` is the request that it is about, where it names one. A complaint that somebody sends to
    a body themselves stays there, with the unit for complaints, unless that body decided the request.
    """
    if about is None or about.agency_id != addressed.pk:
        return addressed, impartial.unit_for(addressed, about)
    return decider_for(about)


def decider_for(about: ServiceRequest) -> tuple[Agency, Unit | None]:
    """The body that considers a complaint about a request, and its unit."""
    own = about.agency
    body = superior_of(own) or oversight.controlling_body(own) or own
    return body, impartial.unit_for(body, about)


def controller_for(about: ServiceRequest) -> tuple[Agency, Unit | None]:
    """To whom a broken term is reported (L-09): the body that controls, else as any complaint."""
    body = oversight.controlling_body(about.agency)
    return (body, impartial.unit_for(body, about)) if body is not None else decider_for(about)
