"""Files that the agency and the applicant exchange about a request once it is sent.

They are attachments of its submission, in the same private storage and under the same rules of
checking and reading as what came with the form; their `question_key` is no question's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from casework.models import ServiceRequest
from core import private_files
from forms import uploads
from forms.engine.types import AnswerError, files
from forms.models import Attachment

#: Never the key of a question: those begin with a letter.
EXCHANGED = "_exchanged"
MOST_FILES = 5
#: What is taken, as a form would ask for it: 10 MB each.
_ASKED = files.scans(EXCHANGED, megabytes=10)
ACCEPT = files.accept(_ASKED)


class BadFile(Exception):
    """A file that cannot be taken; the text says why and what to do."""


@contextmanager
def kept(
    request: ServiceRequest,
    sent: Iterable[UploadedFile],
    key: str = EXCHANGED,
    most: int = MOST_FILES,
) -> Iterator[list[dict[str, Any]]]:
    """Keep files with a request while something is done with them, in one transaction.

    `key` is the question whose answer they are; by default none's.
    Gives `{"uuid", "name", "size"}` of each. Raises BadFile before anything is written; where
    the block raises, neither rows nor files stay.
    """
    chosen = list(sent)
    if len(chosen) > most:
        raise BadFile(_("Too many files. At most: %(count)s") % {"count": most})
    checked = [_check(upload) for upload in chosen]
    with private_files.written() as saved:
        for found in checked:
            uploads.keep(found, saved, question_key=key, submission_id=request.submission_id)
        yield [uploads.named(row) for row in saved]


def discard(request: ServiceRequest, sent: Iterable[dict[str, Any]]) -> None:
    """Remove files that never left the agency: those of a draft that the head returned."""
    private_files.drop(
        Attachment.objects.filter(
            submission_id=request.submission_id,
            question_key=EXCHANGED,
            uuid__in=[file["uuid"] for file in sent],
        )
    )


def _check(upload: UploadedFile) -> uploads.Checked:
    """An acceptable file. Raises BadFile."""
    try:
        return uploads.check(_ASKED, upload)
    except AnswerError as error:
        raise BadFile(error.text()) from error
