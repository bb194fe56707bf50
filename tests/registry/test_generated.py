"""Two years of generated requests: as casework would have written them, and counted right."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework import journal
from casework.models import RequestEvent, ServiceRequest
from core.models import District
from demo.generating_requests import generate
from registry.models import Figure
from registry.models.figures import Cut
from registry.monitoring import closing, periods, reading
from tests.casework.support import make_agency, make_service
from tests.registry.recount import by_agency, by_value, recount

pytestmark = pytest.mark.django_db
LAST = date(2026, 9, 30)
COUNT = 600


def prepare(count: int = 60, days: int = 730) -> None:
    council = make_agency("vk", "VKX", kind="council")
    for number, (key, code) in enumerate([("adliya", "ADL"), ("soliq", "SAL"), ("ichki", "ICH")]):
        agency = make_agency(key, code, parent=council)
        make_service(agency, key=f"xizmat-{number}", fees=[{"key": "boj"}] if number else [])
    for number, key in enumerate(("nukus-city", "chimboy")):
        District.objects.create(key=key, kind="district", name={"uz": key}, order=number)
    assert generate(count, LAST, days=days) == count


@pytest.fixture
def generated() -> None:
    prepare(COUNT)


def test_histories_are_whole_and_varied(generated: None) -> None:
    rows = list(ServiceRequest.objects.all())
    assert len(rows) == COUNT and len({row.number for row in rows}) == COUNT
    for row in rows[::20]:
        assert journal.broken_links(row) == []
        last = row.events.order_by("-sequence").exclude(to_state="").first()
        assert row.state == (last.to_state if last else row.state)
    kinds = Counter(RequestEvent.objects.values_list("kind", flat=True))
    for kind in ("registered", "in_review", "info_requested", "forwarded", "approved", "refused",
                 "completed", "withdrawn", "expired", "extended", "rated"):  # fmt: skip
        assert kinds[kind], kind
    assert RequestEvent.objects.latest("at").at < timezone.make_aware(datetime(2026, 10, 1))
    days = [timezone.localdate(row.submitted_at) for row in rows]
    assert min(days) < date(2024, 12, 1) and max(days) > date(2026, 9, 1)


def test_the_same_number_gives_the_same_requests() -> None:
    def made() -> list[Any]:
        with transaction.atomic():
            prepare()
            rows = ServiceRequest.objects.order_by("pk")
            found = list(rows.values_list("uuid", "number", "submitted_at", "state", "due_at"))
            transaction.set_rollback(True)
        return found

    first = made()
    assert len(first) == 60 and made() == first


def test_every_figure_equals_a_recount_from_raw_events(generated: None) -> None:
    with time_machine.travel(timezone.make_aware(datetime(2026, 10, 1, 2)), tick=False):
        assert closing.close_days(settled=True) == 730
        for text in (
            "2026", "2025-q3", "2026-09", "2025-10-01.2026-09-30", "2026-02-11.2026-05-07",
        ):  # fmt: skip
            _is_equal(periods.read(text))
    # One day more costs what happened on it, not what ever came.
    rows = Figure.objects.count()
    later = timezone.make_aware(datetime(2026, 10, 2, 2))
    with time_machine.travel(later, tick=False), CaptureQueriesContext(connection) as queries:
        assert closing.close_days(settled=True) == 1
    assert len(queries) <= 45 and Figure.objects.count() - rows < 300


def _is_equal(period: periods.Period) -> None:
    counted = recount(period.first, min(period.last, LAST))
    found = {
        pk: _of_requests(counts)
        for pk, counts in reading.by_agency(reading.table(Cut.SERVICE, period)).items()
    }
    assert {pk: counts for pk, counts in found.items() if counts} == by_agency(counted)
    for cut, place in ((Cut.DISTRICT, 2), (Cut.CHANNEL, 3), (Cut.APPLICANT, 4), (Cut.KIND, 5)):
        values = reading.by_value(reading.table(cut, period))
        shown = {value: {n: c for n, c in counts.items() if c} for value, counts in values.items()}
        assert shown == by_value(counted, place), (cut, period)


def _of_requests(counts: dict[str, int]) -> dict[str, int]:
    """Without what is counted of forms: it has no events of requests."""
    return {n: c for n, c in counts.items() if c and n not in {"started", "sent", "fill_seconds"}}
