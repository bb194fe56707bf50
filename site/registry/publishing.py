"""Publishing the registry: every change makes a new version, and the difference is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from registry import columns
from registry.models import Decision, RegistryLine, RegistryVersion
from service_pages.models import Service

_BATCH = 500


@dataclass(frozen=True)
class Change:
    """A line that came, changed or went with a version; `before` or `after` may be None."""

    before: RegistryLine | None
    after: RegistryLine | None

    @property
    def line(self) -> RegistryLine:
        """The line as it is now, or as it last was."""
        line = self.after or self.before
        if line is None:
            raise ValueError("A change has a line on one side at least.")
        return line

    @property
    def names(self) -> list[str]:
        """Columns that differ; all where the line came or went."""
        if self.before is None or self.after is None:
            return list(columns.COLUMNS)
        before, after = self.before.content, self.after.content
        return [name for name in columns.COLUMNS if before.get(name) != after.get(name)]


def newest() -> RegistryVersion | None:
    """The version in force, or None before the first."""
    return RegistryVersion.objects.order_by("-number").first()


@transaction.atomic
def publish(
    decision: Decision | None = None, *, at: datetime | None = None
) -> RegistryVersion | None:
    """Write what has changed since the last version as a new one; None where nothing has.

    `at`: when it was published, where the demonstration tells of the past.

    Two processes cannot publish at once: the number of a version is unique, and the later one
    starts anew at its next turn.
    """
    last = RegistryVersion.objects.select_for_update().order_by("-number").first()
    held = {line.service_id: line for line in RegistryLine.objects.current()}
    services = Service.objects.order_by("pk")
    wanted = columns.lines(services)
    fresh = {pk: content for pk, content in wanted.items() if pk not in held}
    changed = {
        pk: content for pk, content in wanted.items() if pk in held and held[pk].content != content
    }
    gone = [line for pk, line in held.items() if pk not in wanted]
    if not fresh and not changed and not gone:
        return None
    version = RegistryVersion(
        number=last.number + 1 if last else 1,
        published_at=at or timezone.now(),
        decision=decision,
        added=len(fresh),
        changed=len(changed),
        removed=len(gone),
        hash=_hash(wanted, last.hash if last else ""),
    )
    version.save()
    ended = [held[pk].pk for pk in changed] + [line.pk for line in gone]
    RegistryLine.objects.filter(pk__in=ended).update(until=version.number)
    RegistryLine.objects.bulk_create(
        [_row(pk, content, version.number) for pk, content in (fresh | changed).items()],
        batch_size=_BATCH,
    )
    return version


def _row(service_id: int, content: dict[str, Any], number: int) -> RegistryLine:
    return RegistryLine(
        service_id=service_id,
        since=number,
        agency_key=content["agency"]["key"],
        registry_number=content["registry_number"],
        phase=content["phase"],
        status=content["status"],
        content=content,
    )


def _hash(contents: dict[int, dict[str, Any]], before: str) -> str:
    by_number = sorted(contents.values(), key=lambda content: content["registry_number"])
    body = json.dumps([before, *by_number], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def verify() -> list[int]:
    """Numbers of versions whose lines or order are not as they were published."""
    broken, before, expected = [], "", 1
    for version in RegistryVersion.objects.order_by("number"):
        lines = RegistryLine.objects.of(version.number)
        contents = {line.service_id: line.content for line in lines}
        if version.number != expected or _hash(contents, before) != version.hash:
            broken.append(version.number)
        before, expected = version.hash, version.number + 1
    return broken


def difference(number: int) -> list[Change]:
    """What version `number` changed, by registry number."""
    after = {line.service_id: line for line in RegistryLine.objects.filter(since=number)}
    before = {line.service_id: line for line in RegistryLine.objects.filter(until=number)}
    changes = [Change(before.get(pk), after.get(pk)) for pk in after.keys() | before.keys()]
    return sorted(changes, key=lambda change: change.line.registry_number)
