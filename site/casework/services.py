"""The other verbs of the room: messages, drafted decisions, views, expiry."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from casework import anonymous, clock, documents, journal, notices, policy, results, substance
from casework.graph import DECISIONS, State
from casework.locking import locked_request
from casework.models import Kind, Rating, RequestEvent, RequestMessage, ServiceRequest, ServiceRules
from casework.models.feedback import HIGHEST, LOWEST
from casework.transitions import (
    NO_ANSWER,
    InvalidTransition,
    Missing,
    NotAllowed,
    ground_codes,
    parties,
    transition,
)
from forms.models import Attachment
from service_pages.models import ServiceFigures

#: One recorded look an hour and person: a reload is not another look.
VIEW_COOLDOWN = timedelta(hours=1)
#: State of an appeal without a name → the ways to where it ends.
KEPT_FROM: dict[State, tuple[State, ...]] = {
    State.FORWARDED: (State.REGISTERED, State.IN_REVIEW),
    State.REGISTERED: (State.IN_REVIEW,),
    State.REOPENED: (State.IN_REVIEW,),
    State.IN_REVIEW: (),
}
#: Where an applicant may say how it went.
RATED = frozenset({State.COMPLETED, State.REFUSED})


@transaction.atomic
def write(
    request: ServiceRequest,
    author: User,
    text: str,
    files: list[dict[str, Any]] | None = None,
    *,
    answers: list[dict[str, Any]] | None = None,
    now: datetime | None = None,
) -> RequestMessage:
    """A message from either side. An answer to a question of the agency starts the clock again.

    `answers` says which part of it answers what was asked (`asking.written`).

    Raises NotAllowed for a stranger, Missing without text, InvalidTransition once it is closed.
    """
    now = now or timezone.now()
    locked = locked_request(request.pk)
    roles = parties(locked, author)
    if not roles & {"applicant", "staff"}:
        raise NotAllowed("message")
    if not text.strip():
        raise Missing("reason")
    if locked.is_closed:
        raise InvalidTransition(locked.state, "message")
    side = RequestMessage.Side.APPLICANT if "applicant" in roles else RequestMessage.Side.AGENCY
    content: dict[str, Any] = {"text": text.strip()}
    if files:
        content["files"] = files
    if answers:
        content["answers"] = answers
    message = RequestMessage.objects.create(
        request=locked, side=side, author=author, content=content, sent_at=now
    )
    event = journal.record(
        locked, "message", actor=author, data={"side": side, "message": message.pk}, at=now
    )
    if side == RequestMessage.Side.AGENCY:
        notices.announce(locked, event)
    elif locked.state == State.INFO_REQUESTED:
        transition(locked.pk, State.IN_REVIEW, actor=author, now=now)
    return message


@transaction.atomic
def extend(
    request: ServiceRequest, actor: User, reason: str, *, now: datetime | None = None
) -> RequestEvent:
    """The head puts the term off, once, before it is over, with a reason (ZRU-445, art. 28).

    Raises NotAllowed, or Missing (`reason`, `extend_closed`, `extend_again`, `extend_late`).
    """
    now = now or timezone.now()
    locked = locked_request(request.pk)
    if "head" not in parties(locked, actor):
        raise NotAllowed("extend")
    if why := clock.may_extend(locked, now):
        raise Missing(f"extend_{why}")
    if not reason.strip():
        raise Missing("reason")
    before = locked.due_at
    assert before is not None  # may_extend said so
    locked.due_at = clock.extended(before, clock.extension_of(locked))
    locked.extended_at = now
    locked.save(update_fields=["due_at", "extended_at"])
    event = journal.record(
        locked, "extended", actor=actor, public=reason.strip(),
        data={"from": before.isoformat(), "due_at": locked.due_at.isoformat(),
              "assignee": locked.assignee_id}, at=now,
    )  # fmt: skip
    notices.announce(locked, event)
    return event


@transaction.atomic
def rate(request: ServiceRequest, actor: User, score: int, comment: str = "") -> Rating:
    """The applicant says, once, how a decided request was handled: 1 (bad) to 5 (good).

    Raises NotAllowed for anybody else, InvalidTransition before a decision or a second time,
    ValueError for another number.
    """
    locked = locked_request(request.pk)
    if "applicant" not in parties(locked, actor):
        raise NotAllowed("rate")
    if locked.state not in RATED or Rating.objects.filter(request=locked).exists():
        raise InvalidTransition(locked.state, "rate")
    if not LOWEST <= score <= HIGHEST:
        raise ValueError(f"No such score: {score}")
    rating = Rating.objects.create(request=locked, score=score, comment=comment.strip()[:2000])
    journal.record(locked, "rated", actor=actor, data={"score": score})
    figures, _created = ServiceFigures.objects.get_or_create(service_id=locked.service_id)
    ServiceFigures.objects.filter(pk=figures.pk).update(
        rating_sum=F("rating_sum") + score, rating_count=F("rating_count") + 1
    )
    return rating


@transaction.atomic
def decide(
    request: ServiceRequest,
    actor: User,
    target: str,
    text: str,
    ground: str = "",
    files: list[dict[str, Any]] | None = None,
    *,
    document: bool = False,
    alike: bool = False,
    expected: str | None = None,
    now: datetime | None = None,
) -> RequestEvent:
    """Answer or refuse; where the head signs, an executor's decision waits for the head.

    `document`: make the result document of a favourable decision. `alike`: one answer to many.
    Raises what `transition` raises, and Missing (`answer_…`) for a text that is no answer
    (substance.py).
    """
    locked = locked_request(request.pk)
    roles = parties(locked, actor)
    if "staff" in roles and (expected is None or locked.state == expected):
        # What else is wrong is told first, by the steps below.
        fits = target == State.APPROVED or ground in ground_codes(locked)
        if fits and text.strip() and locked.state == State.IN_REVIEW and target in DECISIONS:
            carried = bool(files) or document
            _check_answer(locked, target, text, carried=carried, alike=alike)
    if "head" in roles or not policy.signs_first(locked):
        made = _document(locked, actor, target, text, now, wanted=document)
        with made as more:
            return transition(
                locked.pk, target, actor=actor, reason=text, ground=ground,
                files=[*(files or []), *more], expected=expected, now=now,
            )  # fmt: skip
    if "staff" not in roles:
        raise NotAllowed(target)
    stale = expected is not None and locked.state != expected
    if stale or target not in DECISIONS or locked.state != State.IN_REVIEW or locked.is_proposed:
        raise InvalidTransition(locked.state, target)
    if not text.strip():
        raise Missing("reason")
    if locked.tasks.open().exists():
        raise Missing("tasks_open")
    if target == State.REFUSED and ground not in ground_codes(locked):
        raise Missing("ground")
    locked.proposed = {
        "target": str(target), "text": text.strip(), "ground": ground, "by": actor.pk,
        "files": files or [], "document": document and target == State.APPROVED,
    }  # fmt: skip
    locked.is_proposed = True
    locked.save(update_fields=["proposed", "is_proposed"])
    return journal.record(
        locked, "proposed", actor=actor, private=text, files=files,
        data={"target": str(target), "ground": ground}, at=now,
    )  # fmt: skip


@transaction.atomic
def complete(
    request: ServiceRequest,
    actor: User,
    text: str = "",
    files: list[dict[str, Any]] | None = None,
    *,
    expected: str | None = None,
    now: datetime | None = None,
) -> RequestEvent:
    """Hand the result of what was granted over, and end it.

    Raises what `transition` raises, and Missing (`answer_result`) where the applicant would be left
    with neither a result nor an answer of substance.
    """
    locked = locked_request(request.pk)
    ends = locked.state == State.APPROVED and "staff" in parties(locked, actor)
    says_nothing = not files and substance.problem(text, substance.Matter())
    if ends and says_nothing and substance.lacks_result(locked):
        raise Missing("answer_result")
    return transition(
        locked.pk, State.COMPLETED, actor=actor, reason=text, files=files, expected=expected,
        now=now,
    )  # fmt: skip


@transaction.atomic
def keep_as_information(
    request: ServiceRequest,
    actor: User,
    note: str = "",
    *,
    expected: str | None = None,
    now: datetime | None = None,
) -> RequestEvent:
    """End an appeal without a name by rule: not considered, kept as information (L-08).

    `note` is for colleagues. Raises InvalidTransition for one with a name, NotAllowed for strangers.
    """
    locked = locked_request(request.pk)
    stale = expected is not None and locked.state != expected
    if not locked.is_anonymous or locked.state not in KEPT_FROM or stale:
        raise InvalidTransition(locked.state, "keep_information")
    for step in KEPT_FROM[State(locked.state)]:
        transition(locked.pk, step, actor=actor, now=now)
    with translation.override(locked.language):
        reason = str(anonymous.GROUND_TEXT)
    if note.strip():
        journal.record(locked, "note", actor=actor, private=note.strip(), at=now)
    return transition(
        locked.pk, State.REFUSED, actor=actor, reason=reason, ground=anonymous.GROUND, now=now
    )


def _check_answer(
    locked: ServiceRequest, target: str, text: str, *, carried: bool, alike: bool
) -> None:
    """Raise Missing for words that are no answer. Where a service is granted the result is to be
    the answer, as a file is (`complete` asks for it)."""
    granted = target == State.APPROVED and locked.kind == Kind.REQUEST
    matter = substance.matter_of(locked, carried=carried or granted, alike=alike)
    if wrong := substance.problem(text, matter):
        raise Missing(f"answer_{wrong}")


def _proposed(request: ServiceRequest, actor: User, verb: str) -> ServiceRequest:
    """The locked request with a draft that `actor` may sign. Raises NotAllowed, InvalidTransition."""
    locked = locked_request(request.pk)
    if "head" not in parties(locked, actor):
        raise NotAllowed(verb)
    if not locked.is_proposed:
        raise InvalidTransition(locked.state, verb)
    return locked


@transaction.atomic
def sign(request: ServiceRequest, actor: User, *, now: datetime | None = None) -> RequestEvent:
    """The head signs what the executor drafted, and it leaves.

    Raises NotAllowed, InvalidTransition where there is no draft.
    """
    locked = _proposed(request, actor, "sign")
    drafted = locked.proposed
    wanted = bool(drafted.get("document"))
    with _document(locked, actor, drafted["target"], drafted["text"], now, wanted=wanted) as more:
        return transition(
            locked.pk,
            drafted["target"],
            actor=actor,
            reason=drafted["text"],
            ground=drafted["ground"],
            files=[*(drafted.get("files") or []), *more],
            data={"drafted_by": drafted["by"]},
            now=now,
        )


def _document(
    locked: ServiceRequest,
    signer: User,
    target: str,
    text: str,
    now: datetime | None,
    *,
    wanted: bool,
) -> AbstractContextManager[list[dict[str, Any]]]:
    """The result document while a decision is taken, or none."""
    if not wanted or target != State.APPROVED or not text.strip():
        return nullcontext([])
    return results.issued(locked, signer, text.strip(), now or timezone.now())


@transaction.atomic
def send_back(request: ServiceRequest, actor: User, note: str) -> RequestEvent:
    """The head returns a draft with a note. Raises NotAllowed, InvalidTransition, Missing."""
    locked = _proposed(request, actor, "return")
    if not note.strip():
        raise Missing("reason")
    documents.discard(locked, locked.proposed.get("files") or [])
    drafted_by = locked.proposed.get("by")
    locked.proposed, locked.is_proposed = {}, False
    locked.save(update_fields=["proposed", "is_proposed"])
    return journal.record(
        locked, "returned", actor=actor, private=note, data={"assignee": drafted_by}
    )


def record_view(request: ServiceRequest, viewer: User, kind: str = "viewed") -> None:
    """Record that a member of staff read a citizen's request (or, with `downloaded`, its files),
    once in VIEW_COOLDOWN."""
    since = timezone.now() - VIEW_COOLDOWN
    if RequestEvent.objects.filter(
        request=request, kind=kind, actor=viewer, at__gte=since
    ).exists():
        return
    with transaction.atomic():
        journal.record(locked_request(request.pk), kind, actor=viewer)


def on_given(sender: Any, attachment: Attachment, user: User | None, **kwargs: Any) -> None:
    """A file of a request went to somebody who did not send it."""
    if user is None or attachment.submission_id is None:
        return
    request = ServiceRequest.objects.filter(submission_id=attachment.submission_id).first()
    if request is not None and request.applicant_id != user.pk:
        record_view(request, user, "downloaded")


def expire_unanswered(now: datetime | None = None) -> int:
    """End requests whose applicant did not answer in time, without a decision or as refused, as
    the service has it; how many. Safe to run twice."""
    moment = now or timezone.now()
    keys = list(ServiceRequest.objects.unanswered(moment).values_list("pk", flat=True)[:500])
    return sum(_end_unanswered(pk, moment) for pk in keys)


@transaction.atomic
def _end_unanswered(pk: int, now: datetime) -> bool:
    locked = locked_request(pk)
    # An answer may have come since the list was read.
    waits = locked.state == State.INFO_REQUESTED and locked.answer_by is not None
    if not waits or locked.answer_by >= now:  # type: ignore[operator]
        return False
    if policy.rules_of(locked.service_id).unanswered == ServiceRules.Unanswered.EXPIRED:
        transition(pk, State.EXPIRED, actor=None, now=now)
        return True
    with translation.override(locked.language):
        reason = _("No answer came in time to what the agency asked for.")
    transition(pk, State.REFUSED, actor=None, reason=reason, ground=NO_ANSWER, now=now)
    return True
