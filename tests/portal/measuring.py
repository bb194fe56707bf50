"""What one warm answer costs: queries, calls, bytes; the same for the tests and `make bench`."""

from __future__ import annotations

import cProfile
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from operations.counting import flush


@dataclass(frozen=True)
class Cost:
    """`calls` are Python's and C's of one answer, by cProfile: no clock, so no noise."""

    queries: int
    calls: int
    size: int
    sql: tuple[str, ...]


def cost_of(path: str) -> Cost:
    """Ask for `path` signed out until its caches are warm, then measure. Raises on an error."""
    client = Client()
    for _ in range(2):
        answer = client.get(path)
        if answer.status_code != 200:
            raise ValueError(f"{path} answers {answer.status_code}")
    # Views are written every so often; not in what is measured.
    flush()
    # The log keeps 9,000 queries; a full one would count none.
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    # Read now: the next request empties the log.
    sql = tuple(query["sql"] for query in captured.captured_queries)
    profile = cProfile.Profile()
    profile.enable()
    client.get(path)
    profile.disable()
    return Cost(
        queries=len(sql),
        calls=sum(entry.callcount for entry in profile.getstats()),
        size=len(answer.content),
        sql=sql,
    )
