"""What people may ask of their data: all of it in a file that machines read, and forgetting it.

Forgetting is decided by forms (retention of the form, legal hold, dry run); here the request loses
what is personal. Number, dates, states and outcome stay in the register, and every chain stays
whole: its hashes cover salted digests, not texts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notifying
from accounts.kept import Part
from accounts.models import User
from accounts.selectors import mandates_of, profile_value
from casework import journal, presenting, selectors
from casework.models import (
    AnswerDraft,
    Rating,
    RequestMessage,
    RequestName,
    ServiceRequest,
)
from forms.models import Submission
from forms.selectors import drafts_of
from operations import journal as house
from payments.selectors import invoices_of

#: Raised where the shape of the file changes.
FORMAT = 3
_PROFILE = ("full_name", "phone", "email", "pinfl", "birth_date", "address", "district")


@transaction.atomic
def export(user: User) -> dict[str, Any]:
    """Everything that casework keeps of a person, as JSON; the giving out is journaled.

    Moments are ISO 8601 with their zone. Files are named with their SHA-256 and fetched one by one.
    """
    rows = list(selectors.requests_of(user))
    house.append("export", f"account:{user.pk}", actor=user, data={"requests": len(rows)})
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "profile": {
            name: value for name in _PROFILE if (value := profile_value(user, f"profile.{name}"))
        },
        "messages": [
            {
                "at": _moment(message.created_at),
                "title": message.title,
                "read_at": _moment(message.read_at),
            }
            for message in notifying.messages_for(user)
        ],
        "drafts": [
            {
                "form": draft.version.definition.key,
                "begun_at": _moment(draft.created_at),
                "answers": draft.answers,
            }
            for draft in drafts_of(user)
        ],
        "mandates": [
            {
                "for": mandate.organization.stir if mandate.organization else str(mandate.person),
                "basis": mandate.basis,
                "services": mandate.scope,
                "valid_from": mandate.valid_from.isoformat(),
            }
            for mandate in mandates_of(user)
        ],
        "invoices": [
            {
                "number": invoice.number,
                "about": invoice.about,
                "state": invoice.state,
                "total_tiyin": invoice.total,
                "returned_tiyin": invoice.refunded,
                "issued_at": _moment(invoice.issued_at),
                "paid_at": _moment(invoice.paid_at),
            }
            for invoice in invoices_of(user)
        ],
        "requests": [_request(row) for row in rows],
    }


def _request(row: ServiceRequest) -> dict[str, Any]:
    events = selectors.events_of(row)
    rating = getattr(row, "rating", None)
    return {
        "number": row.number,
        "service": row.service.key,
        "agency": row.agency.key,
        "kind": row.kind,
        "language": row.language,
        "source": row.source,
        "state": row.state,
        "outcome": row.outcome,
        "ground": row.ground_code,
        "submitted_at": _moment(row.submitted_at),
        "due_at": _moment(row.due_at),
        "closed_at": _moment(row.closed_at),
        "organization": row.organization.stir if row.organization else None,
        "subject": row.subject,
        "answers": row.submission.answers,
        "files": [
            {"name": file.filename, "sha256": file.sha256, "size": file.size}
            for file in row.submission.attachments.all()
        ],
        "history": [
            {"at": _moment(event.at), "what": event.kind, "text": _public(event)}
            for event in events
            if event.kind not in presenting.STAFF_ONLY
        ],
        "messages": [
            {"at": _moment(message.sent_at), "from": message.side, "text": message.text}
            for message in row.messages.all()
        ],
        "looked_at": [
            {
                "at": _moment(look["when"]),
                "where": look["where"],
                "files": look["files"],
                "listed": look["listed"],
            }
            for look in selectors.looks_at(row, row.language)
        ],
        "rating": {"score": rating.score, "comment": rating.comment} if rating else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def _public(event: Any) -> str:
    text = getattr(event, "text", None)
    return str(text.content.get("public", "")) if text else ""


@transaction.atomic
def anonymise(row: ServiceRequest, now: datetime | None = None) -> None:
    """Take away what is personal in a closed request. Safe to repeat; raises ValueError for one
    that is open."""
    moment = now or timezone.now()
    locked = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.anonymised_at is not None:
        return
    if not locked.is_closed:
        raise ValueError("An open request needs its data.")
    journal.record(locked, "anonymised", at=moment)
    journal.anonymise(locked, moment)
    RequestMessage.objects.filter(request=locked).update(content={})
    Rating.objects.filter(request=locked).update(comment="")
    AnswerDraft.objects.filter(request=locked).delete()
    RequestName.objects.filter(request=locked).delete()
    locked.tasks.update(matter="", answer={})
    locked.subject, locked.proposed, locked.access_code = {}, {}, ""
    locked.person_index = ""
    locked.applicant = locked.organization = locked.representation = None
    locked.anonymised_at, locked.findable = moment, True
    locked.save()


def hindrances(user: User) -> list[str]:
    """Open requests stand against closing an account: nobody could be answered."""
    count = ServiceRequest.objects.open().filter(applicant=user).count()
    if not count:
        return []
    return [
        _("Your open requests: %(count)s. Wait for the answers, or take the requests back.")
        % {"count": count}
    ]


def kept_parts() -> list[Part]:
    """What casework keeps of people."""
    return [
        Part(_("Sent requests: number, dates, state, answers, messages"),
             _("to answer you, and for a complaint"),
             _("the time set for the form; then everything personal is deleted and the number stays")),
    ]  # fmt: skip


def on_forgotten(sender: Any, submission: Submission, **kwargs: Any) -> None:
    """The answers went: so does what the request itself keeps, in the same transaction."""
    row = ServiceRequest.objects.filter(submission=submission).first()
    if row is not None and row.is_closed:
        anonymise(row)
