"""What is not told is worked out once after a run, and kept for whoever finds the cache empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Agency, AgencySuccession
from registry.models import FigureRun, Withheld
from registry.monitoring import closing, margins, warming
from registry.monitoring.periods import month, year
from registry.monitoring.withholding import Untold
from tests.registry.test_generated import prepare

pytestmark = pytest.mark.every_database
NOW = timezone.make_aware(datetime(2026, 10, 1, 9))
_keys = st.sampled_from(["received", "decided", "open"])
_values = st.text("ab-", max_size=3)


@pytest.fixture
def closed(db: None) -> None:
    prepare(300, days=100)
    with time_machine.travel(NOW, tick=False):
        closing.close_days(settled=True)


def nobody_solves() -> Any:
    return patch("registry.monitoring.margins.given_away", side_effect=AssertionError)


@given(
    st.builds(
        Untold,
        st.sets(st.tuples(st.integers(1, 9), _keys)),
        st.sets(st.tuples(_values, _values, _keys)),
        st.sets(st.tuples(_values, st.integers(1, 9), _values, _keys)),
        st.sets(_keys),
    )
)
def test_what_is_kept_is_what_was_found(found: Untold) -> None:
    assert Untold.from_json(found.as_json()) == found


def test_it_is_worked_out_once(closed: None) -> None:
    found = margins.of_year(2026)
    assert any(one.values or one.cells for one in found.values())
    cache.clear()
    with nobody_solves():
        assert margins.of_year(2026) == found


def test_after_the_nightly_run_no_public_page_works_anything_out(closed: None) -> None:
    with (
        time_machine.travel(NOW, tick=False),
        nobody_solves(),
        pytest.raises(AssertionError),
    ):
        Client().get("/uz/quality/")
    with time_machine.travel(NOW, tick=False):
        warming.scheduled()
    for path in (
        "/uz/quality/", "/uz/quality/?period=2026", "/uz/quality/?period=2026-q3&by=service",
        "/uz/quality/?period=2026-07", "/uz/quality/indicators/?period=2026-08",
        "/uz/quality/figures.json",
    ):  # fmt: skip
        cache.clear()
        with time_machine.travel(NOW, tick=False), nobody_solves():
            assert Client().get(path).status_code == 200, path


def test_another_run_and_another_lineage_are_worked_out_anew(closed: None) -> None:
    before = margins.of_period(year(2026))
    first, second = Agency.objects.filter(parent__isnull=False).order_by("pk")[:2]
    assert {pk for pk, _key in before.agencies} | {pk for _c, pk, _v, _k in before.cells}
    AgencySuccession.objects.create(former=first, successor=second, on=NOW.date(), act="1")
    after = margins.of_period(year(2026))
    assert first.pk not in {pk for _cut, pk, _value, _key in after.cells}
    rows = Withheld.objects.filter(time="2026")
    assert rows.count() == 2
    run = FigureRun.objects.first()
    assert run is not None
    with time_machine.travel(NOW.replace(day=2), tick=False):
        warming.scheduled()
    with time_machine.travel(NOW.replace(day=3), tick=False):
        assert closing.close_days(settled=True)
        warming.warm()
    assert not Withheld.objects.filter(run=run).exists()
    assert rows.count() == 1


def test_before_the_first_run_nothing_is_told_or_kept(db: None) -> None:
    assert margins.of_period(month(NOW.date())) == Untold()
    assert not Withheld.objects.exists()
