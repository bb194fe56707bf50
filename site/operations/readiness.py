"""What a load balancer and an operator ask: does the process live, and is the portal ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from operations.models import OutboxMessage

#: Returns None where all is well, else one line that says what is wrong, without secrets.
Probe = Callable[[], str | None]


@dataclass(frozen=True)
class Part:
    """A part of the portal with its probe; only a critical one makes the portal fail."""

    name: str
    probe: Probe
    critical: bool


_parts: dict[str, Part] = {}


def register(name: str, probe: Probe, *, critical: bool = False) -> None:
    """Add a part to `/readyz`."""
    _parts[name] = Part(name, probe, critical)


def report() -> tuple[str, dict[str, str]]:
    """(status, parts): status is ok, degraded or fail; each part `ok` or what is wrong."""
    status, parts = "ok", {}
    for part in _parts.values():
        try:
            problem = part.probe()
        except Exception as error:
            problem = type(error).__name__
        parts[part.name] = problem or "ok"
        if problem:
            status = "fail" if part.critical else ("degraded" if status == "ok" else status)
    return status, parts


def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} to apply" if plan else None


def _storage() -> str | None:
    storage = storages["private"]
    name = storage.save("probe/readiness.txt", ContentFile(b"ok"))
    storage.delete(name)
    return None


def _queue() -> str | None:
    overdue = OutboxMessage.objects.filter(
        state=OutboxMessage.State.WAITING,
        next_try__lt=timezone.now() - timedelta(minutes=30),
    ).exists()
    return "messages wait for more than 30 minutes" if overdue else None


register("database", _database, critical=True)
register("migrations", _migrations, critical=True)
register("storage", _storage, critical=True)
register("queue", _queue)
