"""What is counted of each person who answers: read from events, so that nobody keeps a tally beside.

Returned for information, forwarded (and forwarded too late), put off, decided on the last day,
reopened afterwards, and breaches: decisions and answers to other agencies after their term,
forwarding after the fifth day, and entering what came by another door later than on the next working
day. A decision is counted of whoever drafted it, a reopened request of
whoever had decided it; putting off of the executor for whom the head did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from casework.graph import DECISIONS, State
from casework.models import RequestEvent, ServiceRequest


class What(models.TextChoices):
    """The columns of the table."""

    DECIDED = "decided", _("Decided")
    RETURNED = "returned", _("Asked the applicant")
    FORWARDED = "forwarded", _("Forwarded")
    EXTENDED = "extended", _("Terms put off")
    LAST_DAY = "last_day", _("Closed on the last day")
    REOPENED = "reopened", _("Reopened")
    BREACHES = "breaches", _("Breaches of terms")
    LATE_NOW = "late_now", _("Late now")


class Span(models.TextChoices):
    """Spans of days to choose from."""

    MONTH = "month", _("This month")
    LAST_MONTH = "last_month", _("Last month")
    QUARTER = "quarter", _("This quarter")
    YEAR = "year", _("This year")

    def days(self, today: date) -> tuple[date, date]:
        """First day of the span and the day after it."""
        first = today.replace(day=1)
        if self == Span.LAST_MONTH:
            before = first.replace(year=first.year - 1, month=12) if first.month == 1 else (
                first.replace(month=first.month - 1)
            )  # fmt: skip
            return before, first
        if self == Span.QUARTER:
            first = first.replace(month=(first.month - 1) // 3 * 3 + 1)
        elif self == Span.YEAR:
            first = first.replace(month=1)
        return first, date(today.year + 1, 1, 1)


@dataclass(frozen=True)
class Fact:
    """One thing that is counted of a person."""

    person: int
    what: What
    request: int
    at: datetime


@dataclass
class Line:
    """A person with the number of each."""

    person: User
    counts: dict[str, int] = field(default_factory=dict)


_KINDS = (
    State.INFO_REQUESTED, State.FORWARDED, "extended", *DECISIONS, State.REOPENED, "task_answered",
)  # fmt: skip


def facts(agencies: Iterable[Agency], span: Span, today: date | None = None) -> Iterator[Fact]:
    """What is counted of people in some agencies, in no order."""
    chosen = list(agencies)
    first, end = span.days(today or timezone.localdate())
    rows = _events_of(chosen).filter(at__gte=_midnight(first), at__lt=_midnight(end))
    wanted = Q(kind__in=_KINDS) | Q(kind="submitted", data__entered_late=True)
    events = list(rows.filter(wanted).values_list("request", "kind", "actor", "at", "data"))
    before = _deciders({request for request, kind, *_rest in events if kind == State.REOPENED})
    keys = {agency.key for agency in chosen}
    for request, kind, actor, at, data in events:
        person = data.get("drafted_by") or actor
        if kind == State.REOPENED:
            person = _last_before(before.get(request, []), at)
        elif kind == "extended":
            person = data.get("assignee") or actor
        elif kind == State.FORWARDED and data.get("from_agency") not in keys:
            continue
        if person is not None:
            for what in _counted(kind, data):
                yield Fact(person, what, request, at)


def _events_of(agencies: list[Agency]) -> models.QuerySet[RequestEvent]:
    """Events of requests that the agencies have, or had and passed on."""
    left = RequestEvent.objects.filter(
        request=OuterRef("request"), kind=State.FORWARDED,
        data__from_agency__in=[agency.key for agency in agencies],
    )  # fmt: skip
    asked = Q(kind="task_answered", data__agency__in=[agency.key for agency in agencies])
    own = (Q(request__agency__in=agencies) | Exists(left)) & ~Q(kind="task_answered")
    return RequestEvent.objects.filter(own | asked)


def _counted(kind: str, data: dict[str, Any]) -> list[What]:
    late = [What.BREACHES] if data.get("late") or data.get("late_forward") else []
    if kind in DECISIONS:
        last = [What.LAST_DAY] if data.get("on_last_day") and not late else []
        return [What.DECIDED, *last, *late]
    return {
        str(State.INFO_REQUESTED): [What.RETURNED],
        str(State.FORWARDED): [What.FORWARDED, *late],
        "extended": [What.EXTENDED],
        str(State.REOPENED): [What.REOPENED],
        "task_answered": late,
        "submitted": [What.BREACHES],
    }[kind]


def _deciders(requests: set[int]) -> dict[int, list[tuple[datetime, int | None]]]:
    """request → when and who decided it, oldest first."""
    found: dict[int, list[tuple[datetime, int | None]]] = {}
    rows = RequestEvent.objects.filter(request__in=requests, to_state__in=DECISIONS)
    for request, actor, at, data in rows.order_by("request", "sequence").values_list(
        "request", "actor", "at", "data"
    ):
        found.setdefault(request, []).append((at, data.get("drafted_by") or actor))
    return found


def _last_before(decided: list[tuple[datetime, int | None]], at: datetime) -> int | None:
    return next((person for when, person in reversed(decided) if when <= at), None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def late_now(agencies: Iterable[Agency]) -> dict[int, int]:
    """person → open requests on their desk whose term is over."""
    rows = ServiceRequest.objects.of_agencies(agencies).overdue(timezone.now())
    counted = rows.filter(assignee__isnull=False).order_by().values_list("assignee")
    return dict(counted.annotate(n=Count("pk")))


def table(agencies: Iterable[Agency], span: Span, today: date | None = None) -> list[Line]:
    """A line for each person of whom anything is counted, most breaches first."""
    chosen = list(agencies)
    counts: dict[int, dict[str, int]] = {}
    for fact in facts(chosen, span, today):
        own = counts.setdefault(fact.person, {})
        own[fact.what] = own.get(fact.what, 0) + 1
    for person, number in late_now(chosen).items():
        counts.setdefault(person, {})[What.LATE_NOW] = number
    people = User.objects.in_bulk(counts)
    lines = [Line(people[pk], own) for pk, own in counts.items() if pk in people]
    return sorted(lines, key=lambda line: (
        -line.counts.get(What.BREACHES, 0), -line.counts.get(What.LATE_NOW, 0), str(line.person),
    ))  # fmt: skip


def behind(
    agencies: Iterable[Agency], span: Span, person: int, what: What, today: date | None = None
) -> list[tuple[int, datetime]]:
    """Requests behind one number, newest first: id and when it was counted."""
    chosen = list(agencies)
    if what == What.LATE_NOW:
        rows = ServiceRequest.objects.of_agencies(chosen).overdue(timezone.now())
        late = rows.filter(assignee=person).order_by("due_at").values_list("pk", "due_at")
        return [(pk, due) for pk, due in late if due is not None]
    found = [
        (fact.request, fact.at)
        for fact in facts(chosen, span, today)
        if (fact.person, fact.what) == (person, what)
    ]
    return sorted(found, key=lambda pair: pair[1], reverse=True)
