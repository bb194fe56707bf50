"""What the watch over quality costs: counting 100,000 and 1,000,000 requests, a day's run, pages.

    .venv/bin/python scripts/with_engines.py -- .venv/bin/python -m bench.monitoring [COUNT …]

on PostgreSQL in a database of its own (DATABASE_URL is an empty one); without COUNT 100,000. Printed:
seconds to generate, to close two years at once, to close one day more (with what the nightly run works
out for readers after it); milliseconds and queries of the pages with an empty cache and after that; the
most memory that the process ever held. The promise: one day more costs at most DAY seconds, and a page
at most PAGE milliseconds even with an empty cache, whatever has come before.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django

django.setup()

import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner
from django.utils import timezone

from accounts.models import Role
from core.models import District
from demo.generating_requests import generate
from registry.models import Figure
from registry.monitoring import closing, warming
from tests.casework.support import make_agency, make_service, signed_in, staff

DAY, PAGE = 60.0, 1_000.0
RUNS = 7
AGENCIES, DISTRICTS = 30, 17
PAGES = ("/uz/quality/", "/uz/quality/?by=service", "/uz/quality/?agency=idora-3",
         "/uz/quality/indicators/")  # fmt: skip


def prepare() -> None:
    """Thirty agencies with two services each, seventeen districts."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    council = make_agency("vk", "VKX", kind="council")
    for number in range(AGENCIES):
        code = f"B{letters[number // 20]}{letters[number % 20]}"
        agency = make_agency(f"idora-{number}", code, parent=council)
        for place in range(2):
            make_service(agency, key=f"xizmat-{number}-{place}")
    for number in range(DISTRICTS):
        key = f"tuman-{number}"
        District.objects.create(key=key, kind="district", name={"uz": key}, order=number)


@dataclass
class Page:
    """What a page costs, in milliseconds and queries."""

    path: str
    empty: float
    warm: float
    queries_empty: int
    queries: int


def pages(now: datetime) -> list[Page]:
    """Pages of the public and of a controller."""
    controller = signed_in(staff(None, Role.CONTROLLER, name="controller"))
    session = controller.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    asked: list[tuple[str, Any]] = [(path, Client()) for path in PAGES]
    asked.append(("/admin/registry/figures/", controller))
    asked.append(("/admin/registry/figures/requests/?what=late", controller))
    found = []
    # What a process does at its first answer is not a page's cost.
    Client().get("/uz/registry/plan/")
    with time_machine.travel(now, tick=True):
        for path, client in asked:
            cache.clear()
            empty = _one(client, path)
            warm = statistics.median(_one(client, path) for _run in range(RUNS))
            queries = _queries(client, path)
            cache.clear()
            found.append(Page(path, empty, warm, _queries(client, path), queries))
    return found


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def _one(client: Client, path: str) -> float:
    start = time.perf_counter()
    assert client.get(path).status_code == 200, path
    return (time.perf_counter() - start) * 1000


def _analyze() -> None:
    """What autovacuum does beside a running portal."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def measure(count: int) -> bool:
    """Print what `count` requests cost; whether the promise is kept."""
    last = timezone.localdate() - timedelta(days=2)
    start = time.perf_counter()
    generate(count, last, end=last + timedelta(days=1))
    made = time.perf_counter() - start
    _analyze()
    start = time.perf_counter()
    days = closing.close_days(last, settled=True)
    closed = time.perf_counter() - start
    start = time.perf_counter()
    assert closing.close_days(settled=True) == 1
    warming.warm()
    day = time.perf_counter() - start
    _analyze()
    sys.stdout.write(
        f"\n{connection.vendor}, {count:,} requests: generated in {made:.0f} s; {days} days closed"
        f" in {closed:.0f} s, {Figure.objects.count():,} rows; one day more {day:.1f} s\n"
    )
    slowest = 0.0
    sys.stdout.write(f"{'page, ms':48} {'empty':>8} {'warm':>8}  queries\n")
    for page in pages(timezone.now()):
        slowest = max(slowest, page.empty)
        sys.stdout.write(
            f"{page.path:48} {page.empty:8.0f} {page.warm:8.0f}"
            f"  {page.queries_empty}, then {page.queries}\n"
        )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"most memory: {memory:.0f} MB\n")
    return day <= DAY and slowest <= PAGE


def main() -> int:
    """Measure each count in a database of its own; 1 where the promise does not hold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("counts", type=int, nargs="*", default=[100_000])
    kept = True
    for count in parser.parse_args().counts:
        runner = get_runner(settings)(verbosity=0, interactive=False)
        databases = runner.setup_databases()
        try:
            prepare()
            kept &= measure(count)
        finally:
            runner.teardown_databases(databases)
    sys.stdout.write("kept\n" if kept else "NOT kept\n")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
