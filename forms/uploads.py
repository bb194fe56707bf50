"""Files that applicants attach: checked, renamed, kept where no address reaches."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from core import private_files
from forms import scanning
from forms.engine.schema import Question, Step
from forms.engine.types import AnswerError, files, get, pictures
from forms.engine.types.files import sniff
from forms.models import Attachment, Draft

__all__ = [
    "Checked",
    "check",
    "drop_unreferenced",
    "keep",
    "named",
    "referenced",
    "remove",
    "sniff",
    "take",
]


log = logging.getLogger(__name__)


class Files(Protocol):
    """What Django's `request.FILES` is."""

    def getlist(self, key: str) -> list[UploadedFile]:
        """All files of a name."""


def take(draft: Draft, step: Step, sent: Files, saved: list[Attachment]) -> dict[str, str]:
    """Keep the files of a step with a locked draft; errors by question.

    Good files are kept where another one is refused. Changes `draft.answers`, which the caller
    saves; `saved` is the list of `private_files.written`.
    """
    errors: dict[str, str] = {}
    for question in step.questions:
        uploads = sent.getlist(question.key) if get(question.type).is_file else []
        if not uploads:
            continue
        try:
            _take_question(draft, question, uploads, saved)
        except AnswerError as error:
            errors[question.key] = error.text()
    return errors


def _take_question(
    draft: Draft, question: Question, uploads: list[UploadedFile], saved: list[Attachment]
) -> None:
    present: list[dict[str, Any]] = list(draft.answers.get(question.key) or [])
    most = question.rule("max_files", 1)
    if most == 1:
        # A new file takes the place of the old one: that is what choosing another means.
        present = []
    if len(present) + len(uploads) > most:
        raise AnswerError(_("Too many files. At most: %(count)s"), count=most)
    limit = draft.version.schema.max_total_upload_kb * files.KB
    others = draft.attachments.exclude(question_key=question.key)
    used = (others.aggregate(total=Sum("size"))["total"] or 0) + sum(f["size"] for f in present)
    problem: AnswerError | None = None
    for upload in uploads:
        try:
            files.check_size(question, upload.size or 0)
            used += upload.size or 0
            if used > limit:
                raise AnswerError(
                    _("All files together are too large. At most: %(limit)s"),
                    limit=files.Size(limit),
                )
            attachment = keep(
                check(question, upload), saved, question_key=question.key, draft=draft
            )
        except AnswerError as error:
            problem = error
            continue
        present.append(named(attachment))
    if present:
        draft.answers[question.key] = present
    if problem is not None:
        raise problem


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its bytes as they are stored, its kind as they say."""

    name: str
    kind: str
    content: bytes
    state: Attachment.State


def check(question: Question, upload: UploadedFile) -> Checked:
    """A file as a question takes it: size, kind, scanner, nothing in pictures beside the picture.

    Raises AnswerError. Every file from outside comes in through here.
    """
    files.check_size(question, upload.size or 0)
    content = upload.read()
    name = files.safe_name(upload.name or "")
    kind = files.inspect(question, name, upload.content_type or "", content)
    state = _scan(content)
    return Checked(name, kind, _bare(question, kind, content), state)


def keep(
    found: Checked, saved: list[Attachment], *, question_key: str, **holder: Any
) -> Attachment:
    """A checked file as an attachment of its holder; `saved` is the list of `private_files.written`."""
    attachment = Attachment(
        question_key=question_key, filename=found.name, content_type=found.kind, state=found.state,
        **holder,
    )  # fmt: skip
    private_files.store(attachment, found.content, saved)
    return attachment


def named(attachment: Attachment) -> dict[str, Any]:
    """How an answer or an event names a file."""
    return {"uuid": str(attachment.uuid), "name": attachment.filename, "size": attachment.size}


def _scan(content: bytes) -> Attachment.State:
    """What the scanner says, where there is one. Raises AnswerError where it finds something, and
    where it cannot say: a scanner that is down lets nothing through."""
    if not scanning.is_set():
        return Attachment.State.UPLOADED
    try:
        infected = scanning.is_infected(content)
    except scanning.ScannerDown as error:
        log.error("virus scanner: %s", error)
        raise AnswerError(
            _("Files cannot be checked just now, so none is taken. Try again in some minutes.")
        ) from error
    if infected:
        raise AnswerError(_("A virus was found in the file. Send it from another device."))
    return Attachment.State.CLEAN


def _bare(question: Question, kind: str, content: bytes) -> bytes:
    """The file without what is no part of it. Raises AnswerError on a damaged picture."""
    if not kind.startswith("image/") or question.validation.get("keep_original"):
        return content
    try:
        return pictures.without_metadata(kind, content)
    except ValueError as error:
        raise AnswerError(_("The picture cannot be read. Choose another one.")) from error


def remove(draft: Draft, uuid: str) -> None:
    """Take a file off the answers of a locked draft; nothing happens where it is not there."""
    for key, value in list(draft.answers.items()):
        question = draft.version.schema.by_key.get(key)
        if question is not None and get(question.type).is_file:
            left = [item for item in value if item["uuid"] != uuid]
            draft.answers[key] = left
            if not left:
                del draft.answers[key]


def referenced(draft: Draft) -> set[str]:
    """Uuids of the files that the answers of a draft name."""
    schema = draft.version.schema
    return {
        str(item["uuid"])
        for question in schema.questions()
        if get(question.type).is_file
        for item in draft.answers.get(question.key) or []
    }


def drop_unreferenced(draft: Draft, files: Iterable[Attachment] | None = None) -> None:
    """Delete the files of a draft that no answer names any more (`files`: all of its files)."""
    kept = referenced(draft)
    held = draft.attachments.all() if files is None else files
    private_files.drop(row for row in held if str(row.uuid) not in kept)


def delete_orphans() -> int:
    """Delete bytes that no row names: what a crash between disk and database left; how many."""
    return private_files.delete_orphans(Attachment, "attachments")
