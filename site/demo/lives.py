"""Lives of invented requests: what happens to each, on which day and hour. Rows come elsewhere.

Only a random generator decides, so the same number always gives the same lives. Shares are near
those that the real portal published (requirements.md §2.3), and agencies differ, so that lights do.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from casework import clock
from casework.graph import State
from core.working_time import WorkCalendar

#: Share of decisions that come late, by the agency's place in the list.
LATENESS = (0.02, 0.05, 0.09, 0.28)
#: How far after the end of the generated time lives are planned.
_AHEAD = 400


@dataclass(frozen=True)
class Step:
    """Something that happens to a request; `data` are the facts of its event."""

    at: datetime
    kind: str
    before: str = ""
    ground: str = ""
    by: str = "officer"
    data: dict[str, Any] = field(default_factory=dict)


class WorkDays:
    """Working days in order: to count with places in a list is quick."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        self.calendar = calendar
        day, self.days = first - timedelta(days=20), list[date]()
        while day <= last + timedelta(days=_AHEAD):
            if calendar.is_working(day):
                self.days.append(day)
            day += timedelta(days=1)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after a day; 0: this or the next one."""
        place = bisect_left(self.days, day)
        if count and (place == len(self.days) or self.days[place] != day):
            place -= 1
        return self.days[min(place + count, len(self.days) - 1)]

    def closing(self, day: date) -> datetime:
        """The end of a working day."""
        return self.calendar.closing(day)


@dataclass
class Life:
    """What a request goes through and how it stands at the end."""

    steps: list[Step]
    state: str
    registered: datetime | None
    due: datetime | None
    asked: int = 0
    paused: datetime | None = None
    extended: datetime | None = None
    ground: str = ""
    score: int = 0
    agency: int | None = None


class Writer:
    """Writes lives with one generator of chance."""

    def __init__(self, chance: random.Random, days: WorkDays, end: datetime) -> None:
        self.chance, self.days, self.end = chance, days, end

    def came(self, day: date) -> datetime:
        """A moment of a day between eight and ten in the evening."""
        return timezone.make_aware(
            datetime.combine(day, time(8)) + timedelta(minutes=self.chance.randrange(14 * 60))
        )

    def _hour(self, day: date) -> datetime:
        """A moment in working hours."""
        return timezone.make_aware(
            datetime.combine(day, time(9)) + timedelta(minutes=self.chance.randrange(8 * 60))
        )

    def _later(self, moment: datetime, working_days: int) -> datetime:
        """So many working days later, never before the moment."""
        day = self.days.after(timezone.localdate(moment), working_days)
        return max(self._hour(day), moment + timedelta(minutes=5))

    def live(
        self, came: datetime, term: dict[str, Any], grounds: list[str], lateness: float,
        others: list[int], keys: dict[int, str], *, paid: bool,
    ) -> Life:  # fmt: skip
        """A life that begins with the sending; steps after the end of time have not happened."""
        life = Life([], State.REGISTERED, None, None)
        for step in self._steps(life, came, term, grounds, lateness, others, keys, paid=paid):
            if step.at >= self.end:
                break
            life.steps.append(step)
            self._stand(life, step)
        return life

    def _stand(self, life: Life, step: Step) -> None:
        """How the row stands after a step."""
        data = step.data
        if step.kind == "submitted":
            life.state = State.REGISTERED if data["registered_at"] else State.AWAITING_PAYMENT
        elif step.kind in State.values:
            life.state = step.kind
        if step.kind == State.INFO_REQUESTED:
            life.asked, life.paused = life.asked + 1, step.at
        elif step.kind in State.values:
            life.paused = None
        if step.kind == "extended":
            life.extended = step.at
        if step.kind == State.REFUSED:
            life.ground = step.ground
        if step.kind == State.REOPENED:
            life.ground, life.extended, life.asked = "", None, 0
        if step.kind == "rated":
            life.score = data["score"]
        if text := data.get("due_at"):
            life.due = datetime.fromisoformat(text)
        if text := data.get("registered_at"):
            life.registered = datetime.fromisoformat(text)

    def _steps(
        self, life: Life, came: datetime, term: dict[str, Any], grounds: list[str],
        lateness: float, others: list[int], keys: dict[int, str], *, paid: bool,
    ) -> Iterator[Step]:  # fmt: skip
        """Steps in the order of time."""
        chance, calendar = self.chance, self.days.calendar
        registered = calendar.registration_moment(came)
        due = clock.promised(registered, term)
        facts = {"registered_at": registered.isoformat(), "due_at": due.isoformat()}
        yield Step(came, "submitted", by="applicant",
                   data={"registered_at": None, "due_at": None} if paid else facts)  # fmt: skip
        if paid:
            if chance.random() < 0.12:
                yield Step(came + timedelta(days=3), State.EXPIRED, State.AWAITING_PAYMENT,
                           by="system")  # fmt: skip
                return
            moment = came + timedelta(minutes=chance.randrange(5, 1500))
            registered = calendar.registration_moment(moment)
            due = clock.promised(registered, term)
            yield Step(
                moment, State.REGISTERED, State.AWAITING_PAYMENT, by="system",
                data={"due_at": due.isoformat()},
            )  # fmt: skip
            life.registered = registered
        state: str = State.REGISTERED
        if chance.random() < 0.02:
            yield Step(registered + timedelta(hours=1), State.WITHDRAWN, state, by="applicant")
            return
        moment = registered
        # Of terms in minutes and hours most are kept: somebody sits there.
        short = timezone.localdate(due) == timezone.localdate(registered)
        if short and chance.random() > lateness:
            moment += (due - moment) * (chance.random() * 0.3)
            yield Step(moment, State.IN_REVIEW, state, data={"due_at": due.isoformat()})
            moment += (due - moment) * chance.random()
            yield from self._decided(moment, due, grounds, one_day=True)
            return
        if others and chance.random() < 0.02:
            lay = chance.choice((1, 2, 3, 4, 9))
            moment = self._later(moment, lay)
            days = (timezone.localdate(moment) - timezone.localdate(registered)).days
            life.agency = chance.choice(others)
            yield Step(
                moment, State.FORWARDED, state,
                data={
                    "lay_days": days, "late_forward": days > clock.FORWARD_DAYS,
                    "to_agency": keys[life.agency], "due_at": due.isoformat(),
                },
            )  # fmt: skip
            state = State.FORWARDED
            moment += timedelta(hours=2)
            yield Step(moment, State.REGISTERED, state, data={"due_at": due.isoformat()})
            state = State.REGISTERED
        promised = max(1, self._between(registered, due))
        moment = self._later(moment, chance.choice((0, 0, 0, 1, 1, 2)))
        yield Step(moment, State.IN_REVIEW, state, data={"due_at": due.isoformat()})
        state = State.IN_REVIEW
        if chance.random() < 0.12 and moment < due:
            asked = moment
            answer_by = self.days.closing(self.days.after(timezone.localdate(asked), 10))
            yield Step(
                asked + timedelta(minutes=30), State.INFO_REQUESTED, state,
                data={"due_at": due.isoformat(), "answer_by": answer_by.isoformat()},
            )  # fmt: skip
            asked += timedelta(minutes=30)
            if chance.random() < 0.1:
                yield Step(answer_by + timedelta(minutes=15), State.EXPIRED,
                           State.INFO_REQUESTED, by="system")  # fmt: skip
                return
            moment = self._later(asked, chance.randrange(1, 9))
            due = clock.resumed(due, asked, moment, str(term.get("unit", "")))
            yield Step(
                moment, State.IN_REVIEW, State.INFO_REQUESTED, by="applicant",
                data={"due_at": due.isoformat()},
            )  # fmt: skip
        elif chance.random() < 0.03 and moment < due:
            later = clock.extended(due, clock.LEGAL_EXTENSION)
            yield Step(
                moment + timedelta(minutes=10), "extended",
                data={"from": due.isoformat(), "due_at": later.isoformat()},
            )  # fmt: skip
            due, promised = later, promised + 20
            moment += timedelta(minutes=10)
        yield from self._decide(moment, due, promised, grounds, lateness)

    def _between(self, first: datetime, last: datetime) -> int:
        days = self.days.days
        return bisect_left(days, timezone.localdate(last)) - bisect_left(
            days, timezone.localdate(first)
        )

    def _decide(
        self, moment: datetime, due: datetime, promised: int, grounds: list[str], lateness: float
    ) -> Iterator[Step]:
        chance = self.chance
        if chance.random() < lateness:
            at = self._later(max(due, moment), chance.randrange(1, 12))
        else:
            at = self._later(moment, min(int(promised * chance.random() ** 1.5), promised))
            if at > due >= moment + timedelta(minutes=10):
                at = due - timedelta(minutes=chance.randrange(1, 10))
        yield from self._decided(at, due, grounds)

    def _decided(
        self, at: datetime, due: datetime, grounds: list[str], *, one_day: bool = False
    ) -> Iterator[Step]:
        chance, late = self.chance, at > due
        facts = {
            "late": late, "due_at": due.isoformat(),
            "on_last_day": not one_day and timezone.localdate(at) == timezone.localdate(due),
        }  # fmt: skip
        refused = chance.random() < 0.18
        if refused:
            yield Step(at, State.REFUSED, State.IN_REVIEW, chance.choice(grounds), data=facts)
        else:
            yield Step(at, State.APPROVED, State.IN_REVIEW, data=facts)
            at += timedelta(minutes=chance.choice((0, 0, 0, 600, 1440)) + 1)
            yield Step(at, State.COMPLETED, State.APPROVED)
        if chance.random() < 0.28:
            usual = (5, 5, 5, 4, 4, 3) if not refused and not late else (1, 1, 2, 3, 4, 2)
            at += timedelta(minutes=chance.randrange(30, 4000))
            yield Step(at, "rated", by="applicant", data={"score": chance.choice(usual)})
        if refused and chance.random() < 0.05:
            at += timedelta(days=chance.randrange(1, 9))
            yield Step(at, "complained", by="applicant")
