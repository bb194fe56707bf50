"""What applicants are told, queued in the transaction of the change.

A message carries number, state and link, never the matter: phones are shared.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.notifying import tell
from casework import message_kinds as kinds
from casework.graph import State
from casework.models import RequestEvent, ServiceRequest
from core.texts import pick
from languages.dates import format_date
from operations import outbox

#: What the applicant did is no news to the applicant.
_SILENT = frozenset({State.WITHDRAWN})


def _contact(request: ServiceRequest) -> tuple[str, str]:
    """(channel, address) that was given at the counter; ("", "") where nobody can be told."""
    subject = request.subject
    if subject.get("email"):
        return "email", subject["email"]
    return ("sms", subject["phone"]) if subject.get("phone") else ("", "")


def _told_as(event: RequestEvent) -> str:
    """The words for an event: what waits for a payment, or ended for want of one, has its own."""
    if event.to_state == State.AWAITING_PAYMENT:
        return "awaiting_payment"
    if event.from_state == State.AWAITING_PAYMENT and event.to_state == State.EXPIRED:
        return "unpaid"
    return event.kind


def announce(request: ServiceRequest, event: RequestEvent) -> None:
    """Queue a message about an event to the applicant, unless it was the applicant's own doing."""
    if event.to_state in _SILENT:
        return
    if (
        request.applicant_id
        and event.actor_id == request.applicant_id
        and event.kind != "submitted"
    ):
        return
    language = request.language
    with translation.override(language):
        path = reverse("casework:request", args=[request.uuid])
    due = request.due_at
    until = request.answer_by
    told_of = due and not until and not request.is_closed and event.kind != State.APPROVED
    key, template = f"request:{request.uuid}:{event.sequence}", kinds.state(_told_as(event))
    context = {
        "number": request.number,
        "agency": pick(request.agency.name, language),
        "due": format_date(timezone.localdate(due), language) if due and told_of else "",
        "answer_by": format_date(timezone.localdate(until), language) if until else "",
        "url": settings.BASE_URL + path,
    }
    if request.applicant is not None:
        tell(
            request.applicant, event_key=key, template=template, context=context,
            language=language, on_site=True, at=event.at,
        )  # fmt: skip
        return
    channel, address = _contact(request)
    if channel:
        outbox.send(
            event_key=key, channel=channel, address=address, template=template, context=context,
            language=language,
        )  # fmt: skip


def tell_staff(
    request: ServiceRequest, event: RequestEvent, people: Iterable[User], kind: str
) -> None:
    """Queue news of a task for staff: `kind` is `task`, `task_answered` or `assigned`; number and link
    only."""
    name, args = "casework_detail", [str(request.uuid)]
    if kind == "task":
        name, args = "casework_task", [str(event.data["task"])]
    for person in people:
        tell(
            person,
            event_key=f"request:{request.uuid}:{event.sequence}:staff",
            template=kinds.staff(kind),
            context={"number": request.number, "url": settings.BASE_URL + reverse(name, args=args)},
        )
