"""A complaint about a refusal, a delay or an answer: a request of its own, elsewhere decided.

It goes to the superior body, never to the one it is about (ZRU-445, art. 15: an appeal may not be
considered by those whose acts are appealed against), with the law's term. Upheld, it reopens what
it was about.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Agency, User
from casework import built_in, journal
from casework.graph import CLOSED, GRAPH, State
from casework.intake import register_request
from casework.models import Kind, ServiceRequest
from casework.transitions import InvalidTransition, Missing, NotAllowed, parties, transition
from forms.models import FormVersion, Submission

KEY = "complaint"
MOST_TEXT = 5_000
#: Ends that may be complained about; a request that is late may be, too.
_ENDED = frozenset({State.REFUSED, State.COMPLETED, State.EXPIRED})


def version() -> FormVersion:
    """The form of a complaint, written anew where its texts have changed since."""
    ask = built_in.question
    return built_in.version(
        KEY,
        gettext_noop("Complaint"),
        built_in.step(
            "complaint",
            gettext_noop("Complaint"),
            ask("about", "text", gettext_noop("About request"), required=True, max_length=40),
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


def superior_of(agency: Agency) -> Agency | None:
    """The active body above an agency; None where there is none on the portal."""
    seen = {agency.pk}
    above = agency.parent
    while above is not None and not above.active and above.pk not in seen:
        seen.add(above.pk)
        above = above.parent
    found = above is not None and above.active and above.pk != agency.pk
    return above if found else None


@transaction.atomic
def complain(row: ServiceRequest, actor: User, text: str, language: str) -> ServiceRequest:
    """Register a complaint of the applicant about their request; the complaint.

    Raises NotAllowed for anybody else, InvalidTransition where there is nothing to complain about
    yet or one waits already, Missing (`reason`) without a text, LookupError without a superior.
    """
    locked = (
        ServiceRequest.objects.select_for_update(of=("self",))
        .select_related("agency__parent", "service", "representation")
        .get(pk=row.pk)
    )
    if "applicant" not in parties(locked, actor):
        raise NotAllowed("complain")
    if not may_complain(locked):
        raise InvalidTransition(locked.state, "complain")
    if not text.strip():
        raise Missing("reason")
    superior = superior_of(locked.agency)
    if superior is None:
        raise LookupError(f"No body stands above {locked.agency.key}.")
    submission = Submission.objects.create(
        version=version(),
        user=actor,
        representation=locked.representation,
        language=language,
        answers={"about": locked.number, "text": text.strip()[:MOST_TEXT]},
        submitted_at=timezone.now(),
        submit_token=secrets.token_urlsafe(24),
    )
    complaint = register_request(
        submission, locked.service, agency=superior, kind=Kind.COMPLAINT, follows=locked
    )
    journal.record(locked, "complained", actor=actor, data={"complaint": complaint.number})
    return complaint


def on_moved(sender: Any, request: ServiceRequest, **kwargs: Any) -> None:
    """An upheld complaint reopens what it was about, in the same transaction."""
    complaint, about = request, request.follows
    if complaint.kind != Kind.COMPLAINT or about is None or complaint.state != State.APPROVED:
        return
    about.refresh_from_db(fields=["state"])
    if (about.state, State.REOPENED) not in GRAPH:
        return  # it was late and is still open: the superior's answer says what to do
    with translation.override(about.language):
        reason = _("The complaint was upheld: %(number)s") % {"number": complaint.number}
    data: dict[str, Any] = {"complaint": complaint.number}
    transition(about.pk, State.REOPENED, actor=None, reason=reason, data=data)
