"""Nobody considers a complaint about what they did themselves.

An appeal may not be considered by those whose acts are appealed against (ZRU-445, art. 15), so who
worked on a request, or works in the unit that did, has no part in a complaint about it that stays
in the same agency.
"""

from __future__ import annotations

from accounts.membership import ANSWERING
from accounts.models import Agency, User
from accounts.selectors import staff_of
from casework.graph import DECISIONS, State
from casework.models import RequestEvent, ServiceRequest, Unit, UnitMember

_DID = (State.INFO_REQUESTED, State.APPROVED, State.REFUSED, State.COMPLETED)


def involved(about: ServiceRequest) -> set[int]:
    """Ids of those who worked on a request: its executor, whoever drafted or signed its steps, and
    the people of its unit."""
    found = {about.assignee_id} if about.assignee_id else set()
    events = RequestEvent.objects.filter(request=about, to_state__in=_DID, actor__isnull=False)
    for actor, data in events.exclude(actor=about.applicant_id).values_list("actor", "data"):
        found |= {actor, data.get("drafted_by")}
    if about.unit_id:
        found.update(
            UnitMember.objects.filter(unit_id=about.unit_id).values_list("user_id", flat=True)
        )
    return {pk for pk in found if pk}


def barred(request: ServiceRequest) -> set[int]:
    """Ids of those who worked on what a complaint is about; nobody where it is none."""
    about = request.complained_about
    return involved(about) if about is not None else set()


def is_barred(request: ServiceRequest, actor: User) -> bool:
    """Whether `actor` worked on what this complaint is about."""
    return actor.pk in barred(request)


def opens_own(request: ServiceRequest, target: str, actor: User | None) -> bool:
    """Whether somebody would open again what they decided themselves: it would give them a new term
    for the asking."""
    if target != State.REOPENED or actor is None:
        return False
    decided = RequestEvent.objects.filter(request=request, to_state__in=DECISIONS).last()
    return decided is not None and actor.pk in {decided.actor_id, decided.data.get("drafted_by")}


def is_about(request: ServiceRequest, agency: Agency) -> bool:
    """Whether a complaint is about what an agency did: it may not be passed on to it."""
    about = request.complained_about
    return about is not None and about.agency_id == agency.pk


def unit_for(agency: Agency, about: ServiceRequest | None) -> Unit | None:
    """The unit of an agency that takes a complaint: the one for complaints, else one with somebody
    who had no part in it; never the unit that is complained about. None where there is none."""
    units = Unit.objects.filter(agency=agency, active=True)
    if about is None or about.agency_id != agency.pk:
        return units.filter(takes_complaints=True).first()
    did = involved(about)
    others = units.exclude(pk=about.unit_id or 0).order_by("-takes_complaints", "pk")
    for unit in others:
        people = set(unit.members.values_list("user_id", flat=True))
        if unit.takes_complaints and not people:
            return unit
        if people - did:
            return unit
    return None


def has_others(agency: Agency, about: ServiceRequest) -> bool:
    """Whether somebody of the agency who answers had no part in a request."""
    return staff_of(agency, *ANSWERING).exclude(pk__in=involved(about)).exists()
