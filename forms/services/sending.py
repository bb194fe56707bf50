"""Sending a draft: exactly once, whatever the line does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import IdentityLevel, User
from core.rows import add, find_all
from forms import reception, signing, uploads, usage
from forms.engine import types
from forms.engine.schema import Schema
from forms.engine.validation import validate_answers
from forms.models import Attachment, Draft, Signature, Source, Submission
from forms.receivers import receiver
from forms.services.drafts import NotEntitled, check_mandate, is_open


class Incomplete(Exception):
    """The form cannot be sent yet; `errors` says why by question."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} answers are missing or wrong")


class Unavailable(Exception):
    """Nobody takes forms of this service now."""


class Unsigned(Exception):
    """The form asks for an electronic signature over these very answers, and there is none."""


def submit(uuid: UUID, owner: User | None, *, language: str = "") -> Submission:
    """Send a draft of `owner` (None: one begun without signing in). Sending twice gives the same
    submission, which has the draft's uuid.

    The receiver registers it in the same transaction, and the draft goes. Raises Draft.DoesNotExist
    where there is neither, Incomplete where an answer is missing or wrong, NotEntitled where the
    mandate or the level of identity no longer allows it, Unsigned, Unavailable where nobody takes
    forms of the service.
    """
    try:
        return _submit(uuid, owner, language or get_language() or settings.LANGUAGE_CODE)
    except (IntegrityError, Draft.DoesNotExist):
        # Sent before, or another click was quicker: that submission is this one.
        sent = Submission.objects.filter(uuid=uuid, user=owner).first()
        if sent is None:
            raise
        return sent


@transaction.atomic
def _submit(uuid: UUID, owner: User | None, language: str) -> Submission:
    # Read once, with all that is needed, and locked from the first look on.
    drafts = Draft.objects.living().with_form().select_for_update(of=("self",))
    draft = drafts.get(uuid=uuid, user=owner)
    draft.user = owner
    schema = draft.version.schema
    _check_entitled(draft, schema)
    result = validate_answers(schema, draft.answers, language)
    attachments = {str(row.uuid): row for row in find_all(Attachment, draft_id=draft.pk)}
    errors = result.errors | _lost_files(schema, result.cleaned, attachments, language)
    if errors:
        raise Incomplete(errors)
    signature = _signature(draft, schema, result.cleaned)
    taker = receiver()
    has_service = bool(draft.version.definition.service_id)
    if has_service and taker is None:
        raise Unavailable
    submission = Submission(
        # The draft's address leads to the receipt from now on.
        uuid=draft.uuid,
        version=draft.version,
        user=draft.user,
        representation=draft.representation,
        language=language,
        answers=result.cleaned,
        submitted_at=timezone.now(),
        submit_token=draft.submit_token,
        source=Source.PORTAL,
        anonymous=draft.user is None,
    )
    draft.answers = result.cleaned
    if attachments:
        uploads.drop_unreferenced(draft, attachments.values())
    usage.record(
        draft.version, "sent", seconds=(submission.submitted_at - draft.created_at).seconds
    )
    if has_service and taker is not None:
        # As late as can be: the receiver takes a number, and the number's row is locked until commit.
        taker.accept(submission)
    else:
        add(submission)
    if attachments:
        draft.attachments.update(draft=None, submission=submission)
    if signature is not None:
        Signature.objects.filter(pk=signature.pk).update(draft=None, submission=submission)
    reception.book(submission, schema)
    # Files and signature were moved above: nothing is left that would have to go with it, and a
    # row that still pointed here would stop the whole transaction.
    Draft.objects.filter(pk=draft.pk)._raw_delete("default")
    return submission


def _check_entitled(draft: Draft, schema: Schema) -> None:
    check_mandate(draft.user, draft.representation)
    if draft.user is None:
        if not is_open(draft.version):
            raise NotEntitled
        return
    level = IdentityLevel(schema.identification_level)
    if level != IdentityLevel.NONE and not draft.user.reaches(level):
        raise NotEntitled
    if schema.confirmed_email and not has_confirmed_email(draft.user):
        raise NotEntitled


def _signature(draft: Draft, schema: Schema, answers: Mapping[str, Any]) -> Signature | None:
    """The signature over these answers, where the form asks for one. Raises Unsigned."""
    if not schema.signature_required:
        return None
    found = Signature.objects.filter(draft=draft).first()
    if found is None or found.answers_sha256 != signing.digest(draft, answers):
        raise Unsigned
    return found


def _lost_files(
    schema: Schema, answers: Mapping[str, Any], rows: Mapping[str, Attachment], language: str
) -> dict[str, str]:
    """Questions whose answer names a file that is not there, or that a scanner refused."""
    refused = {Attachment.State.INFECTED, Attachment.State.ERROR}
    errors: dict[str, str] = {}
    with translation.override(language):
        for key, value in answers.items():
            if not types.get(schema.by_key[key].type).is_file:
                continue
            found = [rows.get(str(item["uuid"])) for item in value]
            if any(row is None or row.state in refused for row in found):
                errors[key] = _("The file could not be kept. Attach it again.")
    return errors


def has_confirmed_email(user: Any) -> bool:
    """Whether an account has an e-mail address that was confirmed."""
    return bool(user.email) and user.emailaddress_set.filter(verified=True).exists()
