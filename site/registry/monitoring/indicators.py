"""Indicators M1 to M17: what each says, how it is computed, where it comes from.

The formulas are objects, so that what is published as the method is what is computed. The names in
them are those of `measures` and, for plan and registry, of `standing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.monitoring.formulas import Mean, Number, Quantile, Share, Threshold, Value
from registry.monitoring.measures import LATENCY, TOOK


@dataclass(frozen=True)
class Indicator:
    """An indicator with its values; `source` is the rule or figure that asks for it."""

    code: str
    name: Any
    #: How it is computed, for people.
    method: Any
    source: str
    values: tuple[Value, ...]
    #: Whether it is computed of each agency and cut; else of the portal alone.
    of_requests: bool = True


INDICATORS = (
    Indicator(
        "M1", _("Requests received, answered, open"),
        _("Requests and appeals that came and that were answered in the period; open at its end. "
          "One that was reopened is answered each time."),
        "S-11",
        (
            Value("received", _("Received"), Number("received")),
            Value("decided", _("Answered"), Number("decided")),
            Value("open", _("Open"), Number("open")),
        ),
    ),
    Indicator(
        "M2", _("Answers in time"),
        _("Answers within the term, by all answers of the period."),
        "S-11, L-01",
        (
            Value("on_time", _("In time"), Share("decided-late", "decided"), Threshold(95, 80)),
        ),
    ),
    Indicator(
        "M3", _("Overdue"),
        _("Open at the end of the period and past the term while the clock ran; by how many days, "
          "on average; what other agencies ask counts for the agency that was asked."),
        "S-11",
        (
            Value("overdue", _("Overdue"), Number("overdue")),
            Value("overdue_days", _("Days late, on average"), Mean("overdue_days", "overdue")),
            Value("tasks_overdue", _("Overdue answers to other agencies"),
                  Number("tasks_overdue")),
            Value("overdue_share", _("Overdue, of what is open"),
                  Share("overdue+tasks_overdue", "open+tasks_open"),
                  Threshold(2, 10, more=False)),
        ),
    ),
    Indicator(
        "M4", _("How long an answer takes"),
        _("Working days from registration to the answer, without those in which the applicant had "
          "to act: the middle value, and the one that nine of ten do not exceed; beside them what "
          "the passports promise, on average."),
        "S-02",
        (
            Value("median", _("Working days, median"), Quantile(TOOK, 0.5, "decided")),
            Value("p90", _("Working days, nine of ten"), Quantile(TOOK, 0.9, "decided")),
            Value("promised", _("Working days promised, on average"),
                  Mean("promised_days", "promised")),
        ),
    ),
    Indicator(
        "M5", _("Delay before the work begins"),
        _("Registered later than one working day after it came or was paid; working days until an "
          "officer took it up; forwarded to the right body later than five days."),
        "L-04, L-05",
        (
            Value("registered_late", _("Registered late"), Share("registered_late", "registered")),
            Value("taken_after", _("Working days until taken up, on average"),
                  Mean("taken_days", "taken")),
            Value("forwarded", _("Forwarded"), Number("forwarded")),
            Value("forwarded_late", _("Forwarded late"), Share("forwarded_late", "forwarded")),
        ),
    ),
    Indicator(
        "M6", _("Outcomes"),
        _("Favourable and refused answers, by all answers of the period; refusals by ground."),
        "KM 40/2026",
        (
            Value("approved", _("Satisfied"), Share("approved", "decided")),
            Value("refused", _("Refused"), Share("refused", "decided")),
        ),
    ),
    Indicator(
        "M7", _("Repeated"),
        _("The same applicant asked for the same within 90 days before, by all that came."),
        "KM 40/2026",
        (
            Value("repeats", _("Repeated"), Number("repeats")),
            Value("repeats_share", _("Repeated, of what came"), Share("repeats", "received"),
                  Threshold(5, 15, more=False)),
        ),
    ),
    Indicator(
        "M8", _("Sent back, and without an officer"),
        _("Questions to applicants, by all that came; answers that the portal gave by itself, by "
          "all answers."),
        "L-16",
        (
            Value("asked", _("Sent back for what was missing"), Share("asked", "received")),
            Value("automatic", _("Without an officer"), Share("automatic", "decided")),
        ),
    ),
    Indicator(
        "M9", _("Ratings"),
        _("Mean of the ratings from 1 to 5, how many there are, by all that could be rated; one or "
          "two points, by all ratings."),
        "L-11",
        (
            Value("rating", _("Rating, on average"), Mean("rating_sum", "rated", unit="points")),
            Value("rated", _("Ratings given"), Number("rated")),
            Value("response", _("Rated, of what ended"), Share("rated", "rateable")),
            Value("low", _("One or two points"), Share("rated_low", "rated")),
        ),
    ),
    Indicator(
        "M10", _("From the first question to the result"),
        _("Forms begun and sent; requests paid; results handed over; minutes from begin to "
          "sending."),
        "L-15",
        (
            Value("started", _("Begun"), Number("started")),
            Value("sent", _("Sent"), Number("sent")),
            Value("paid", _("Paid"), Number("paid")),
            Value("completed", _("Result handed over"), Number("completed")),
            Value("minutes", _("Minutes to fill in, on average"),
                  Mean("fill_seconds", "sent", unit="minutes", scale=60)),
        ),
    ),
    Indicator(
        "M11", _("Passports of services"),
        _("Completeness in per cent, on average; past the day of the next check; not published in "
          "all five languages."),
        "S-06",
        (
            Value("passports", _("Passports"), Number("passports")),
            Value("completeness", _("Complete, per cent"),
                  Mean("completeness", "passports", unit="percent")),
            Value("reviews_late", _("Check overdue"), Share("reviews_late", "passports")),
            Value("untranslated", _("Not in all languages"), Share("untranslated", "passports")),
        ),
    ),
    Indicator(
        "M12", _("The plan is kept"),
        _("Lines of the plan whose day lay in the period: started on it or before, by all of "
          "them."),
        "S-21",
        (
            Value("plan_due", _("Lines of the plan due"), Number("plan_due")),
            Value("plan_kept", _("Started in time"), Share("plan_kept", "plan_due")),
        ),
    ),
    Indicator(
        "M13", _("Coverage of the registry"),
        _("Services that can be asked for online, by all services of the registry at the end of "
          "the period."),
        "S-14",
        (
            Value("registry", _("Services"), Number("registry")),
            Value("online", _("Online"), Share("registry_online", "registry")),
        ),
    ),
    Indicator(
        "M14", _("Complaints"),
        _("Complaints about answers and delays; upheld by the superior body, by those decided."),
        "L-09",
        (
            Value("complaints", _("Complaints"), Number("complaints")),
            Value("upheld", _("Complaints upheld"), Share("upheld", "complaints_decided")),
            Value("about_portal", _("Appeals about the portal"), Number("about_portal")),
        ),
    ),
    Indicator(
        "M15", _("Agencies without work"),
        _("Agencies that received nothing in the period; of which nobody signed in for 30 days."),
        "S-21",
        (
            Value("agencies", _("Agencies"), Number("agencies")),
            Value("without", _("Received nothing"), Number("agencies_without")),
            Value("silent", _("Nobody signed in"), Number("silent")),
        ),
        of_requests=False,
    ),
    Indicator(
        "M16", _("How the portal works"),
        _("Minutes in which the portal was ready to answer, by all; answers with an error of the "
          "server; time within which 95 of 100 answers were given."),
        "S-34",
        (
            Value("uptime", _("Availability of the portal"), Share("minutes_up", "minutes")),
            Value("errors", _("Errors of the server"), Share("failures", "answers")),
            Value("p95", _("95 of 100 answers within, milliseconds"),
                  Quantile(LATENCY, 0.95, "answers", unit="ms")),
        ),
        of_requests=False,
    ),
    Indicator(
        "M17", _("Searches without a result"),
        _("Searches that found nothing, by all searches."),
        "S-36",
        (
            Value("searches", _("Searches"), Number("searches")),
            Value("searches_empty", _("Found nothing"), Share("searches_empty", "searches")),
        ),
        of_requests=False,
    ),
)  # fmt: skip

#: Counts beside the shares that indicators show: for tables of appeals.
_PLAIN = (
    Value("approved_count", _("Satisfied"), Number("approved")),
    Value("refused_count", _("Refused"), Number("refused")),
    Value("late", _("Late"), Number("late")),
)
#: key → value, of all indicators.
VALUES = {
    value.key: value
    for value in (*(value for indicator in INDICATORS for value in indicator.values), *_PLAIN)
}
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}

#: What the light of an agency is made of: the worst of these (after KM 40/2026: answered late,
#: overdue, repeated).
LIGHTS = ("on_time", "overdue_share", "repeats_share")
#: Answers in the period from which on an agency has a light: with fewer, one person's case would
#: turn it.
LEAST_FOR_LIGHT = 20
_WORST = ("red", "yellow", "green")


def light(counts: dict[str, int]) -> str:
    """`green`, `yellow`, `red`, or empty where too little is known."""
    if counts.get("decided", 0) < LEAST_FOR_LIGHT:
        return ""
    return worst(threshold(key).light(VALUES[key].formula.of(counts)) for key in LIGHTS)


def threshold(key: str) -> Threshold:
    """From where on one of LIGHTS is green or yellow."""
    found = VALUES[key].threshold
    assert found is not None
    return found


def worst(colours: Iterable[str]) -> str:
    """The worst of some colours; empty where there is none."""
    found = set(colours)
    return next((colour for colour in _WORST if colour in found), "")
