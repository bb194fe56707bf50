"""States and events in plain words, as applicants and officers read them (reference/ux.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Agency
from casework import anonymous, asking
from casework.graph import RUNNING, State
from casework.models import RequestEvent, RequestMessage, RequestTask, ServiceRequest, Unit
from core.models import work_calendar
from core.texts import pick
from languages.dates import format_date

#: What the state means for the applicant; the official word stands beside it.
HEADLINES: dict[str, str | Promise] = {
    State.AWAITING_PAYMENT: gettext_lazy("Payment is awaited"),
    State.REGISTERED: gettext_lazy("Accepted"),
    State.IN_REVIEW: gettext_lazy("Being considered"),
    State.FORWARDED: gettext_lazy("Passed to another agency"),
    State.INFO_REQUESTED: gettext_lazy("Your answer is awaited"),
    State.APPROVED: gettext_lazy("Decided in your favour"),
    State.REFUSED: gettext_lazy("Refused"),
    State.COMPLETED: gettext_lazy("Finished"),
    State.WITHDRAWN: gettext_lazy("You took it back"),
    State.REOPENED: gettext_lazy("Being considered again"),
    State.EXPIRED: gettext_lazy("Closed"),
}
#: Lines of the history.
EVENTS: dict[str, str | Promise] = HEADLINES | {
    "submitted": gettext_lazy("Sent and accepted"),
    "message": gettext_lazy("Message"),
    "registered": gettext_lazy("Accepted by the agency"),
    "viewed": gettext_lazy("Looked at"),
    "downloaded": gettext_lazy("Files opened"),
    "audited": gettext_lazy("Looked at by an auditor"),
    "anonymised": gettext_lazy("Personal data deleted"),
    "assigned": gettext_lazy("Assigned"),
    "note": gettext_lazy("Note for colleagues"),
    "linked": gettext_lazy("Linked with another request"),
    "unlinked": gettext_lazy("A link with another request was taken back"),
    "handed_over": gettext_lazy("The agency that succeeds took it over"),
    "proposed": gettext_lazy("Answer drafted for the head"),
    "returned": gettext_lazy("Draft returned by the head"),
    "extended": gettext_lazy("The term was put off"),
    "complained": gettext_lazy("You complained about it"),
    "claimed": gettext_lazy("Taken over into an account"),
    "task_opened": gettext_lazy("Another agency was asked"),
    "task_answered": gettext_lazy("The asked agency answered"),
    "task_called_back": gettext_lazy("The asked agency need not answer any more"),
    "rated": gettext_lazy("You rated the answer"),
}
_TONES = {
    State.APPROVED: "good",
    State.COMPLETED: "good",
    State.REFUSED: "bad",
    State.INFO_REQUESTED: "wait",
    State.AWAITING_PAYMENT: "wait",
}
#: Lines that only staff read.
STAFF_ONLY = frozenset(
    {
        "viewed",
        "downloaded",
        "audited",
        "assigned",
        "note",
        "linked",
        "unlinked",
        "proposed",
        "returned",
    }
)


@dataclass(frozen=True)
class Headline:
    """Where a request stands: big words, a line under them, the official word."""

    #: A state of the graph or `overdue`: what sign and colour follow.
    state: str
    headline: str
    line: str
    official: str


def _date(moment: datetime | None, language: str, *, weekday: bool = True) -> str:
    if moment is None:
        return ""
    return format_date(timezone.localdate(moment), language, weekday=weekday)


def headline(row: ServiceRequest, language: str, *, asked: str = "", ground: str = "") -> Headline:
    """The state of a request for its applicant. `asked` is what is missing, `ground` why refused."""
    if row.is_anonymous:
        return _anonymous(row)
    if row.is_overdue:
        line = _("The answer was due: %(date)s") % {"date": _date(row.due_at, language)}
        return Headline("overdue", _("The agency is late"), line, str(_("Overdue")))
    words = str(HEADLINES[row.state])
    return Headline(row.state, words, _line(row, language, asked, ground), row.get_state_display())


def _anonymous(row: ServiceRequest) -> Headline:
    """Where an appeal without a name stands: it is never answered, so it is never late."""
    if row.state == State.REFUSED:
        line = str(anonymous.GROUND_TEXT)
        return Headline("expired", _("Kept as information"), line, _("Not considered"))
    if row.state == State.FORWARDED:
        words = str(HEADLINES[row.state])
        return Headline(row.state, words, "", row.get_state_display())
    return Headline(
        "registered", str(HEADLINES[State.REGISTERED]), _("Sent without a name."),
        row.get_state_display(),
    )  # fmt: skip


def _line(row: ServiceRequest, language: str, asked: str, ground: str) -> str:
    """The line under the headline."""
    due = _("Answer by: %(date)s") % {"date": _date(row.due_at, language)} if row.due_at else ""
    match row.state:
        case State.AWAITING_PAYMENT:
            parts = [_("It is your turn.")]
        case State.REGISTERED:
            parts = [_("Its number: %(number)s.") % {"number": row.number}, due]
        case State.IN_REVIEW:
            parts = [_("It is the agency's turn."), due]
        case State.FORWARDED:
            agency = pick(row.agency.name, language)
            parts = [_("Now considered by: %(agency)s.") % {"agency": agency}, due]
        case State.INFO_REQUESTED:
            until = _date(row.answer_by, language)
            needed = "; ".join(asking.lines_of(asked))
            parts = [
                _("It is your turn."),
                _("What is needed: %(list)s.") % {"list": needed.rstrip(".?!")} if needed else "",
                _("Answer until: %(date)s") % {"date": until},
            ]
        case State.APPROVED:
            parts = [_("We will tell you when the result is ready.")]
        case State.REFUSED:
            parts = [_("Why: %(ground)s") % {"ground": ground}] if ground else []
        case State.REOPENED:
            parts = [_("New date: %(date)s") % {"date": _date(row.due_at, language)}]
        case State.EXPIRED if row.registered_at is None:
            parts = [_("It was not paid in time. You may apply again.")]
        case State.EXPIRED:
            parts = [_("No answer came in time. You may apply again.")]
        case _:
            parts = []
    return " ".join(part for part in parts if part)


def tasks(row: ServiceRequest, language: str) -> list[dict[str, Any]]:
    """Which agencies were asked: `task`, name of the agency, the time it has left."""
    rows = row.tasks.select_related("agency", "asked_by", "ended_by").order_by("pk")
    return [
        {"task": task, "agency": pick(task.agency.name, language), "left": task_left(task)}
        for task in rows
    ]


def units(agency: Agency, language: str) -> list[tuple[int, str]]:
    """(id, name) of an agency's units in use, by name."""
    rows = Unit.objects.filter(agency=agency, active=True)
    return sorted(((one.pk, pick(one.name, language)) for one in rows), key=lambda pair: pair[1])


@dataclass(frozen=True)
class TimeLeft:
    """How the clock stands: `ok`, `soon` (at most two working days), `late`, `paused`, `none`."""

    level: str
    #: Working days left or late.
    days: int
    words: str


def task_left(task: RequestTask, now: datetime | None = None) -> TimeLeft:
    """The time that an asked agency has left."""
    if task.status != RequestTask.Status.OPEN:
        return TimeLeft("none", 0, "")
    return _until(task.due_at, now or timezone.now())


def time_left(row: ServiceRequest, now: datetime | None = None) -> TimeLeft:
    """The time left as a level for sign and colour, a number and words."""
    now = now or timezone.now()
    if row.paused_at is not None:
        return TimeLeft("paused", 0, _("the clock stands"))
    if row.state not in RUNNING or row.due_at is None:
        return TimeLeft("none", 0, "")
    return _until(row.due_at, now)


def _until(due_at: datetime, now: datetime) -> TimeLeft:
    today, due = timezone.localdate(now), timezone.localdate(due_at)
    calendar = work_calendar()
    if due_at < now:
        days = calendar.working_days_between(due, today)
        words = (
            ngettext("late by %(n)s working day", "late by %(n)s working days", days) % {"n": days}
            if days
            else _("late since today")
        )
        return TimeLeft("late", days, words)
    days = calendar.working_days_between(today, due)
    if days == 0:
        return TimeLeft("soon", 0, _("due today"))
    words = ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": days}
    return TimeLeft("soon" if days <= 2 else "ok", days, words)


def timeline(events: list[RequestEvent], *, staff: bool = False) -> list[dict[str, Any]]:
    """Events as people read them, newest first; looks and notes only for staff.

    `events` come with their `text` and `actor`.
    """
    lines = []
    for event in events:
        if not staff and event.kind in STAFF_ONLY:
            continue
        row = getattr(event, "text", None)
        content = row.content if row else {}
        lines.append(
            {
                "when": event.at,
                "kind": event.kind,
                "title": _title(event, staff),
                "text": content.get("public", ""),
                "private": content.get("private", "") if staff else "",
                "files": content.get("files", []),
                "actor": event.actor if staff else None,
                "tone": _TONES.get(event.kind, ""),  # type: ignore[call-overload]
                "ground": event.ground_code,
            }
        )
    return lines[::-1]


def _title(event: RequestEvent, staff: bool) -> str:
    """The event in words; the applicant reads whose message it was."""
    if event.kind == "message" and not staff:
        own = event.data.get("side") == RequestMessage.Side.APPLICANT
        return _("Your message") if own else _("Message from the agency")
    return str(EVENTS.get(event.kind, event.kind))


def resolution(events: list[RequestEvent]) -> dict[str, Any] | None:
    """What the head wrote when assigning it last: `text`, `by`, `when`; None without one."""
    for event in reversed(events):
        text = getattr(event, "text", None)
        if event.kind == "assigned" and text is not None and text.content.get("private"):
            return {"text": text.content["private"], "by": event.actor, "when": event.at}
    return None


def latest(lines: list[dict[str, Any]], *kinds: str) -> dict[str, Any] | None:
    """The newest line of one of the kinds; lines are newest first."""
    return next((line for line in lines if line["kind"] in kinds), None)
