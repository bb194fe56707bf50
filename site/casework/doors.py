"""Every door counts: what comes on paper, by phone, at the counter or at a reception.

The same numbers and the same clock as for what comes by the portal, from the day it came
(ZRU-445, art. 17: an appeal may be oral, written or electronic). Its applicant may have no account
and may take it over later with the number and the code of the slip.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.membership import ANSWERING
from accounts.models import IdentityLevel, Role, User
from accounts.selectors import (
    agencies_of,
    has_role,
    profile_value,
    user_by_email,
    user_by_phone,
)
from casework import access, documents, journal, paper, selectors
from casework.intake import register_request
from casework.models import Kind, ServiceRequest
from casework.transitions import Missing, NotAllowed
from forms.engine.validation import validate_answers
from forms.models import Source, Submission
from operations.crypto import blind_index
from service_pages.models import Service

#: Who enters what came by another door than the portal.
CLERKS = (Role.CLERK, *ANSWERING)
#: How long ago something may have come that is entered today.
LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True)
class Paper:
    """What a clerk enters."""

    service: Service
    source: str
    received_at: datetime
    language: str
    kind: str
    full_name: str
    text: str
    phone: str = ""
    email: str = ""
    pinfl: str = ""
    address: str = ""
    #: An appeal without a name: nothing of who brought it is kept.
    is_anonymous: bool = False


class WrongAnswers(Exception):
    """Answers that the form refuses: `errors` by name, in the clerk's language."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(", ".join(errors))


def may_enter(user: User | AnonymousUser) -> bool:
    """Whether somebody is a clerk, officer or head anywhere."""
    return has_role(user, *CLERKS)


@transaction.atomic
def enter(
    asked: Paper, clerk: User, scans: Iterable[UploadedFile] = (), *, language: str = "uz"
) -> ServiceRequest:
    """Register what came by another door, with its scans.

    Raises NotAllowed for somebody who is no clerk of the service's agency, Missing
    (`received_at`) for a day that cannot be, WrongAnswers, documents.BadFile. Only an appeal may
    come without a name.
    """
    if not agencies_of(clerk, *CLERKS).filter(pk=asked.service.agency_id).exists():
        raise NotAllowed("enter")
    now = timezone.now()
    if not now - LONGEST_AGO <= asked.received_at <= now or asked.source == Source.PORTAL:
        raise Missing("received_at")
    _check_name(asked)
    if asked.is_anonymous:
        asked = replace(asked, full_name="", phone="", email="", pinfl="", address="")
    version = paper.version()
    given = {name: getattr(asked, name) for name in ("full_name", "pinfl", "phone", "email",
                                                    "address", "kind", "text")}  # fmt: skip
    checked = validate_answers(version.schema, {k: v for k, v in given.items() if v}, language)
    if checked.errors:
        raise WrongAnswers(checked.errors)
    submission = Submission.objects.create(
        version=version,
        user=_account(asked),
        language=asked.language,
        answers=checked.cleaned,
        submitted_at=asked.received_at,
        submit_token=secrets.token_urlsafe(24),
        source=asked.source,
        entered_by=clerk,
    )
    row = register_request(submission, asked.service, is_anonymous=asked.is_anonymous)
    with documents.kept(row, scans, key=paper.SCAN) as files:
        if files:
            submission.answers = checked.cleaned | {paper.SCAN: files}
            submission.save(update_fields=["answers"])
    return row


def _check_name(asked: Paper) -> None:
    """Raises WrongAnswers where a name is missing, or stands where there should be none."""
    if not asked.is_anonymous and not asked.full_name.strip():
        raise WrongAnswers({"full_name": _("Write the name, or mark the appeal as one without.")})
    if asked.is_anonymous and asked.kind == Kind.REQUEST:
        raise WrongAnswers({"kind": _("Only an appeal may come without a name.")})
    if asked.is_anonymous and (asked.full_name.strip() or asked.pinfl.strip()):
        raise WrongAnswers({"full_name": _("It has a name: take the mark away, or the name.")})


def _account(asked: Paper) -> User | None:
    """The account whose confirmed phone or e-mail was given: the request is theirs at once."""
    found = user_by_phone(asked.phone) if asked.phone else None
    return found or (user_by_email(asked.email) if asked.email else None)


@transaction.atomic
def claim(user: User, number: str, code: str) -> ServiceRequest | None:
    """Take over a request that came without an account, by the number and code of its slip.

    None where they are wrong, where the request is somebody's already, or is not the account's to
    take: whoever sees slips at work could take any, and another personal number is another person.
    Raises
    NotAllowed before a contact is confirmed, operations.throttle.TooMany.
    """
    if not user.reaches(IdentityLevel.ACCOUNT):
        raise NotAllowed("claim")
    found = access.find(number, code)
    if found is None:
        return None
    row = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if row.is_anonymous:
        return None
    if row.applicant_id is not None:
        return row if row.applicant_id == user.pk else None
    number_of_account = profile_value(user, "profile.pinfl")
    known = row.person_index and number_of_account
    if known and blind_index(number_of_account) != row.person_index:
        return None
    if user.pk == row.entered_by_id or selectors.visible_to(user).filter(pk=row.pk).exists():
        return None
    row.applicant = user
    row.save(update_fields=["applicant"])
    Submission.objects.filter(pk=row.submission_id).update(user=user)
    journal.record(row, "claimed", actor=user)
    return row
