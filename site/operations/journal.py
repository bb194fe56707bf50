"""The journal of the house: what was done to people's data, and daily anchors over every chain.

Streams are hash chains: one a day for the audit kept here, one a request in casework, and what
other rooms register. Once a day their heads are anchored: a root over all heads and the root
before, sealed with a key. What is changed, or missing at the end of a chain, no longer fits.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from operations.models import Anchor, AnchoredHead, AuditEntry, AuditStream

log = logging.getLogger(__name__)

#: (stream, sequence, hash) of the end of a chain.
Head = tuple[str, int, str]
#: How far back an anchor looks again: who took a number first may commit last.
MARGIN = 5_000
BATCH = 500
OWN = "audit"


@dataclass(frozen=True)
class Chains:
    """Chains of a room. `heads(mark)` gives the ends of chains that grew since a mark, and the
    next mark; `lookup` gives the hashes at places, of those that exist."""

    heads: Callable[[int], tuple[list[Head], int]]
    lookup: Callable[[Iterable[tuple[str, int]]], Mapping[tuple[str, int], str]]


_chains: dict[str, Chains] = {}


def register(name: str, chains: Chains) -> None:
    """Have a room's chains anchored; their streams are called `name:…`."""
    _chains[name] = chains


def digest(parts: Any) -> str:
    """SHA-256 over anything that is JSON, written one way only."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def append(
    kind: str,
    thing: str,
    *,
    actor: Any = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Append what was done: `kind` such as `export`, `thing` such as `account:17`.

    `data` holds facts that are nobody's. In the caller's transaction, under a lock on the day.
    """
    moment = at or timezone.now()
    name = f"{OWN}:{timezone.localdate(moment):%Y-%m-%d}"
    AuditStream.objects.get_or_create(name=name)
    stream = AuditStream.objects.select_for_update().get(name=name)
    entry = AuditEntry(
        stream=name,
        sequence=stream.sequence + 1,
        at=moment,
        actor_id=actor.pk if actor is not None else None,
        kind=kind,
        thing=thing,
        data=data or {},
        prev_hash=stream.head,
    )
    entry.hash = entry.computed_hash()
    entry.save()
    stream.sequence, stream.head = entry.sequence, entry.hash
    stream.save(update_fields=["sequence", "head"])
    return entry


def _own_heads(mark: int) -> tuple[list[Head], int]:
    rows = AuditEntry.objects.filter(pk__gt=mark - MARGIN)
    last: dict[str, Head] = {}
    newest = mark
    for row in rows.order_by("stream", "sequence").iterator(BATCH):
        last[row.stream] = (row.stream, row.sequence, row.hash)
        newest = max(newest, row.pk)
    return list(last.values()), newest


def _own_lookup(places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    streams = {stream for stream, _sequence in places}
    rows = AuditEntry.objects.filter(stream__in=streams)
    return {(row.stream, row.sequence): row.hash for row in rows}


register(OWN, Chains(_own_heads, _own_lookup))


def _root(day: date, prev: str, heads: Iterable[Head]) -> str:
    return digest([day.isoformat(), prev, sorted(heads)])


def _seal(root: str) -> str:
    key = hashlib.sha256(b"anchor:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, root.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def anchor(now: datetime | None = None) -> Anchor | None:
    """Anchor the heads of yesterday's end; None where that day has its anchor. Safe to repeat.

    The root is written to the log too: who keeps logs elsewhere can prove the day by it.
    """
    moment = now or timezone.now()
    day = timezone.localdate(moment) - timedelta(days=1)
    if Anchor.objects.filter(day=day).exists():
        return None
    before = Anchor.objects.order_by("-day").first()
    heads: list[Head] = []
    marks: dict[str, int] = {}
    for name, chains in sorted(_chains.items()):
        found, marks[name] = chains.heads((before.marks if before else {}).get(name, 0))
        heads += found
    prev = before.root if before else ""
    root = _root(day, prev, heads)
    made = Anchor.objects.create(
        day=day, made_at=moment, prev=prev, root=root, seal=_seal(root), marks=marks,
        count=len(heads),
    )  # fmt: skip
    AnchoredHead.objects.bulk_create(
        [AnchoredHead(anchor=made, stream=s, sequence=n, hash=h) for s, n, h in heads],
        batch_size=BATCH,
    )
    log.info("journal anchored", extra={"day": day.isoformat(), "root": root})
    return made


def broken_anchors() -> list[str]:
    """What no longer fits: days whose root or seal is wrong, and streams whose anchored end is
    missing or another. Days as ISO dates, streams by name."""
    broken: list[str] = []
    prev = ""
    for row in Anchor.objects.order_by("day").iterator():
        heads = [
            (head.stream, head.sequence, head.hash)
            for head in AnchoredHead.objects.filter(anchor=row)
        ]
        if (
            row.prev != prev
            or row.root != _root(row.day, row.prev, heads)
            or not hmac.compare_digest(row.seal, _seal(row.root))
        ):
            broken.append(row.day.isoformat())
        broken += _lost(heads)
        prev = row.root
    return sorted(set(broken))


def _lost(heads: list[Head]) -> list[str]:
    lost = []
    for name, chains in _chains.items():
        own = [head for head in heads if head[0].startswith(f"{name}:")]
        for start in range(0, len(own), BATCH):
            part = own[start : start + BATCH]
            present = chains.lookup([(stream, sequence) for stream, sequence, _hash in part])
            lost += [s for s, n, expected in part if present.get((s, n)) != expected]
    return lost


def broken_entries() -> list[str]:
    """Entries of the audit that do not fit their hash or the one before, as `stream/sequence`."""
    broken, name, before, expected = [], "", "", 1
    for row in AuditEntry.objects.order_by("stream", "sequence").iterator(BATCH):
        if row.stream != name:
            name, before, expected = row.stream, "", 1
        if row.sequence != expected or row.prev_hash != before or row.hash != row.computed_hash():
            broken.append(f"{row.stream}/{row.sequence}")
        before, expected = row.hash, row.sequence + 1
    return broken


def utc(moment: datetime) -> str:
    """A moment as chains write it."""
    return moment.astimezone(UTC).isoformat()
