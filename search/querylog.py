"""Counts of queries for editors, without anything about who asked.

What looks like a number of a person (PINFL, passport, phone, card, a birthday) or an e-mail address
is taken out before a query is counted; only counts by day are kept, no times and no order, so that
no query can be joined with another of the same person. A query that few people ask may still be a
name: it is never shown (`LEAST`) and is forgotten soon (`RARE_DAYS`). All are forgotten after
`KEPT_DAYS`.

Like views of pages, counts wait in the process and are written in batches; a crash loses a few.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.keeping import days
from accounts.kept import Part
from languages.uzbek import fold
from search.editorial import QueryCount

#: A query is shown, and kept longer, once it was asked so often.
LEAST = 3
#: Days.
RARE_DAYS, KEPT_DAYS = 30, 400
LONGEST, MOST_RANK = 100, 1000
_BATCH, _PERIOD = 50, 20.0
_MOST_WAITING = 5_000

_E_MAIL = re.compile(r"\S+@\S+")
#: Letters and digits of a passport, of a number of ours: AB1234567, АВ 1234567, MAK-2026-000123.
_MARKED = re.compile(r"\b[^\W\d_]{1,4}[\s№-]*\d[\d\s./-]{3,}\d\b")
#: Five digits and more, whatever parts them, are no law's number and no year.
_NUMBER = re.compile(r"\+?\d(?:[\s().–/-]*\d){4,}")

Key = tuple[date, str, str]


@dataclass
class _Counts:
    text: str
    searches: int = 0
    results: int = 0
    clicks: int = 0
    ranks: int = 0


_lock = threading.Lock()
_waiting: dict[Key, _Counts] = {}
_flushed_at = time.monotonic()


def scrubbed(text: str) -> str:
    """The query without what may name a person by number or address; empty where that was all."""
    for pattern in (_E_MAIL, _MARKED, _NUMBER):
        text = pattern.sub(" ", text)
    return " ".join(text.split())[:LONGEST].strip(" -.,:;№")


def note_search(text: str, language: str, results: int) -> None:
    """Count a search that found so many results. Seldom writes."""
    counts = _counts(text, language)
    if counts is not None:
        counts.searches += 1
        counts.results = results
        _flush_if_due()


def note_choice(text: str, language: str, rank: int) -> None:
    """Count that the result at a place (from 1) of a query's results was opened."""
    counts = _counts(text, language) if 1 <= rank <= MOST_RANK else None
    if counts is not None:
        counts.clicks += 1
        counts.ranks += rank
        _flush_if_due()


def _counts(text: str, language: str) -> _Counts | None:
    kept = scrubbed(text)
    key = fold(kept)[:LONGEST]
    if not key:
        return None
    with _lock:
        # Somebody who sends thousands of different queries fills no memory.
        place = (timezone.localdate(), language, key)
        if place not in _waiting and len(_waiting) >= _MOST_WAITING:
            return None
        return _waiting.setdefault(place, _Counts(kept))


def _flush_if_due() -> None:
    # Inside somebody's transaction a lock on a hot row would be held too long.
    due = len(_waiting) >= _BATCH or time.monotonic() - _flushed_at >= _PERIOD
    if due and not connection.in_atomic_block:
        flush()


def flush() -> int:
    """Write what waits; how many queries."""
    global _flushed_at
    with _lock:
        batch = dict(_waiting)
        _waiting.clear()
        _flushed_at = time.monotonic()
    with transaction.atomic():
        for (day, language, key), counts in sorted(batch.items(), key=lambda item: item[0]):
            row, _created = QueryCount.objects.get_or_create(
                day=day, language=language, key=key, defaults={"text": counts.text}
            )
            changes = {
                "searches": F("searches") + counts.searches,
                "clicks": F("clicks") + counts.clicks,
                "ranks": F("ranks") + counts.ranks,
            }
            if counts.searches:
                changes["results"] = counts.results  # type: ignore[assignment]
            QueryCount.objects.filter(pk=row.pk).update(**changes)
    return len(batch)


def discard() -> None:
    """Forget what waits: each test begins at nought."""
    with _lock:
        _waiting.clear()


def forget() -> int:
    """Delete what was kept long enough; how many rows."""
    today = timezone.localdate()
    old = QueryCount.objects.filter(day__lte=today - timedelta(days=KEPT_DAYS))
    deleted = old.delete()[0]
    common = (
        QueryCount.objects.values("language", "key")
        .annotate(asked=Sum("searches"))
        .filter(asked__gte=LEAST)
        .values_list("language", "key")
    )
    known = set(common)
    rare = [
        pk
        for pk, language, key in QueryCount.objects.filter(
            day__lte=today - timedelta(days=RARE_DAYS)
        ).values_list("pk", "language", "key")
        if (language, key) not in known
    ]
    for start in range(0, len(rare), 500):
        deleted += QueryCount.objects.filter(pk__in=rare[start : start + 500]).delete()[0]
    return deleted


def kept_parts() -> list[Part]:
    """What search keeps of what people type."""
    return [
        Part(_("What was searched, without anything about who asked"),
             _("to find better"), days(KEPT_DAYS)),
    ]  # fmt: skip
