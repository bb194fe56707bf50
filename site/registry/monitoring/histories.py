"""What a request's events say of it at a moment: who answers, is the clock running, since when.

A history is a small state machine over the events of one request in their order. It is all that
counting knows of a request, so figures can be computed again from the events alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import Agency
from casework.counted import applicant_kind, territory_key
from casework.graph import State
from casework.models import RequestEvent, ServiceRequest
from core.models import work_calendar

#: Kinds of events that counting reads; looks, messages and the like say nothing of it.
KINDS = (
    "submitted", "complained", "extended", "rated", "handed_over",
    *(str(state) for state in State if state != State.AWAITING_PAYMENT),
)  # fmt: skip
_BATCH = 500
_CLOSING = frozenset({"approved", "refused", "withdrawn", "expired"})
_WORKED_ON = frozenset({"registered", "in_review", "forwarded", "reopened"})


class Event(NamedTuple):
    """The columns of an event that counting reads."""

    request: int
    sequence: int
    at: datetime
    kind: str
    before: str
    ground: str
    actor: int | None
    data: dict[str, Any]


COLUMNS = (
    "request_id", "sequence", "at", "kind", "from_state", "ground_code", "actor_id", "data",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What a request is counted by; fixed when it came."""

    service: str
    district: str
    channel: str
    applicant: str
    kind: str
    #: An appeal about the portal itself (S-10).
    about_portal: bool


@dataclass(slots=True)
class History:
    """A request after some of its events."""

    facts: Facts
    agency: int
    #: The request that a complaint is about.
    about: int | None = None
    state: str = ""
    is_open: bool = False
    due: datetime | None = None
    #: The term as it was promised first: pauses and extensions move `due` alone.
    promised: datetime | None = None
    registered: datetime | None = None
    paused: datetime | None = None
    #: Spans in which the applicant had to act.
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        """Whether the clock runs."""
        return self.state in _WORKED_ON

    def apply(self, event: Event, house: Histories) -> None:
        """Take one event in."""
        data, kind = event.data, event.kind
        if kind == "submitted":
            self.agency = house.agencies.get(data.get("agency", ""), self.agency)
            self.registered = moment(data.get("registered_at"))
            self.due = self.promised = moment(data.get("due_at"))
            self.state = "registered" if self.registered else "awaiting_payment"
            self.is_open = True
            return
        if kind == "extended":
            self.due = moment(data.get("due_at")) or self.due
            return
        if kind == "handed_over":
            self.agency = house.agencies.get(data.get("to", ""), self.agency)
        if kind not in _STATES:
            return
        if kind == "registered" and event.before == "awaiting_payment":
            self.registered = house.calendar.registration_moment(event.at)
            self.promised = moment(data.get("due_at"))
        if self.paused is not None and kind != "info_requested":
            self.pauses.append((self.paused, event.at))
            self.paused = None
        if kind == "info_requested":
            self.paused = event.at
        if kind == "forwarded":
            self.agency = house.agencies.get(data.get("to_agency", ""), self.agency)
        if kind == "reopened":
            self.registered = house.calendar.registration_moment(event.at)
            self.pauses = []
            self.promised = moment(data.get("due_at"))
        self.due = moment(data.get("due_at")) or self.due
        self.state = kind
        self.is_open = kind not in _CLOSING and kind != "completed"


_STATES = frozenset(str(state) for state in State)


def moment(text: str | None) -> datetime | None:
    """A moment of an event's facts."""
    return parse_datetime(text) if text else None


def local_day(at: datetime) -> date:
    """The day of a moment where the portal stands."""
    return timezone.localdate(at)


def batches(ids: Collection[int], size: int = _BATCH) -> Iterator[list[int]]:
    """Lists of at most `size`, in ascending order."""
    rest = iter(sorted(ids))
    while batch := list(islice(rest, size)):
        yield batch


class Histories:
    """Makes histories of requests up to a point in each of them."""

    def __init__(self) -> None:
        rows = Agency.objects.select_related("territory")
        found = {row.pk: row for row in rows}
        self.calendar = work_calendar()
        self.agencies = {row.key: row.pk for row in found.values()}
        #: Districts of agencies that have one, for events older than the fact.
        self._territories = {pk: territory_key(row) for pk, row in found.items()}

    def begun(self, ids: Collection[int]) -> dict[int, History]:
        """Histories in which nothing has happened yet."""
        found: dict[int, History] = {}
        for batch in batches(ids):
            first = dict(
                RequestEvent.objects.filter(request_id__in=batch, sequence=1).values_list(
                    "request_id", "data"
                )
            )
            rows = ServiceRequest.objects.filter(pk__in=batch).values_list(
                "pk", "service__key", "source", "kind", "agency_id", "follows_id", "applicant_id",
                "organization_id", "about_portal",
            )  # fmt: skip
            for pk, service, source, kind, agency, follows, applicant, firm, about_portal in rows:
                data = first.get(pk, {})
                came_to = self.agencies.get(data.get("agency", ""), agency)
                facts = Facts(
                    service=service,
                    district=data.get("district", self._territories.get(came_to, "")),
                    channel=source,
                    applicant=data.get("applicant") or applicant_kind(applicant, firm),
                    kind=kind,
                    about_portal=about_portal,
                )
                found[pk] = History(facts, came_to, follows)
        return found

    def until(
        self, ids: Collection[int], keep: Callable[[int, int, datetime], bool]
    ) -> dict[int, History]:
        """Histories of requests after those of their events that `keep` (request, sequence, at)
        says have happened."""
        found = self.begun(ids)
        for batch in batches(ids):
            rows = RequestEvent.objects.filter(request_id__in=batch, kind__in=KINDS)
            for row in rows.order_by("request_id", "sequence").values_list(*COLUMNS).iterator(5000):
                event = Event(*row)
                if event.request in found and keep(event.request, event.sequence, event.at):
                    found[event.request].apply(event, self)
        return found
