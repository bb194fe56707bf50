"""The desk itself: kept filters and drafts, the library of texts, absence and substitution."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.membership import ANSWERING
from accounts.models import Agency, Role, User
from accounts.selectors import agencies_of, staff_of
from casework.models import (
    Absence,
    AnswerDraft,
    AnswerTemplate,
    SavedFilter,
    ServiceRequest,
    UnitMember,
)
from core.texts import pick

#: Parameters of the inbox that a kept filter may hold.
FILTERED = ("show", "state", "kind", "agency", "unit", "service", "sort")
MOST_FILTERS = 20
#: Who writes the library of an agency and enters absences.
WRITING = ANSWERING


# -- Filters ----------------------------------------------------------------------------------


def filters_of(user: User) -> QuerySet[SavedFilter]:
    """The filters that somebody kept, by name."""
    return SavedFilter.objects.filter(user=user)[:MOST_FILTERS]


def keep_filter(user: User, name: str, asked: dict[str, str]) -> bool:
    """Keep a view of the inbox under a name, in place of an earlier one of that name.

    False without a name, with nothing to keep, or with too many kept already.
    """
    name = " ".join(name.split())[:60]
    query = urlencode({key: asked[key] for key in FILTERED if asked.get(key)})
    rows = SavedFilter.objects.filter(user=user)
    if not name or not query or (rows.count() >= MOST_FILTERS and not rows.filter(name=name)):
        return False
    SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query[:400]})
    return True


def forget_filter(user: User, pk: int) -> None:
    """Drop a filter of one's own."""
    SavedFilter.objects.filter(user=user, pk=pk).delete()


# -- Drafts and the library -------------------------------------------------------------------


def keep_draft(
    request: ServiceRequest, author: User, action: str, text: str, ground: str = ""
) -> None:
    """Keep what was begun; an empty text forgets it. One draft a request and author."""
    if not text.strip():
        drop_draft(request, author)
        return
    AnswerDraft.objects.update_or_create(
        request=request, author=author,
        defaults={"action": action, "text": text, "ground": ground, "saved_at": timezone.now()},
    )  # fmt: skip


def draft_of(request: ServiceRequest, author: User) -> AnswerDraft | None:
    """What an author has begun for a request."""
    return AnswerDraft.objects.filter(request=request, author=author).first()


def drop_draft(request: ServiceRequest, author: User) -> None:
    """Forget a draft."""
    AnswerDraft.objects.filter(request=request, author=author).delete()


def library(request: ServiceRequest) -> QuerySet[AnswerTemplate]:
    """The texts of the agency that fit a request's service."""
    return AnswerTemplate.objects.filter(
        Q(service__isnull=True) | Q(service_id=request.service_id),
        agency_id=request.agency_id,
        active=True,
    )


def filled(template: AnswerTemplate, request: ServiceRequest) -> str:
    """A text of the library in the applicant's language, with the request's number in it."""
    return pick(template.text, request.language).replace("{number}", request.number)


def writes_for(user: User) -> QuerySet[Agency]:
    """Agencies whose library `user` keeps."""
    return agencies_of(user, *WRITING)


# -- Absence ----------------------------------------------------------------------------------


def theirs(user: User) -> Q:
    """Requests on somebody's desk: their own, and those of whom they stand in for today."""
    away = Absence.objects.on(timezone.localdate()).filter(substitute=user)
    return Q(assignee=user) | Q(assignee__in=away.values("person_id"))


def of_own_units(user: User) -> Q:
    """Requests of the units in which somebody works."""
    return Q(unit__in=UnitMember.objects.filter(user=user).values("unit_id"))


def substitutes_of(person: User, agency: Agency, day: date | None = None) -> list[User]:
    """Who stands in for somebody in an agency on a day (today)."""
    rows = Absence.objects.on(day or timezone.localdate()).filter(person=person, agency=agency)
    return [row.substitute for row in rows.select_related("substitute") if row.substitute.is_active]


def stands_in_for_head(user: User, agency: Agency) -> bool:
    """Whether `user` stands in today for somebody who heads the agency."""
    heads = staff_of(agency, Role.HEAD)
    rows = Absence.objects.on(timezone.localdate()).filter(agency=agency, substitute=user)
    return rows.filter(person__in=heads.values("pk")).exists()


@transaction.atomic
def enter_absence(
    person: User, substitute: User, agency: Agency, first: date, last: date, actor: User
) -> Absence:
    """Enter days away. Raises ValueError where the days or people do not fit: both answer in the
    agency; one enters oneself, or the head anybody."""
    answering = set(staff_of(agency, *WRITING).values_list("pk", flat=True))
    heads = agencies_of(actor, Role.HEAD).filter(pk=agency.pk).exists()
    if not {person.pk, substitute.pk} <= answering or person.pk == substitute.pk:
        raise ValueError("people")
    if person.pk != actor.pk and not heads:
        raise ValueError("people")
    if last < first or last < timezone.localdate():
        raise ValueError("days")
    return Absence.objects.create(
        person=person, substitute=substitute, agency=agency, first_day=first, last_day=last,
        entered_by=actor,
    )  # fmt: skip


def absences_of(user: User) -> QuerySet[Absence]:
    """Present and coming absences in the agencies where `user` answers."""
    return Absence.objects.filter(
        agency__in=agencies_of(user, *WRITING), last_day__gte=timezone.localdate()
    ).select_related("person", "substitute", "agency")


def end_absence(pk: int, actor: User) -> bool:
    """Take an absence back: one's own, or as the head."""
    row = absences_of(actor).filter(pk=pk).first()
    if row is None:
        return False
    if row.person_id != actor.pk and not agencies_of(actor, Role.HEAD).filter(pk=row.agency_id):
        return False
    row.delete()
    return True
