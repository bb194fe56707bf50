"""One service by city and district, from its events: equal to what is kept by service and by district."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from accounts.models import User
from registry.models.figures import Cut
from registry.monitoring import closing, reading, splitting
from registry.monitoring.periods import read
from tests.casework.support import signed_in
from tests.registry.test_generated import prepare
from tests.registry.test_quality_pages import NOW, Played, get, people, played

__all__ = ["people", "played"]
pytestmark = pytest.mark.django_db
PATH = "/admin/registry/figures/requests/"


def cells(sheet: Any) -> dict[str, dict[str, str]]:
    """District → column → number; the total is ""."""
    keys = [key for key, _label in sheet.columns]
    lines = [*sheet.lines, *([sheet.total] if sheet.total else [])]
    return {line.key: dict(zip(keys, line.cells, strict=True)) for line in lines}


@pytest.mark.parametrize("period", ["2026", "2026-q3", "2026-09"])
def test_a_service_by_district_adds_up_to_what_is_kept(period: str) -> None:
    prepare(300, days=100)
    with time_machine.travel(NOW, tick=False):
        closing.close_days(settled=True)
        span = read(period)
        assert span is not None
        boss = User.objects.create_superuser("demo.boss@example.org")
        services = reading.by_value(reading.table(Cut.SERVICE, span))
        places = reading.by_value(reading.table(Cut.DISTRICT, span))
        tables = {key: splitting.districts(boss, key, span, "en") for key in services}
    received: dict[str, int] = {}
    decided: dict[str, int] = {}
    for service, sheet in tables.items():
        rows = [(line.key, line.cells) for line in sheet.lines]
        for place, name in ((0, "received"), (1, "decided")):
            assert sum(int(row[place]) for _key, row in rows) == services[service][name], service
        for key, row in rows:
            received[key] = received.get(key, 0) + int(row[0])
            decided[key] = decided.get(key, 0) + int(row[1])
    for district, counts in places.items():
        assert (received.get(district, 0), decided.get(district, 0)) == (
            counts["received"], counts["decided"],
        ), district  # fmt: skip


def test_whoever_may_read_the_requests_sees_a_service_by_district(
    played: Played, people: dict[str, User]
) -> None:
    asked = {"by": "service", "value": played.service.key, "period": "2026-02"}
    officer = signed_in(people["officer"])
    assert "split=district" in get(PATH, officer, **asked).content.decode()
    shown = get(PATH, officer, split="district", **asked).context["split"]
    found = cells(shown)
    assert (found["nukus-city"]["received"], found["nukus-city"]["decided"]) == ("2", "2")
    # What was forwarded is not theirs any more, nor is the complaint to the superior body.
    everybody = get(PATH, signed_in(people["controller"]), split="district", **asked)
    whole = cells(everybody.context["split"])
    assert int(whole[""]["received"]) == int(found[""]["received"]) + 2
    stranger = get(PATH, signed_in(people["stranger"]), split="district", **asked)
    assert not stranger.context["split"].lines
    # Of what is no service there is none.
    other = asked | {"by": "district", "value": "nukus-city"}
    assert get(PATH, officer, split="district", **other).context["split"] is None
    assert (
        not get(PATH, officer, split="district", **(asked | {"value": "'; --"}))
        .context["split"]
        .lines
    )
