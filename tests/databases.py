"""The database template: migrated once, then copied.

Migrating takes some 15 s a process; copying a template a tenth of one. For SQLite the template is a
file in `.cache/`, named by a hash of everything that migrating depends on, so it is shared by
xdist's workers and by later runs. For PostgreSQL it is a database on the same server, copied with
`CREATE DATABASE … TEMPLATE`. What migrations and their signals write (locales, content types,
permissions) is in the template, so a flushing test gets it back by a new copy.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import django
import psycopg
import wagtail
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from core.migrating import migrate_empty
from tests.engines.processes import CACHE, ROOT

#: Templates of this many states of the code are kept.
_KEEP = 4


def state_of_migrations() -> str:
    """A hash of what a migrated database depends on: migrations, apps, settings, libraries."""
    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__}".encode())
    # The settings tell the languages and apps; models, since post_migrate makes permissions of them.
    paths = [ROOT / "requirements.txt", ROOT / "site" / "portal" / "settings" / "base.py"]
    for room in ("site", "home", "service_pages", "forms", "search"):
        # `data`: what migrations load.
        for pattern in ("migrations/*.py", "apps.py", "models.py", "models/*.py", "data/*.txt"):
            paths += sorted((ROOT / room).rglob(pattern))
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class Copies(Protocol):
    """The test database of this process."""

    def make(self) -> None:
        """Make it from the template, and point Django at it."""

    def restore(self) -> None:
        """Undo whatever a test committed."""

    def drop(self) -> None:
        """Take it away."""


class SqliteCopies:
    """A file of this process, copied from the template."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "test.sqlite3"

    def make(self) -> None:
        """Copy the template, and point Django at the copy."""
        self.template = sqlite_template()
        _point_at(str(self.path))
        self.restore()

    def restore(self) -> None:
        """Copy the template over what is there, through SQLite: other threads may have it open."""
        connection.close()
        with (
            contextlib.closing(sqlite3.connect(self.template)) as source,
            contextlib.closing(sqlite3.connect(self.path, timeout=20)) as target,
        ):
            source.backup(target)

    def drop(self) -> None:
        """Close; the temporary folder goes by itself."""
        connection.close()


def sqlite_template() -> Path:
    """The file of the migrated template, built if this state of the code has none yet."""
    folder = CACHE / "test-databases"
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"{state_of_migrations()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if template.exists():
            template.touch()
            return template
        building = folder / f"building-{os.getpid()}.sqlite3"
        building.unlink(missing_ok=True)
        before = connection.settings_dict["NAME"]
        _point_at(str(building))
        try:
            migrate_empty()
        finally:
            _point_at(before)
        with contextlib.closing(sqlite3.connect(building)) as written:
            # One file, nothing beside it.
            written.execute("PRAGMA journal_mode=DELETE")
        building.rename(template)
        ours = sorted(folder.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in ours[_KEEP:]:
            old.unlink()
    return template


class PostgresCopies:
    """A database of this process beside the template on the server that DATABASE_URL names."""

    def __init__(self, worker: str) -> None:
        self.name = f"test_portal_{worker}"
        self.template = f"template_portal_{state_of_migrations()}"
        self.main = str(connection.settings_dict["NAME"])

    def make(self) -> None:
        """Migrate the template if it is not there, copy it, and point Django at the copy."""
        with self._server() as server:
            # Workers that start together wait here for the first one.
            server.execute("SELECT pg_advisory_lock(hashtext('portal test template'))")
            found = server.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND datallowconn", [self.template]
            ).fetchone()
            if found is None:
                server.execute(_statement("CREATE DATABASE {}", self.template))
                _point_at(self.template)
                call_command("migrate", verbosity=0, interactive=False)
                _disconnect()
        _point_at(self.name)
        self.restore()

    def restore(self) -> None:
        """Drop the copy with whoever is connected to it, and copy anew: some 0.1 s."""
        _disconnect()
        with self._server() as server:
            server.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
            server.execute(_statement("CREATE DATABASE {} TEMPLATE {}", self.name, self.template))

    def drop(self) -> None:
        """Take the copy away; the template stays for the next run on this server."""
        _disconnect()
        with self._server() as server:
            server.execute(_statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))

    @contextlib.contextmanager
    def _server(self) -> Iterator[psycopg.Connection[Any]]:
        facts = connection.settings_dict
        with psycopg.connect(
            host=facts["HOST"] or None,
            port=facts["PORT"] or None,
            user=facts["USER"] or None,
            password=facts["PASSWORD"] or None,
            dbname=self.main,
            autocommit=True,
        ) as server:
            yield server


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))  # type: ignore[arg-type]


def _disconnect() -> None:
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


def _point_at(name: str) -> None:
    """Have Django's default connection use another database of the same server or kind."""
    _disconnect()
    connection.settings_dict["NAME"] = name
    connection.connection = None


def copies(folder: Path, worker: str) -> Copies:
    """The copies for the database that DATABASE_URL names."""
    return SqliteCopies(folder) if connection.vendor == "sqlite" else PostgresCopies(worker)
