"""What may be attached to a mandate: the rules of files in forms (`accounts.papers.Door`)."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.papers import Checked, NotTaken
from forms import uploads
from forms.engine.types import AnswerError, files
from forms.models import Attachment

#: As a form would ask for it.
_ASKED = files.scans("_paper", megabytes=5)


class MandateDoor:
    """Scans and photos, sniffed, scanned, without the place where they were taken."""

    accept = files.accept(_ASKED)
    words: Any = _("PDF, JPG or PNG, up to 5 MB each.")

    def check(self, upload: UploadedFile) -> Checked:
        """The file as it may be kept. Raises NotTaken."""
        try:
            found = uploads.check(_ASKED, upload)
        except AnswerError as error:
            raise NotTaken(error.text()) from error
        return Checked(found.name, found.kind, found.content, found.state == Attachment.State.CLEAN)
