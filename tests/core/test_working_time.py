"""Terms of the law: monotone, additive, always ending when somebody can answer."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.working_time import ZONE, Day, WorkCalendar, add_months

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=ZONE)
)
COUNTS = st.integers(0, 60)
PLAIN = WorkCalendar()


@given(DAYS, st.integers(1, 60))
def test_a_term_in_working_days_ends_on_a_working_day(day: date, count: int) -> None:
    assert PLAIN.is_working(PLAIN.add_working_days(day, count))


@given(DAYS, st.integers(1, 30), st.integers(1, 30))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    once = PLAIN.add_working_days(day, first + second)
    assert PLAIN.add_working_days(PLAIN.add_working_days(day, first), second) == once


@given(DAYS, st.integers(1, 60))
def test_counting_is_the_inverse_of_adding(day: date, count: int) -> None:
    assert PLAIN.working_days_between(day, PLAIN.add_working_days(day, count)) == count


@given(MOMENTS, MOMENTS, COUNTS, st.sampled_from(["working_days", "calendar_days", "months"]))
def test_a_later_start_never_ends_earlier(
    first: datetime, second: datetime, count: int, unit: str
) -> None:
    first, second = sorted([first, second])
    assert PLAIN.add_term(first, count, unit) <= PLAIN.add_term(second, count, unit)


@given(MOMENTS, st.integers(1, 200))
def test_working_hours_end_inside_working_time(start: datetime, hours: int) -> None:
    end = PLAIN.add_term(start, hours, "working_hours")
    assert any(begin < end <= close for begin, close in PLAIN.spans(end.date()))


@given(MOMENTS)
def test_a_request_is_registered_within_working_time_and_never_before_it_came(
    moment: datetime,
) -> None:
    registered = PLAIN.registration_moment(moment)
    assert registered >= moment
    assert PLAIN.is_working(registered.date())


def test_transferred_days_come_from_data() -> None:
    saturday, friday = date(2026, 3, 7), date(2026, 3, 6)
    calendar = WorkCalendar({saturday: Day(True, time(16)), friday: Day(False)})
    assert calendar.is_working(saturday)
    assert not calendar.is_working(friday)
    assert calendar.closing(saturday).time() == time(16)


#: What decrees may say of days around the turn of a year: worked or not, shorter, closed at once.
DECREES = st.dictionaries(
    st.dates(date(2025, 12, 20), date(2026, 1, 15)),
    st.builds(
        Day, st.booleans(), st.none() | st.times(time(8), time(18)).map(lambda t: t.replace(microsecond=0)),
    ),
    max_size=12,
)  # fmt: skip


@given(DECREES, st.datetimes(datetime(2025, 12, 22), datetime(2026, 1, 10)), st.integers(0, 20))
def test_over_the_new_year_with_moved_and_shorter_days(
    decrees: dict[date, Day], moment: datetime, count: int
) -> None:
    calendar, start = WorkCalendar(decrees), moment.replace(tzinfo=ZONE)
    registered = calendar.registration_moment(start)
    assert registered >= start and calendar.is_working(registered.date())
    for unit in ("working_days", "calendar_days", "working_hours"):
        end = calendar.add_term(registered, count, unit)
        later = calendar.add_term(registered, count + 1, unit)
        assert registered <= end <= later or count == 0
        assert calendar.is_working(end.astimezone(ZONE).date())
        assert end.astimezone(ZONE).time() <= time(18)


def test_samarkand_and_tashkent_show_one_clock() -> None:
    tashkent = ZoneInfo("Asia/Tashkent")
    for year in range(2013, 2041):
        for month in range(1, 13):
            moment = datetime(year, month, 28, 12, tzinfo=ZONE)
            assert moment.utcoffset() == moment.astimezone(tashkent).utcoffset()


def test_public_holidays_are_days_off() -> None:
    assert not PLAIN.is_working(date(2026, 9, 1))
    assert not PLAIN.is_working(date(2026, 3, 21))


@pytest.mark.parametrize(
    ("start", "value", "unit", "end"),
    [
        # Friday evening after hours: the clock starts on Monday.
        (datetime(2026, 11, 20, 10, 0), 5, "working_days", datetime(2026, 11, 27, 18, 0)),
        (datetime(2026, 11, 25, 12, 30), 2, "working_hours", datetime(2026, 11, 25, 15, 30)),
        (datetime(2026, 11, 25, 10, 0), 30, "minutes", datetime(2026, 11, 25, 10, 30)),
        (datetime(2026, 1, 30, 10, 0), 1, "months", datetime(2026, 3, 2, 18, 0)),
    ],
)
def test_known_terms(start: datetime, value: int, unit: str, end: datetime) -> None:
    assert PLAIN.add_term(start.replace(tzinfo=ZONE), value, unit) == end.replace(tzinfo=ZONE)


def test_unknown_units_and_negative_values_are_refused() -> None:
    with pytest.raises(ValueError, match="No such term"):
        PLAIN.add_term(datetime(2026, 1, 5, tzinfo=ZONE), 1, "fortnights")
    with pytest.raises(ValueError, match="No such term"):
        PLAIN.add_term(datetime(2026, 1, 5, tzinfo=ZONE), -1, "working_days")


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_day_or_end_the_month(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
