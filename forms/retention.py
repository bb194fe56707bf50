"""Answers whose time is over: deleted or made anonymous, unless something holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models.deletion import ProtectedError
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.keeping import days
from accounts.kept import Part
from core import private_files
from forms.engine import types
from forms.models import DRAFT_DAYS, Forgetting, FormDefinition, Signature, Submission

#: Whether a request still needs a submission, whatever its age. Rooms above register theirs.
#: Sent in the transaction once a submission was made anonymous: submission=.
forgotten = Signal()
Holds = Callable[[Submission], bool]
_holders: list[Holds] = []


def register(holds: Holds) -> None:
    """Add a reason to keep a submission although its time is over."""
    if holds not in _holders:
        _holders.append(holds)


def kept_parts() -> list[Part]:
    """What forms keep of people."""
    return [
        Part(_("Drafts with their files"), _("so that you can go on later"), days(DRAFT_DAYS)),
        Part(_("Files that you attach: without hidden data, in a closed store"),
             _("so that the agency can decide"), _("as long as the request keeps its answers")),
    ]  # fmt: skip


@dataclass
class Report:
    """What was forgotten, or would be."""

    purged: int = 0
    anonymised: int = 0
    #: Due, but held by law or by a request that is not closed.
    held: int = 0


def due() -> Iterator[Submission]:
    """Submissions whose time is over and that are not anonymous yet."""
    now = timezone.now()
    for form in FormDefinition.objects.exclude(retention_days=None):
        limit = now - timedelta(days=form.retention_days or 0)
        rows = Submission.objects.filter(
            version__definition=form, submitted_at__lt=limit, anonymised_at=None
        )
        yield from rows.select_related("version__definition").iterator()


def forget_due(*, dry_run: bool = False) -> Report:
    """Forget what is due. Safe to run twice: each submission in a transaction of its own."""
    report = Report()
    for submission in due():
        if submission.legal_hold or any(holds(submission) for holds in _holders):
            report.held += 1
            continue
        action = submission.version.definition.retention_action
        if not dry_run:
            action = forget(submission, action)
        if action == Forgetting.PURGE:
            report.purged += 1
        else:
            report.anonymised += 1
    return report


@transaction.atomic
def forget(submission: Submission, action: str) -> str:
    """Delete a submission or make it anonymous; which of the two was done.

    One that a request refers to is never deleted: its number, dates and outcome belong to the
    register of requests, so its answers, files and signature go.
    """
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    private_files.drop(locked.attachments.all())
    Signature.objects.filter(submission=locked).delete()
    if action == Forgetting.PURGE:
        try:
            with transaction.atomic():
                locked.delete()
        except ProtectedError:
            pass
        else:
            return Forgetting.PURGE
    locked.answers = impersonal(locked)
    locked.anonymised_at = timezone.now()
    if locked.entered_by_id is None:
        locked.user, locked.representation, locked.anonymous = None, None, True
    locked.save()
    forgotten.send(sender=Submission, submission=locked)
    return Forgetting.ANONYMISE


def impersonal(submission: Submission) -> dict[str, object]:
    """The answers that tell nothing of a person: chosen values, numbers, districts.

    Free texts, dates, numbers of documents, places and files go, and whatever is marked sensitive.
    """
    schema = submission.version.schema
    return {
        key: value
        for key, value in submission.answers.items()
        if (question := schema.by_key.get(key)) is not None
        and question.type in _IMPERSONAL
        and not question.sensitive
        and not types.get(question.type).personal
    }


_IMPERSONAL = frozenset(
    {"choice", "select", "search_select", "multi_choice", "yes_no", "checkbox", "declaration",
     "district", "number", "money"}
)  # fmt: skip
