"""How long the officer's inbox takes with 1,000 and with 100,000 requests, and in how many queries.

    .venv/bin/python scripts/with_engines.py -- .venv/bin/python -m bench.casework
    .venv/bin/python scripts/with_engines.py -- .venv/bin/python -m bench.casework --large 5000

on PostgreSQL in a database of its own (DATABASE_URL is an empty one). The promise: at most twelve
queries, and at most twice the time of the small one with the large one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, get_runner
from django.utils import timezone

from accounts.models import Role, User
from casework.graph import CLOSED, State
from casework.models import ServiceRequest
from forms.models import Submission
from service_pages.models import Service
from tests.casework.support import (
    applicant,
    make_agency,
    make_request,
    make_service,
    signed_in,
    staff,
)

SMALL, LARGE = 1_000, 100_000
RUNS = 15
VIEWS = (
    "",
    "?show=mine",
    "?show=overdue",
    "?show=closed",
    "?page=3",
    "?show=all&page=30",
    "?sort=new",
    "?show=all&sort=old",
)
MOST_QUERIES, MOST_TIMES = 12, 2.0


def grow(service: Service, user: User, officer: User, count: int) -> None:
    """Copies of one request until there are `count`: nine of ten are decided."""
    model = make_request(service, user)
    submission = Submission.objects.get(pk=model.submission_id)
    now = timezone.now()
    present = ServiceRequest.objects.count()
    for start in range(present, count, 2_000):
        numbers = range(start, min(start + 2_000, count))
        copies = [
            Submission(**_values(submission) | {"submit_token": f"bench-{n}"}) for n in numbers
        ]
        Submission.objects.bulk_create(copies)
        rows = []
        for n, copy in zip(numbers, copies, strict=True):
            state = State.IN_REVIEW if n % 10 == 0 else State.WITHDRAWN
            rows.append(
                ServiceRequest(
                    **_values(model)
                    | {
                        "uuid": uuid.uuid4(),
                        "number": f"2026-BNX-{n:07d}-0",
                        "submission_id": copy.pk,
                        "state": state,
                        "outcome": state if state in CLOSED else "",
                        "closed_at": now if state in CLOSED else None,
                        "assignee_id": officer.pk if n % 30 == 0 else None,
                        "due_at": now + timedelta(hours=n % 2_000 - 500),
                    }
                )
            )
        ServiceRequest.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _values(row: Any) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(row, field.attname) for field in fields
            if field.name not in {"uuid"}}  # fmt: skip


def measure(officer: User) -> dict[str, tuple[float, float, int]]:
    """view → (median and least milliseconds, queries)."""
    found: dict[str, tuple[float, float, int]] = {}
    client = signed_in(officer)
    session = client.session  # staff showed their second factor
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = str(officer.pk)
    session.save()
    for view in VIEWS:
        url = f"/admin/requests/{view}"
        client.get(url)
        times = []
        for _run in range(RUNS):
            start = time.perf_counter()
            assert client.get(url).status_code == 200
            times.append((time.perf_counter() - start) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found[view] = statistics.median(times), min(times), len(queries)
    return found


def main() -> int:
    """Print a table; 1 where the promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--large", type=int, default=LARGE)
    asked = parser.parse_args()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        agency = make_agency("bench", "BNC")
        service, user = make_service(agency), applicant()
        officer = staff(agency, Role.OFFICER)
        grow(service, user, officer, asked.small)
        small = measure(officer)
        grow(service, user, officer, asked.large)
        large = measure(officer)
    finally:
        runner.teardown_databases(databases)
    kept = True
    sys.stdout.write(
        f"{connection.vendor}: {asked.small} and {asked.large} requests, median of {RUNS}\n"
    )
    for view in VIEWS:
        (few_ms, few_least, few), (many_ms, many_least, many) = small[view], large[view]
        times = many_ms / few_ms
        kept &= max(few, many) <= MOST_QUERIES and times <= MOST_TIMES
        sys.stdout.write(
            f"{view or '(open)':19} {few_ms:7.1f} ms {many_ms:7.1f} ms  x{times:.2f}  "
            f"{few} and {many} queries; least {few_least:.1f} and {many_least:.1f} ms\n"
        )
    sys.stdout.write("kept\n" if kept else "NOT kept\n")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
