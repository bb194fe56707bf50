"""A complaint about a refusal, a delay or an answer: a request of its own, elsewhere decided.

It never goes to those it is about (elsewhere.py), and has the law's term. Upheld, it reopens what it
was about. What is late may be reported to the body that controls by one press (L-09).
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from accounts.models import Agency, User
from casework import built_in, elsewhere, journal
from casework.graph import CLOSED, GRAPH, State
from casework.intake import register_request
from casework.locking import locked_request
from casework.models import Kind, ServiceRequest, Unit
from casework.transitions import InvalidTransition, Missing, NotAllowed, parties, transition
from forms.models import FormVersion, Submission
from languages.dates import format_date

KEY = "complaint"
MOST_TEXT = 5_000
#: Ends that may be complained about; a request that is late may be, too.
_ENDED = frozenset({State.REFUSED, State.COMPLETED, State.EXPIRED})


def version() -> FormVersion:
    """The form of a complaint, written anew where its texts have changed since."""
    ask = built_in.question
    matters = [{"value": one.value, "label": built_in.texts(one.label)} for one in Matter]
    return built_in.version(
        KEY,
        gettext_noop("Complaint"),
        built_in.step(
            "complaint",
            gettext_noop("Complaint"),
            ask("about", "text", gettext_noop("About request"), required=True, max_length=40),
            ask("matter", "choice", gettext_noop("What it is about")) | {"options": matters},
            ask("text", "textarea", gettext_noop("What is wrong and what you ask for"),
                required=True, max_length=MOST_TEXT),
        ),
    )  # fmt: skip


def open_complaint(row: ServiceRequest) -> ServiceRequest | None:
    """The complaint about a request that is not decided yet."""
    rows = row.followed_by.filter(kind=Kind.COMPLAINT).exclude(state__in=CLOSED | {State.APPROVED})
    return rows.first()


def may_complain(row: ServiceRequest) -> bool:
    """Whether the applicant may complain now: it is late, or it ended, and no complaint waits."""
    return (row.is_overdue or row.state in _ENDED) and open_complaint(row) is None


class Matter(models.TextChoices):
    """What a complaint is about."""

    DELAY = "delay", _lazy("The agency is late")
    REFUSAL = "refusal", _lazy("The refusal")
    ANSWER = "answer", _lazy("The answer")


def matter_of(row: ServiceRequest) -> Matter:
    """What there is to complain about now."""
    if row.is_overdue:
        return Matter.DELAY
    return Matter.REFUSAL if row.state == State.REFUSED else Matter.ANSWER


@transaction.atomic
def complain(row: ServiceRequest, actor: User, text: str, language: str) -> ServiceRequest:
    """Register a complaint of the applicant about their request; the complaint.

    Raises NotAllowed for anybody else, InvalidTransition where there is nothing to complain about
    yet or one waits already, Missing (`reason`) without a text. There is always a body that takes it.
    """
    locked = locked_request(row.pk)
    if "applicant" not in parties(locked, actor):
        raise NotAllowed("complain")
    if not may_complain(locked):
        raise InvalidTransition(locked.state, "complain")
    if not text.strip():
        raise Missing("reason")
    return _register(locked, actor, text.strip(), language, elsewhere.decider_for(locked))


def may_report(row: ServiceRequest) -> bool:
    """Whether a broken term may be reported now: it is late, and nobody was told yet."""
    return row.is_overdue and not row.is_anonymous and may_complain(row)


@transaction.atomic
def report_delay(row: ServiceRequest, actor: User | None, language: str) -> ServiceRequest:
    """One press: the body that controls learns that the term was broken (L-09); the complaint.

    `actor` None is whoever holds number and code: they act for whoever sent it, who sees it, too.
    Raises NotAllowed for anybody else, InvalidTransition where it is not late or one waits already.
    """
    locked = locked_request(row.pk)
    if actor is not None and "applicant" not in parties(locked, actor):
        raise NotAllowed("report")
    if not may_report(locked):
        raise InvalidTransition(locked.state, "report")
    assert locked.due_at is not None  # it is late
    with translation.override(language):
        text = _("The answer was due on %(date)s and has not come. I ask to see to it.") % {
            "date": format_date(timezone.localdate(locked.due_at), language)
        }
    return _register(locked, actor, text, language, elsewhere.controller_for(locked))


def _register(
    about: ServiceRequest, actor: User | None, text: str, language: str,
    body: tuple[Agency, Unit | None],
) -> ServiceRequest:  # fmt: skip
    matter = matter_of(about)
    agency, unit = body
    submission = Submission.objects.create(
        version=version(),
        user=actor or about.applicant,
        anonymous=actor is None and about.applicant is None,
        representation=about.representation,
        language=language,
        answers={"about": about.number, "matter": matter.value, "text": text[:MOST_TEXT]},
        submitted_at=timezone.now(),
        submit_token=secrets.token_urlsafe(24),
    )
    complaint = register_request(
        submission, about.service, agency=agency, unit=unit, kind=Kind.COMPLAINT, follows=about
    )
    journal.record(
        about, "complained", actor=actor,
        data={"complaint": complaint.number, "matter": matter.value},
    )  # fmt: skip
    return complaint


def on_moved(sender: Any, request: ServiceRequest, **kwargs: Any) -> None:
    """An upheld complaint reopens what it was about, in the same transaction."""
    complaint, about = request, request.complained_about
    if about is None or complaint.state != State.APPROVED:
        return
    about.refresh_from_db(fields=["state"])
    if (about.state, State.REOPENED) not in GRAPH:
        return  # it was late and is still open: the superior's answer says what to do
    with translation.override(about.language):
        reason = _("The complaint was upheld: %(number)s") % {"number": complaint.number}
    data: dict[str, Any] = {"complaint": complaint.number}
    transition(about.pk, State.REOPENED, actor=None, reason=reason, data=data)
