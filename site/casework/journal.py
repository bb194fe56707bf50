"""Append to a request's history, and check that nothing in it was changed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from casework.models import EventText, RequestEvent, ServiceRequest
from core.rows import add
from operations import journal as house

STREAM = "request"


def record(
    request: ServiceRequest,
    kind: str,
    *,
    actor: User | None = None,
    from_state: str = "",
    to_state: str = "",
    ground: str = "",
    public: str = "",
    private: str = "",
    files: list[dict[str, Any]] | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
    first: bool = False,
) -> RequestEvent:
    """Append an event. The caller holds a lock on the request's row, in a transaction.

    `first`: the request was written in this transaction, so that no event can be there.
    """
    events = RequestEvent.objects.filter(request=request).order_by("-sequence")
    last = None if first else events.first()
    parts = {"public": public, "private": private, "files": files}
    content = {name: part for name, part in parts.items() if part}
    salt = secrets.token_hex(16)
    event = RequestEvent(
        request=request,
        sequence=last.sequence + 1 if last else 1,
        at=at or timezone.now(),
        actor=actor,
        kind=kind,
        from_state=from_state,
        to_state=to_state,
        ground_code=ground,
        data=data or {},
        text_digest=EventText.digest(salt, content) if content else "",
        prev_hash=last.hash if last else "",
    )
    event.hash = event.computed_hash()
    add(event)
    if content:
        EventText.objects.create(event=event, salt=salt, content=content)
    return event


def _heads(mark: int) -> tuple[list[house.Head], int]:
    """Ends of the histories that grew since an event, and the newest event (operations.journal)."""
    newest = RequestEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    grown = RequestEvent.objects.filter(pk__gt=mark - house.MARGIN).values("request_id")
    last = (
        RequestEvent.objects.filter(request_id__in=grown)
        .order_by("request_id", "-sequence")
        .values_list("request_id", "sequence", "hash")
    )
    found: dict[int, house.Head] = {}
    for request_id, sequence, digest in last.iterator(house.BATCH):
        found.setdefault(request_id, (f"{STREAM}:{request_id}", sequence, digest))
    return list(found.values()), newest


def _lookup(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    wanted = {int(stream.partition(":")[2]): sequence for stream, sequence in places}
    rows = RequestEvent.objects.filter(
        request_id__in=wanted, sequence__in=set(wanted.values())
    ).values_list("request_id", "sequence", "hash")
    return {(f"{STREAM}:{request}", sequence): digest for request, sequence, digest in rows}


#: Have every history anchored daily.
CHAINS = house.Chains(_heads, _lookup)


def anonymise(request: ServiceRequest, now: datetime) -> None:
    """Take the personal texts of a history away; digests stay, so that the chain is whole."""
    EventText.objects.filter(event__request=request, anonymised_at__isnull=True).update(
        content={}, salt="", anonymised_at=now
    )


def cut_histories() -> QuerySet[ServiceRequest]:
    """Requests whose history does not end where they stand: its end, or all of it, is missing. The
    daily anchor sees that too, but only from the next day on."""
    moves = RequestEvent.objects.filter(request=OuterRef("pk")).exclude(to_state="")
    last = Subquery(moves.order_by("-sequence").values("to_state")[:1])
    rows = ServiceRequest.objects.only("number").annotate(ends_in=last)
    return rows.filter(Q(ends_in=None) | ~Q(ends_in=F("state"))).order_by("pk")


def broken_links(request: ServiceRequest) -> list[int]:
    """Sequence numbers of events that do not fit their hash, their text or the one before."""
    broken, before, expected = [], "", 1
    for event in RequestEvent.objects.filter(request=request).select_related("text"):
        text = getattr(event, "text", None)
        text_fits = not event.text_digest or (
            text is not None
            and (
                text.anonymised_at is not None
                or EventText.digest(text.salt, text.content) == event.text_digest
            )
        )
        if (
            event.sequence != expected
            or event.prev_hash != before
            or event.hash != event.computed_hash()
            or not text_fits
        ):
            broken.append(event.sequence)
        before, expected = event.hash, event.sequence + 1
    return broken
