"""The form behind what comes on paper, by phone or at the counter: one for every service.

A clerk enters who asks and what for, and adds the scan. It is a form like any other, so answers,
files, retention and reading work as for what citizens fill in themselves.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop

from casework import built_in
from casework.models import Kind
from forms.models import FormVersion

KEY = "paper"
SCAN = "scan"
#: What is taken of scans, in kilobytes and files.
_SCANS: dict[str, Any] = {
    "accept": ["application/pdf", "image/jpeg", "image/png"],
    "extensions": ["pdf", "jpg", "jpeg", "png"],
    "max_size_kb": 10 * 1024,
    "max_files": 10,
}


def version() -> FormVersion:
    """The present version, written anew where its texts have changed since."""
    ask = built_in.question
    kinds = [{"value": kind.value, "label": built_in.texts(kind.label)} for kind in Kind]
    return built_in.version(
        KEY,
        gettext_noop("Request on paper"),
        built_in.step(
            "applicant",
            gettext_noop("Applicant"),
            # Not required by the form: an appeal may come without a name (doors.py).
            ask("full_name", "text", gettext_noop("Full name"), max_length=120),
            ask("pinfl", "pinfl", gettext_noop("Personal number (PINFL)")),
            ask("phone", "phone", gettext_noop("Phone")),
            ask("email", "email", gettext_noop("E-mail")),
            ask("address", "textarea", gettext_noop("Address"), max_length=250),
        ),
        built_in.step(
            "matter",
            gettext_noop("Matter"),
            ask("kind", "choice", gettext_noop("Kind"), required=True) | {"options": kinds},
            ask("text", "textarea", gettext_noop("What is asked for"), required=True,
                max_length=10_000),
            ask(SCAN, "file", gettext_noop("Scan"), **_SCANS),
        ),
    )  # fmt: skip
