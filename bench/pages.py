"""What pages cost beside a bare Django view: `python bench/pages.py [--large]`.

A tree of services in a database of its own, at 200 and 2,000 services, with `--large` 20,000 too.
Queries, calls (Python's and C's, by cProfile) and milliseconds of one warm answer to a reader who is
not signed in, by Django's test client with the cache of whole answers off. The bare view answers a
constant without middleware, in the same process. Exit status 1 where the design is exceeded.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import setup_test_environment
from django.urls import path, reverse
from django.utils import translation

from core.links import page_path
from service_pages.models import ServicePage
from tests.databases import copies
from tests.portal.measuring import cost_of
from tests.service_pages import factories
from tests.service_pages.bulk import add_services

QUERIES = {"service": 8, "agency": 10, "home": 10}
CALLS = {"service": 20_000}
ROUNDS = 15


def bare(request: HttpRequest) -> HttpResponse:
    """The least that Django can do."""
    return HttpResponse(b"<!doctype html><title>x</title>")


urlpatterns = [path("bare/", bare)]


def _milliseconds(address: str) -> float:
    """The median of warm answers."""
    client = Client()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


def addresses() -> dict[str, str]:
    """What is measured."""
    pages = ServicePage.objects.filter(locale__language_code="uz")
    service = page_path(pages.get(slug="nikoh-malumotnoma").url_path, "uz")
    return {
        "service": service,
        "agency": service.rsplit("/", 2)[0] + "/",
        "agencies": "/uz/idoralar/",
        "home": "/uz/",
        "catalogue": reverse("catalogue:all"),
        "topic": reverse("catalogue:topic", args=["civil-registration"]),
    }


def measure(services: int, first: dict[str, int]) -> list[str]:
    """Print a table for so many services; what exceeds the design. `first` keeps the queries."""
    # Start from the same state of caches each time.
    cache.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        bare_cost, bare_ms = cost_of("/bare/"), _milliseconds("/bare/")
    print(f"{services:,} services; bare view: {bare_cost.calls} calls, {bare_ms:.2f} ms")
    print(f"  {'page':<10} {'queries':>7} {'calls':>7} {'ms':>7} {'x bare':>7} {'kB':>6}")
    exceeded = []
    for name, address in addresses().items():
        cost = cost_of(address)
        milliseconds = _milliseconds(address)
        print(
            f"  {name:<10} {cost.queries:>7} {cost.calls:>7} {milliseconds:>7.2f}"
            f" {milliseconds / bare_ms:>7.1f} {cost.size / 1000:>6.1f}"
        )
        if cost.queries > min(QUERIES.get(name, 99), first.setdefault(name, cost.queries)):
            exceeded.append(f"{name} at {services:,} services: {cost.queries} queries")
        if cost.calls > CALLS.get(name, cost.calls):
            exceeded.append(f"{name} at {services:,} services: {cost.calls} calls")
    return exceeded


def main() -> int:
    """Build, measure and print; the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true", help="20,000 services too")
    sizes = [200, 2_000, *([20_000] if parser.parse_args().large else [])]
    setup_test_environment(debug=False)
    exceeded: list[str] = []
    queries: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        database = copies(Path(folder), "bench")
        database.make()
        with translation.override("uz"):
            pattern = factories.make_service()
            have = 1
            for size in sizes:
                add_services(pattern, size - have, prefix=f"s{size}")
                have = size
                exceeded += measure(size, queries)
        database.drop()
    for line in exceeded:
        print(f"Too much: {line}", file=sys.stderr)
    return 1 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
