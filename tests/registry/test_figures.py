"""Figures are counted from events, day by day, and stay when what they were counted from goes."""

from __future__ import annotations

import json
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.test import Client

from accounts.models import Agency, AgencySuccession
from casework import rights
from casework.graph import State
from casework.handing_over import hand_over_all
from casework.intake import register_request
from casework.models import RequestEvent
from casework.transitions import transition
from forms.models import Source
from registry.models import Figure, FigureRun
from registry.models.figures import Cut, Span
from registry.monitoring import closing, periods, reading
from registry.monitoring.indicators import BY_CODE, VALUES
from tests.casework.support import make_agency, make_submission
from tests.registry.played import Played, at, moment, play

pytestmark = pytest.mark.django_db
FEBRUARY = periods.month(date(2026, 2, 1))
#: Worked out by hand; see played.py.
BY_HAND = {
    "received": 5, "repeats": 1, "registered": 5, "taken": 3, "taken_days": 3, "asked": 1,
    "forwarded": 1, "forwarded_late": 1, "decided": 3, "approved": 2, "refused": 1, "late": 1,
    "promised": 3, "promised_days": 15, "completed": 2, "reopened": 1, "rateable": 3, "rated": 2,
    "rating_sum": 6, "rated_low": 1, "complaints": 1, "complaints_decided": 1, "upheld": 1,
    "took:2": 1, "took:4": 1, "took:9": 1, "ground:data_mismatch": 1,
    "open": 2, "overdue": 1, "overdue_days": 12,
}  # fmt: skip
COUNCIL = {
    "received": 1, "registered": 1, "taken": 1, "taken_days": 1, "decided": 1, "approved": 1,
    "promised": 1, "promised_days": 11, "took:7": 1,
}  # fmt: skip
OTHER = {"open": 1, "overdue": 1, "overdue_days": 11}
SHOWN = {
    "received": 5, "decided": 3, "open": 2, "on_time": 66.67, "overdue": 1, "overdue_days": 12,
    "overdue_share": 50, "median": 4, "p90": 9, "promised": 5, "registered_late": 0,
    "taken_after": 1, "forwarded": 1, "forwarded_late": 100, "approved": 66.67, "refused": 33.33,
    "repeats": 1, "repeats_share": 20, "asked": 20, "automatic": 0, "rating": 3, "rated": 2,
    "response": 66.67, "low": 50, "completed": 2, "complaints": 1, "upheld": 100,
}  # fmt: skip


@pytest.fixture
def played() -> Played:
    return play()


def close(day: int = 1, month: int = 3) -> int:
    """Close everything before the begin of a day."""
    with at(day, 1, month):
        return closing.close_days(settled=True)


def counted(agency: Agency, cut: str = Cut.SERVICE) -> dict[str, int]:
    rows = reading.table(cut, FEBRUARY, [agency.pk], with_today=False)
    found = dict(reading.by_agency(rows).get(agency.pk, {}))
    return {name: number for name, number in found.items() if number}


@pytest.mark.parametrize("cut", [Cut.SERVICE, Cut.DISTRICT, Cut.CHANNEL, Cut.APPLICANT, Cut.KIND])
def test_a_month_computed_by_hand(played: Played, cut: str) -> None:
    assert close() == 25  # from the first request's day on
    assert counted(played.agency, cut) == BY_HAND
    assert counted(played.council, cut) == COUNCIL
    assert counted(played.other, cut) == OTHER


def test_values_of_the_indicators(played: Played) -> None:
    close()
    counts = reading.by_agency(reading.table(Cut.SERVICE, FEBRUARY))[played.agency.pk]
    shown = {key: VALUES[key].formula.of(counts) for key in SHOWN}
    assert {key: round(value, 2) for key, value in shown.items()} == SHOWN
    assert len(BY_CODE) == 17


def test_each_cut_takes_the_same_requests_apart(played: Played) -> None:
    close()
    agency = played.agency.pk

    def received(cut: str) -> dict[str, int]:
        rows = reading.table(cut, FEBRUARY, [agency])
        return {value: counts["received"] for (_a, value), counts in rows.items()}

    assert received(Cut.SERVICE) == {"demo-service": 5}
    assert received(Cut.DISTRICT) == {"nukus-city": 2, "": 3}
    assert received(Cut.CHANNEL) == {"portal": 4, "phone": 1}
    assert received(Cut.APPLICANT) == {"person": 3, "organization": 1, "unknown": 1}
    assert received(Cut.KIND) == {"request": 5}
    everybody = reading.by_value(reading.table(Cut.KIND, FEBRUARY))
    assert everybody["complaint"]["approved"] == 1


def test_closed_day_by_day_or_at_once_is_the_same(played: Played) -> None:
    for day in range(5, 29):
        close(day, 2)
    close()
    assert counted(played.agency) == BY_HAND
    assert counted(played.other) == OTHER
    assert FigureRun.objects.count() == 25
    assert close() == 0  # again: nothing to do


def test_months_have_rows_of_their_own_that_say_the_same(played: Played) -> None:
    close(15, 4)
    month = Figure.objects.filter(span=Span.MONTH, day=date(2026, 2, 1), cut=Cut.SERVICE)
    [row] = month.filter(agency=played.agency)
    days = Figure.objects.filter(span=Span.DAY, day__month=2, cut=Cut.SERVICE, agency=played.agency)
    names = {name for name in BY_HAND if name not in {"open", "overdue", "overdue_days"}}
    assert row.counts == {name: BY_HAND[name] for name in names}
    summed = {name: sum(day.counts.get(name, 0) for day in days) for name in names}
    assert summed == row.counts
    # The state of February stands, although March has gone on.
    assert counted(played.agency)["open"] == 2


def test_what_comes_late_to_a_closed_day_is_a_correction(played: Played) -> None:
    close(10, 3)
    frozen = closing.last_run().number
    with at(10, 12, 3):
        paper = make_submission(
            played.service, None, source=Source.POST, entered_by=played.officer,
            submitted_at=moment(27),
        )  # fmt: skip
        row = register_request(paper, played.service)
        transition(row.pk, State.IN_REVIEW, actor=played.officer)
    assert counted(played.agency)["received"] == 5
    close(11, 3)
    assert counted(played.agency)["received"] == 6
    # What was known before is still to be had: a report that is frozen does not move.
    before = reading.by_agency(reading.table(Cut.SERVICE, FEBRUARY, run=frozen))
    assert before[played.agency.pk]["received"] == 5
    for day in range(11, 15):
        close(day, 3)
    assert counted(played.agency)["received"] == 6


def test_figures_stay_when_the_data_goes(played: Played) -> None:
    close()
    for row in played.requests:
        row.refresh_from_db()
        if row.is_closed:
            rights.anonymise(row)
    played.citizen.profile.delete()
    close(20, 3)
    assert counted(played.agency) == BY_HAND
    for cut in (Cut.DISTRICT, Cut.APPLICANT):
        assert counted(played.agency, cut) == BY_HAND


def test_the_database_keeps_figures_as_they_are(played: Played) -> None:
    close()
    row = Figure.objects.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    for change in (
        lambda: Figure.objects.filter(pk=row.pk).update(counts={}),
        lambda: FigureRun.objects.update(closed=date(2026, 1, 1)),
        lambda: Figure.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_two_processes_do_not_close_a_day_twice(played: Played) -> None:
    close(10, 2)
    run = closing.last_run()
    with pytest.raises(IntegrityError), transaction.atomic():
        FigureRun(number=run.number, made_at=moment(10), closed=run.closed, until_event=0).save(
            force_insert=True
        )


def test_nothing_is_read_that_may_still_be_written(played: Played) -> None:
    """The newest events are left alone until the mark is ten minutes old."""
    with at(1, 1, 3):
        assert closing.close_days() == 0  # sets the mark
        assert closing.close_days() == 0  # too early
    with time_machine.travel(moment(1, 2, 3), tick=False):
        newest = RequestEvent.objects.order_by("-pk").first().pk
        assert closing.close_days() == 25
        assert closing.last_run().until_event == newest


def test_today_is_counted_live(played: Played) -> None:
    close(20, 2)
    with at(28, 12):
        rows = reading.table(Cut.SERVICE, FEBRUARY)
        mine = reading.by_agency(rows)[played.agency.pk]
    flows = {n: c for n, c in BY_HAND.items() if n not in {"open", "overdue", "overdue_days"}}
    assert {name: mine[name] for name in flows} == flows
    assert mine["open"] == 3  # as of the last closed day, the 19th


def test_figures_go_on_when_an_agency_takes_over_another(played: Played) -> None:
    heir = make_agency("yangi", "YNG", parent=played.council)
    with at(27):
        hand_over_all(played.agency, heir, actor=None, note="Birlashdi")
        AgencySuccession.objects.create(
            former=played.agency, successor=heir, on=date(2026, 2, 27), act="1-son qaror"
        )
    close()
    # What was done then stays with whoever did it; what is open is the heir's.
    assert counted(played.agency)["decided"] == 3 and "open" not in counted(played.agency)
    assert counted(heir) == {"open": 2, "overdue": 1, "overdue_days": 12}
    # Readers of the heir find both.
    together = reading.agencies_of(FEBRUARY)
    assert played.agency.pk not in together
    assert (together[heir.pk]["received"], together[heir.pk]["open"]) == (5, 2)
    page = Client().get("/uz/quality/figures.json", {"agency": "yangi", "period": "2026-02"})
    [row] = json.loads(page.content)["tables"][0]["rows"]
    assert (row["key"], row["received"]) == ("yangi", "5")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2025-11-01.2026-10-31", date(2025, 11, 1), date(2026, 10, 31)),
    ],
)
def test_periods_stand_in_addresses(text: str, first: date, last: date) -> None:
    period = periods.read(text)
    assert period is not None and (period.first, period.last, period.key) == (first, last, text)
    before = period.before()
    assert before.last < first and before.months == period.months


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-q5", "99999", "1900", "x.y", "2026-02-30.2026-03-01"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert periods.read(text) is None
