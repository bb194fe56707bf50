"""What applicants are told, queued in the transaction of the change.

A message carries number, state and link, never the matter: phones are shared.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.selectors import address_of
from casework.graph import State
from casework.models import RequestEvent, ServiceRequest
from core.texts import pick
from languages.dates import format_date
from operations import outbox

#: What the applicant did is no news to the applicant.
_SILENT = frozenset({State.WITHDRAWN})
TEMPLATE = "casework/messages/state"
STAFF_TEMPLATE = "casework/messages/task"


def _contact(request: ServiceRequest) -> tuple[str, str]:
    """(channel, address) of the account, or of what was given at the counter."""
    if request.applicant is not None:
        return address_of(request.applicant)
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
    channel, address = _contact(request)
    if not channel:
        return
    language = request.language
    with translation.override(language):
        path = reverse("casework:request", args=[request.uuid])
    due = request.due_at
    until = request.answer_by
    outbox.send(
        event_key=f"request:{request.uuid}:{event.sequence}",
        channel=channel,
        address=address,
        user=request.applicant,
        template=TEMPLATE,
        context={
            "number": request.number,
            "kind": _told_as(event),
            "agency": pick(request.agency.name, language),
            "due": format_date(timezone.localdate(due), language) if due else "",
            "answer_by": format_date(timezone.localdate(until), language) if until else "",
            "closed": request.is_closed,
            "url": settings.BASE_URL + path,
        },
        language=language,
    )


def tell_staff(
    request: ServiceRequest, event: RequestEvent, people: Iterable[User], kind: str
) -> None:
    """Queue news of a task for staff: `kind` is `task`, `task_answered` or `assigned`; number and link
    only."""
    name, args = "casework_detail", [str(request.uuid)]
    if kind == "task":
        name, args = "casework_task", [str(event.data["task"])]
    for person in people:
        channel, address = address_of(person)
        if not channel or not person.is_active:
            continue
        outbox.send(
            event_key=f"request:{request.uuid}:{event.sequence}:staff",
            channel=channel,
            address=address,
            user=person,
            template=STAFF_TEMPLATE,
            context={
                "number": request.number,
                "kind": kind,
                "url": settings.BASE_URL + reverse(name, args=args),
            },
            language=person.language or settings.LANGUAGE_CODE,
        )
