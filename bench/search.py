"""What a search costs: `python bench/search.py [--services 2000] [--sqlite] [--stock]`.

Services in five languages (`generate_services`, kept as a template in .cache/) on the database that
DATABASE_URL names, on SQLite without it, and on the node of ELASTICSEARCH_URL:

    python scripts/with_engines.py -- python bench/search.py --services 20000 --sqlite --stock

Milliseconds of a warm process, over the queries of the relevance suite; "HTTP" is the same through
a server of one worker. `--stock` adds Wagtail's own search over the Uzbek pages, `--sqlite` the same
on SQLite afterwards. A service of the demonstration is published at 200 services and at as many as
asked for. The admin's index has no generated pages unless `--admin` is given.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.dev"
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("VAR_DIR", str(ROOT / ".cache" / "bench-var"))
os.environ["ELASTICSEARCH_INDEX_PREFIX"] = "bench-"
NODE = os.environ.pop("ELASTICSEARCH_URL", "")

import django

django.setup()

import logging

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from modelsearch.backends import get_search_backend
from wagtail.models import Locale

from search import node
from search.engine import Query
from search.query import find
from service_pages.models import ServicePage
from tests.databases import _point_at, sqlite_template, state_of_migrations
from tests.search import corpus

Row = tuple[str, str]
FEW = 200


def queries() -> list[Row]:
    """(text, language) of the relevance suite."""
    rows = [
        (row[0], row[1]) for name in ("queries", "everyday") for row in corpus.rows(f"{name}.tsv")
    ]
    return rows[::2]


def beginnings() -> list[Row]:
    """What is typed on the way to them: two letters, four, six."""
    return [(text[:length], language) for text, language in queries()[::2] for length in (2, 4, 6)]


def times(rows: Iterable[Row], ask: Callable[[str, str], object]) -> str:
    """`p50 / p95` in milliseconds, after each was asked once."""
    rows = list(rows)
    for row in rows:
        ask(*row)
    took = []
    for row in rows:
        started = time.perf_counter()
        ask(*row)
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return f"{statistics.median(took):7.1f} / {took[int(len(took) * 0.95)]:7.1f}"


def publish() -> float:
    """Milliseconds of publishing a service of the demonstration, the median of seven."""
    page = ServicePage.objects.filter(
        locale__language_code="uz", live=True, service__key="driving-licence"
    ).get()
    took = []
    for number in range(8):
        page.summary = f"{page.summary.split(' | ')[0]} | {number}"
        revision = page.save_revision()
        started = time.perf_counter()
        revision.publish()
        took.append((time.perf_counter() - started) * 1000)
        page = ServicePage.objects.get(pk=page.pk)
    return statistics.median(took[1:])


def fill(count: int, *, admin: bool) -> dict[str, float]:
    """Have so many services in this database; what is known of it."""
    (ROOT / ".cache").mkdir(exist_ok=True)
    kept = "-admin" if admin else ""
    facts = (
        ROOT / ".cache" / f"bench-{connection.vendor}-{state_of_migrations()}-{count}{kept}.json"
    )
    if connection.vendor == "sqlite":
        folder = ROOT / ".cache"
        template = folder / f"bench-{state_of_migrations()}-{count}{kept}.sqlite3"
        if template.exists() and facts.exists():
            _point_at(str(template))
            return dict(json.loads(facts.read_text()))
        shutil.copy(sqlite_template(), template)
        _point_at(str(template))
    else:
        call_command("migrate", verbosity=0, interactive=False)
    call_command("load_demo")
    call_command("generate_services", str(FEW), without_admin=not admin)
    known = {"publish_few": publish()}
    started = time.perf_counter()
    call_command("generate_services", str(count), without_admin=not admin)
    known["seconds"] = time.perf_counter() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    facts.write_text(json.dumps(known))
    return known


def index_size() -> float:
    """Megabytes of the tables of the index."""
    tables = [
        model._meta.db_table for model in django.apps.apps.get_app_config("search").get_models()
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT SUM(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS name",
                [tables],
            )
        else:
            names = ", ".join(["%s"] * len(tables))
            cursor.execute(
                "SELECT SUM(pgsize) FROM dbstat WHERE name IN ("
                f"SELECT name FROM sqlite_master WHERE tbl_name IN ({names}))",
                tables,
            )
        return float(cursor.fetchone()[0]) / 1e6


def over_http(rows: list[Row], suggestions: list[Row]) -> tuple[str, str]:
    """The same through a server of one worker in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = connection.settings_dict["NAME"]
    address = settings.ELASTICSEARCH_URL
    environment = os.environ | {"ELASTICSEARCH_URL": address, "PYTHONPATH": f"{ROOT}/site:{ROOT}"}
    if connection.vendor == "sqlite":
        environment["DATABASE_URL"] = f"sqlite:///{name}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "portal.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip

    def ask(what: str) -> Callable[[str, str], object]:
        def get(text: str, language: str) -> bytes:
            asked = urllib.parse.urlencode({"q": text, "lang": language})
            url = f"http://127.0.0.1:{port}/api/{what}/?{asked}"
            with urllib.request.urlopen(url, timeout=60) as answer:
                return bytes(answer.read())

        return get

    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        return times(rows, ask("search")), times(suggestions, ask("suggest"))
    finally:
        server.terminate()
        server.wait()


def measure(name: str) -> None:
    """One engine: search and suggestions, in the process and over HTTP."""
    cache.clear()
    rows, suggestions = queries(), beginnings()
    answered = find(Query("pasport")).engine
    print(f"{name} ({answered})")
    print("  search, engine       ", times(rows, lambda text, code: find(Query(text, code))))
    print(
        "  suggest, engine      ",
        times(suggestions, lambda text, code: find(Query(text, code, typing=True))),
    )
    search, suggest = over_http(rows, suggestions)
    print("  search, HTTP         ", search)
    print("  suggest, HTTP        ", suggest)


def stock(name: str, backend: Any) -> None:
    """Wagtail's own search by one of its backends: the Uzbek pages alone."""
    pages = ServicePage.objects.filter(locale=Locale.objects.get(language_code="uz")).order_by("pk")
    count = pages.count()
    started = time.perf_counter()
    index = backend.get_index_for_model(ServicePage)
    rebuilder = backend.rebuilder_class(index) if backend.rebuilder_class else None
    if rebuilder:
        index = rebuilder.start()
        index.add_model(ServicePage)
    for start in range(0, count, 500):
        index.add_items(ServicePage, list(pages[start : start + 500]))
    if rebuilder:
        rebuilder.finish()
    rate = count / (time.perf_counter() - started)
    print(f"stock modelsearch on {name}, {count} Uzbek pages; indexed {rate:.0f} pages/s")

    def ask(text: str, _language: str) -> object:
        return list(backend.search(text, pages, operator="or")[:10])

    print("  search, engine       ", times(queries()[::8], ask))
    print(
        "  autocomplete, engine ",
        times(beginnings()[::8], lambda text, _code: list(backend.autocomplete(text, pages)[:10])),
    )


def main() -> int:
    """Build, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--services", type=int, default=2_000)
    parser.add_argument("--stock", action="store_true", help="Wagtail's own search too")
    parser.add_argument("--sqlite", action="store_true", help="the same on SQLite afterwards")
    parser.add_argument("--admin", action="store_true", help="staff find the services too")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    known = fill(options.services, admin=options.admin)
    print(f"{options.services:,} services in five languages on {connection.vendor}")
    if "seconds" in known:
        made = options.services - FEW
        print(f"  made and indexed {made / known['seconds']:.0f} services/s (5 pages each)")
    print(f"  tables of the index {index_size():.0f} MB")
    now = publish()
    print(
        f"  publish {known['publish_few']:.0f} ms at {FEW}, {now:.0f} ms now: "
        f"x {now / known['publish_few']:.2f}"
    )
    measure("database")
    if NODE:
        settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_TIMEOUT = NODE, 10.0
        started = time.perf_counter()
        written = node.rebuild()
        rate = written / (time.perf_counter() - started)
        client = node.backend().es
        client.indices.forcemerge(index="bench-*", max_num_segments=1)
        size = client.indices.stats(index="bench-*")["_all"]["primaries"]["store"]["size_in_bytes"]
        print(f"node: rebuilt {rate:.0f} documents/s, index {size / 1e6:.0f} MB")
        measure("node")
        if options.stock:
            stock(
                "the node",
                get_search_backend(
                    "modelsearch.backends.elasticsearch9",
                    URLS=[NODE], INDEX_PREFIX="bench-stock-", TIMEOUT=60,
                ),
            )  # fmt: skip
        settings.ELASTICSEARCH_URL = ""
        client.indices.delete(index="bench-*")
    print(f"memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if options.stock:
        stock(connection.vendor, get_search_backend("wagtail.search.backends.database"))
    sys.stdout.flush()
    if options.sqlite and connection.vendor != "sqlite":
        arguments = [argument for argument in sys.argv[1:] if argument != "--sqlite"]
        environment = os.environ | {"DATABASE_URL": "sqlite://:memory:"}
        environment.pop("ELASTICSEARCH_URL", None)
        return subprocess.run([sys.executable, __file__, *arguments], env=environment).returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
