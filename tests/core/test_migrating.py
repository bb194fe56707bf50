"""An empty database is migrated quickly, and ends as Django's own command leaves it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.databases import sqlite_template
from tests.engines.processes import ROOT

#: What migrations and their signals write.
WRITTEN = ("django_migrations", "django_content_type", "auth_permission", "wagtailcore_locale",
           "wagtailcore_page", "search_synonyms")  # fmt: skip


def _schema(path: Path) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT type || ' ' || name, sql FROM sqlite_master")
        schema: dict[str, object] = dict(rows.fetchall())
        for table in WRITTEN:
            schema[f"rows of {table}"] = database.execute(
                f"SELECT COUNT(*) FROM {table}"
            ).fetchone()[0]
    return schema


def test_the_quick_way_ends_with_the_schema_of_the_stock_command(tmp_path: Path) -> None:
    path = tmp_path / "stock.sqlite3"
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
            "DATABASE_URL": f"sqlite:///{path}",
            "VAR_DIR": str(tmp_path),
        },
        check=True,
        capture_output=True,
    )

    quick = _schema(sqlite_template())

    assert quick == _schema(path)
    assert quick["rows of django_migrations"]
