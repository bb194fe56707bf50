"""What an officer may press on a request: each button is a way of the graph or a verb beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from casework import (
    anonymous,
    assigning,
    clock,
    documents,
    impartial,
    linking,
    policy,
    services,
    substance,
    tasks,
)
from casework.graph import State, ways_from
from casework.models import RequestLink, ServiceRequest, Unit
from casework.transitions import Missing, NotAllowed, parties, transition
from core.http import number_in
from core.models import work_calendar

MOST_TEXT = 10_000

#: What to say where something is missing, by `Missing.what`.
MISSING: dict[str, str | Promise] = {
    "reason": _("Write the text."),
    "ground": _("Choose the ground of refusal."),
    "agency": _("Choose another agency."),
    "agency_about": _("The complaint is about this agency: it may not go there."),
    "received_at": _("This day cannot be: at most a year ago, and not in the future."),
    "ask_list": _("Write what is missing, one thing a line."),
    "ask_late": _("The term is over: the clock can no longer stand still. Decide."),
    "ask_again": _("The applicant was asked already. Only the head may ask again."),
    "extend_late": _("The term is over: it can no longer be put off."),
    "extend_again": _("The term was put off already: once is all the law allows."),
    "extend_closed": _("The request is decided: there is no term to put off."),
    "tasks_open": _("An asked agency has not answered yet. Wait, or call the task back."),
    "task_days": _("Give the asked agency from 1 to 30 working days."),
    "task_again": _("This agency is asked already and has not answered yet."),
    **{f"answer_{code}": words for code, words in substance.SAYS.items()},
    "anonymous": _("The appeal has no name: nobody can be asked or answered."),
    "control_on": _("This day cannot be: from today on, and not after the answer is due."),
    "link": _("Type the number of another request of your agency that is not linked yet."),
    "answer_by": _("This date cannot be. Choose a day from tomorrow on. Example: 2026-12-31"),
}


@dataclass(frozen=True)
class Typed:
    """What came with a press, cleaned of what no column could hold."""

    action: str
    text: str
    ground: str
    agency: str
    answer_by: str
    #: A person's id, or `unit-` with a unit's; the head's inner day.
    assignee: str
    control_on: str
    #: Number and kind of a request to link, or number of one to unlink.
    other: str
    link_kind: str
    #: Working days for an asked agency, and the task that is called back.
    days: str
    task: str
    #: The state that the officer saw.
    state: str

    @classmethod
    def of(cls, request: HttpRequest) -> Typed:
        """From a post."""

        def value(name: str, most: int = 200) -> str:
            return request.POST.get(name, "").replace("\x00", "")[:most].strip()

        return cls(
            action=value("action"),
            text=value("text", MOST_TEXT),
            ground=value("ground"),
            agency=value("agency"),
            answer_by=value("answer_by"),
            assignee=value("assignee"),
            control_on=value("control_on"),
            other=value("other"),
            link_kind=value("link_kind"),
            days=value("days"),
            task=value("task"),
            state=value("state"),
        )

    @classmethod
    def empty(cls, action: str, text: str, ground: str = "") -> Typed:
        """As if a text stood in the form of an action."""
        return cls(action=action, text=text, ground=ground, agency="", answer_by="", assignee="",
                   control_on="", other="", link_kind="", days="", task="", state="")  # fmt: skip


Act = Callable[[HttpRequest, ServiceRequest, Typed], None]


def _move(target: State) -> Act:
    def act(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
        transition(
            row.pk, target, actor=request.user, reason=typed.text, expected=typed.state or None
        )

    return act


def _ask(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    transition(
        row.pk,
        State.INFO_REQUESTED,
        actor=request.user,
        reason=typed.text,
        answer_by=_until(typed.answer_by),
        expected=typed.state or None,
    )


def _until(text: str) -> datetime | None:
    """The end of the day that was chosen; None where none was. Raises Missing for no date."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if work_calendar().is_working(day):
            return work_calendar().closing(day)
        return datetime.combine(day, time(18), timezone.get_default_timezone())
    except (ValueError, OverflowError):
        raise Missing("answer_by") from None


def _decide(target: State) -> Act:
    def act(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
        with documents.kept(row, request.FILES.getlist("files")) as files:
            services.decide(
                row,
                request.user,
                target,
                typed.text,
                typed.ground if target == State.REFUSED else "",
                files,
                document=request.POST.get("document") == "on",
                expected=typed.state or None,
            )

    return act


def _complete(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    with documents.kept(row, request.FILES.getlist("files")) as files:
        services.complete(row, request.user, typed.text, files, expected=typed.state or None)


def _forward(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    agency = Agency.objects.filter(key=typed.agency, active=True).first()
    transition(
        row.pk,
        State.FORWARDED,
        actor=request.user,
        reason=typed.text,
        agency=agency,
        expected=typed.state or None,
    )


def _ask_agency(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    agency = Agency.objects.filter(key=typed.agency, active=True).first()
    days = number_in(typed.days) if typed.days else tasks.DEFAULT_DAYS
    tasks.open_task(row, request.user, agency, typed.text, days)


def _call_back(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    task = row.tasks.filter(pk=number_in(typed.task)).first()
    if task is None:
        raise NotAllowed("task")
    tasks.call_back(task, request.user)


def chosen_assignee(text: str) -> tuple[User | None, Unit | None]:
    """The person or the unit that was chosen in a list of both; neither for anything else."""
    if text.startswith("unit-"):
        return None, Unit.objects.filter(pk=number_in(text[5:]), active=True).first()
    return User.objects.filter(pk=number_in(text), is_active=True).first(), None


def _assign(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    person, unit = chosen_assignee(typed.assignee)
    day = None
    if typed.control_on:
        try:
            day = date.fromisoformat(typed.control_on)
        except ValueError:
            raise Missing("control_on") from None
    assigning.assign(row, request.user, person, unit=unit, instruction=typed.text, control_on=day)


def _note(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    assigning.note(row, request.user, typed.text)


def _link(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    linking.link(row, request.user, typed.other, typed.link_kind or RequestLink.Kind.RELATED)


def _unlink(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    linking.unlink(row, request.user, typed.other)


def _keep_information(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    services.keep_as_information(row, request.user, typed.text, expected=typed.state or None)


def _message(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    with documents.kept(row, request.FILES.getlist("files")) as files:
        services.write(row, request.user, typed.text, files)


def _sign(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    services.sign(row, request.user)


def _send_back(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    services.send_back(row, request.user, typed.text)


def _extend(request: HttpRequest, row: ServiceRequest, typed: Typed) -> None:
    services.extend(row, request.user, typed.text)


ACTIONS: dict[str, Act] = {
    "take": _move(State.IN_REVIEW),
    "accept": _move(State.REGISTERED),
    "ask": _ask,
    "approve": _decide(State.APPROVED),
    "refuse": _decide(State.REFUSED),
    "complete": _complete,
    "forward": _forward,
    "reopen": _move(State.REOPENED),
    "assign": _assign,
    "note": _note,
    "link": _link,
    "unlink": _unlink,
    "message": _message,
    "sign": _sign,
    "send_back": _send_back,
    "extend": _extend,
    "ask_agency": _ask_agency,
    "call_back": _call_back,
    "keep_information": _keep_information,
}
#: Way of the graph → the button that goes it.
_BUTTONS = {
    State.IN_REVIEW: "take",
    State.REGISTERED: "accept",
    State.INFO_REQUESTED: "ask",
    State.APPROVED: "approve",
    State.REFUSED: "refuse",
    State.COMPLETED: "complete",
    State.FORWARDED: "forward",
    State.REOPENED: "reopen",
}


def _offered(row: ServiceRequest, user: User, roles: frozenset[str]) -> list[str]:
    """The actions that `user`, who is this to it, may press now, in the order of the graph."""
    found = [
        _BUTTONS[edge.target]
        for edge in ways_from(row.state)
        if edge.who & roles and edge.target in _BUTTONS
    ]
    if "reopen" in found and impartial.opens_own(row, State.REOPENED, user):
        found.remove("reopen")
    if row.is_proposed:
        # A drafted decision waits: only the head moves it.
        found = ["sign", "send_back"] if "head" in roles else []
    if "head" in roles and not clock.may_extend(row, timezone.now()):
        found.append("extend")
    if "ask" in found and clock.may_ask(row, timezone.now(), head="head" in roles):
        found.remove("ask")
    if row.is_anonymous:
        found = [name for name in found if name not in anonymous.NOT_OFFERED]
        if "staff" in roles and row.state in services.KEPT_FROM:
            found.append("keep_information")
    if tasks.may_open(row, roles):
        found.append("ask_agency")
    if "staff" in roles and not row.is_closed:
        found += ["assign"] if row.is_anonymous else ["assign", "message"]
    if "staff" in roles:
        found += ["note", "link", "unlink"]
    return found


def context(row: ServiceRequest, user: User) -> dict[str, Any]:
    """Which forms the page shows; `signs_first` where the head must sign a decision."""
    roles = parties(row, user)
    return {
        "offered": _offered(row, user, roles),
        "signs_first": "head" not in roles and policy.signs_first(row),
        "is_head": "head" in roles,
        "own": row.applicant_id == user.pk,
        "barred": impartial.is_barred(row, user),
    }
