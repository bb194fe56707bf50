"""Numbers without gaps."""

from __future__ import annotations

import pytest
from django.db import transaction

from casework.models import NumberCounter
from core.serials import next_serial
from tests.casework.support import make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_each_series_counts_from_one() -> None:
    first, second = make_agency("one", "ONE"), make_agency("two", "TWO")
    taken = [
        next_serial(NumberCounter, agency=agency, year=year)
        for agency, year in (
            (first, 2026),
            (first, 2026),
            (second, 2026),
            (first, 2027),
            (first, 2026),
        )
    ]
    assert taken == [1, 2, 1, 1, 3]


def test_what_is_rolled_back_leaves_no_gap() -> None:
    agency = make_agency("one", "ONE")
    next_serial(NumberCounter, agency=agency, year=2026)
    with pytest.raises(OSError), transaction.atomic():
        assert next_serial(NumberCounter, agency=agency, year=2026) == 2
        raise OSError
    assert next_serial(NumberCounter, agency=agency, year=2026) == 2
