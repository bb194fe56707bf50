"""Requests that belong together: what officers link, and what the portal sees was sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from accounts.models import User
from casework import journal
from casework.locking import locked_request
from casework.models import Kind, RequestLink, ServiceRequest, ServiceRequestQuerySet
from casework.numbers import parse_number
from casework.transitions import Missing, NotAllowed, parties
from core.rows import add_new

#: The same person and the same service within this time is a repetition (indicator M7).
REPEATED_WITHIN = timedelta(days=90)
MOST_LINKS = 50


@dataclass(frozen=True)
class Linked:
    """A request that belongs to another, as a page shows it."""

    row: ServiceRequest
    kind: str
    label: str | Promise
    #: Whether the portal linked them by itself.
    by_itself: bool


def same_person(request: ServiceRequest) -> Q | None:
    """Requests for the same firm or person, whoever sent them; None for nobody known."""
    if request.organization_id is not None:
        return Q(organization_id=request.organization_id)
    found = Q()
    if request.applicant_id is not None and request.representation_id is None:
        found |= Q(applicant_id=request.applicant_id, representation__isnull=True)
    if request.person_index:
        found |= Q(person_index=request.person_index, organization__isnull=True)
    return found or None


class Before(NamedTuple):
    """A former request, known by key and number alone: names stay closed."""

    pk: int
    number: str


def repeats(request: ServiceRequest, now: datetime) -> Before | None:
    """What the same person asked of the same service before, newest first; None for the first."""
    whose = same_person(request)
    if whose is None or request.kind == Kind.COMPLAINT:
        return None
    rows = ServiceRequest.objects.filter(
        whose, service=request.service_id, submitted_at__gte=now - REPEATED_WITHIN,
        submitted_at__lte=now,
    )  # fmt: skip
    if request.pk is not None:
        rows = rows.exclude(pk=request.pk)
    newest = rows.order_by("-submitted_at", "-pk").values_list("pk", "number")
    return next((Before(*row) for row in newest[:1]), None)


def note_repetition(request: ServiceRequest, before: Before) -> None:
    """Keep that a request was sent again. The caller's transaction made it."""
    first, second = sorted((before.pk, request.pk))
    add_new(RequestLink(earlier_id=first, later_id=second, kind=RequestLink.Kind.REPEATED))


@transaction.atomic
def link(row: ServiceRequest, actor: User, number: str, kind: str) -> RequestLink:
    """Link two requests that `actor` answers; both histories say so.

    Raises NotAllowed, or Missing (`link`) for a number that is none of theirs, its own, or linked
    already, or for another kind.
    """
    known = parse_number(number)
    other = ServiceRequest.objects.filter(number=known).first() if known else None
    if other is None or other.pk == row.pk or kind not in RequestLink.Kind.values:
        raise Missing("link")
    first, second = _both(row.pk, other.pk)
    if "staff" not in parties(locked := (first if first.pk == row.pk else second), actor):
        raise NotAllowed("link")
    if "staff" not in parties(second if locked is first else first, actor):
        # Another agency's request does not exist for them.
        raise Missing("link")
    made, created = RequestLink.objects.get_or_create(
        earlier=first, later=second, defaults={"kind": kind, "linked_by": actor}
    )
    if not created:
        raise Missing("link")
    for one, another in ((first, second), (second, first)):
        journal.record(one, "linked", actor=actor, data={"other": another.number, "kind": kind})
    return made


@transaction.atomic
def unlink(row: ServiceRequest, actor: User, number: str) -> None:
    """Take a link back. Raises NotAllowed, Missing (`link`) where there is none."""
    found = _links(row).filter(Q(earlier__number=number) | Q(later__number=number)).first()
    if found is None or number == row.number:
        raise Missing("link")
    first, second = _both(found.earlier_id, found.later_id)
    if "staff" not in parties(first if first.pk == row.pk else second, actor):
        raise NotAllowed("link")
    found.delete()
    for one, another in ((first, second), (second, first)):
        journal.record(one, "unlinked", actor=actor, data={"other": another.number})


def _both(one: int, other: int) -> tuple[ServiceRequest, ServiceRequest]:
    """Both rows locked, always in the same order, so that two linkers never wait for each other."""
    first, second = sorted((one, other))
    return locked_request(first), locked_request(second)


def _links(row: ServiceRequest) -> QuerySet[RequestLink]:
    return RequestLink.objects.filter(Q(earlier=row) | Q(later=row))


def others_of(
    row: ServiceRequest, visible: ServiceRequestQuerySet, most: int = 20
) -> list[ServiceRequest]:
    """What else the same person or firm sent to those that the reader answers for, newest first."""
    whose = same_person(row)
    if whose is None:
        return []
    rows = visible.filter(whose).exclude(pk=row.pk).for_lists()
    return list(rows.order_by("-submitted_at", "-pk")[:most])


def linked(row: ServiceRequest, visible: ServiceRequestQuerySet) -> list[Linked]:
    """What belongs to a request, of those that the reader may see, in two queries."""
    links = list(_links(row).order_by("pk")[:MOST_LINKS])
    others = {link.later_id if link.earlier_id == row.pk else link.earlier_id: link
              for link in links}  # fmt: skip
    rows = visible.filter(pk__in=others).for_lists() if others else []
    return [
        Linked(one, others[one.pk].kind, others[one.pk].get_kind_display(),
               others[one.pk].linked_by_id is None)
        for one in rows
    ]  # fmt: skip
