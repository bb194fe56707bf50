"""Kinds of messages of casework with the words of the house, offered to administrators."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from operations.wording import Kind, Line, register

_SAMPLES = {
    "number": "2026-ADL-0000001-5",
    "agency": "Adliya vazirligi",
    "due": "2026-yil 12-mart",
    "answer_by": "2026-yil 20-mart",
    "url": "https://example.org/my/1/",
}
_STAFF_SAMPLES = {name: _SAMPLES[name] for name in ("number", "url")}
_TERM_SAMPLES = _STAFF_SAMPLES | {"due": "2026-yil 12-mart, payshanba"}
DIGEST = "casework/digest"
_TO_APPLICANTS, _TO_STAFF = _("To applicants"), _("To staff")
_SAFE = _("Our staff never ask for codes or passwords.")
_SAFE_SMS = _("Do not tell anybody a code from an SMS: our staff never ask for it.")
#: What happened → the sentence that tells it.
STATES: dict[str, str | Promise] = {
    "submitted": _("Your request was accepted."),
    "awaiting_payment": _(
        "Your request was received. Pay for it: it is considered once it is paid."
    ),
    "unpaid": _("Your request was closed: it was not paid in time."),
    "message": _("The agency wrote to you."),
    "registered": _("Your request was accepted by the agency."),
    "in_review": _("Your request is being considered."),
    "info_requested": _("Your answer is awaited."),
    "forwarded": _("Your request was passed to another agency."),
    "approved": _("Your request was decided in your favour."),
    "refused": _("Your request was refused. The page says why and what you can do."),
    "completed": _("Your request is finished."),
    "expired": _("Your request was closed: no answer came in time."),
    "extended": _("The term of your request was put off. The page says why."),
    "reopened": _("Your request is being considered again."),
    "news": _("There is news about your request."),
}
STAFF: dict[str, str | Promise] = {
    "task": _("Your agency is asked about a request."),
    "task_answered": _("An asked agency answered about a request."),
    "assigned": _("A request was assigned to you."),
}
#: Stage → the sentence, and what its date is.
REMINDERS: dict[str, tuple[str | Promise, str | Promise]] = {
    "due": (_("The term ends soon."), _("Answer by:")),
    "overdue": (_("The term is over."), _("Answer by:")),
    "control": (_("The draft is wanted soon."), _("Draft wanted by:")),
    "control-over": (
        _("The draft was wanted by an inner day that is over."), _("Draft wanted by:"),
    ),
}  # fmt: skip
_DETAILS: Line = (_("Details:"), " {url}")
_NUMBER: Line = (_("Number:"), " {number}")


def state(told_as: str) -> str:
    """Key of the kind that tells an applicant of an event."""
    return f"casework/state/{told_as if told_as in STATES else 'news'}"


def staff(told_as: str) -> str:
    """Key of the kind that tells staff of a task or an assignment."""
    return f"casework/staff/{told_as}"


def reminder(stage: str) -> str:
    """Key of the kind that reminds of a term; every stage without one says that it ends soon."""
    return f"casework/reminder/{stage if stage in REMINDERS else 'due'}"


def _state(name: str, words: str | Promise) -> Kind:
    return Kind(
        key=state(name),
        label=words,
        group=_TO_APPLICANTS,
        samples=_SAMPLES,
        subject=("{number}: ", words),
        email=(
            (words,), _NUMBER, (_("Agency:"), " {agency}"), (_("Answer until:"), " {answer_by}"),
            (_("Answer by:"), " {due}"), ("",), _DETAILS, ("",), (_SAFE,),
        ),
        sms=(
            ("{number}: ", words), (_("Answer until:"), " {answer_by}."), ("{url}",), (_SAFE_SMS,),
        ),
    )  # fmt: skip


def _staff(name: str, words: str | Promise) -> Kind:
    return Kind(
        key=staff(name), label=words, group=_TO_STAFF, samples=_STAFF_SAMPLES,
        subject=("{number}: ", words),
        email=((words,), _NUMBER, ("",), _DETAILS),
        sms=(("{number}: ", words), ("{url}",)),
    )  # fmt: skip


def _reminder(stage: str, words: str | Promise, until: str | Promise) -> Kind:
    return Kind(
        key=reminder(stage), label=words, group=_TO_STAFF, samples=_TERM_SAMPLES,
        subject=("{number}: ", words),
        email=((words,), _NUMBER, (until, " {due}"), ("",), _DETAILS),
        sms=(("{number}: ", words), (until, " {due}."), ("{url}",)),
    )  # fmt: skip


def register_all() -> None:
    """Offer every kind."""
    register(*(_state(name, words) for name, words in STATES.items()))
    register(*(_staff(name, words) for name, words in STAFF.items()))
    register(*(_reminder(stage, *words) for stage, words in REMINDERS.items()))
    numbers = "2: 2026-ADL-0000001-5, 2026-ADL-0000002-3"
    register(
        Kind(
            key=DIGEST,
            label=_("Requests this morning"),
            group=_TO_STAFF,
            samples={"date": "12-mart, payshanba", "late": numbers, "today": numbers,
                     "tomorrow": numbers, "url": "https://example.org/admin/requests/"},
            subject=(_("Requests this morning"), ": {date}"),
            email=(
                (_("Requests this morning"), ": {date}"), ("",), (_("Late:"), " {late}"),
                (_("Due today:"), " {today}"), (_("Due on the next working day:"), " {tomorrow}"),
                ("",), _DETAILS,
            ),
        )
    )  # fmt: skip
