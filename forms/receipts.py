"""The receipt of a submission as PDF: tagged, in the language in which the form was filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core import qr
from core.links import in_language
from core.moments import format_moment
from core.pdf import compile_pdf
from core.texts import pick
from forms import selectors
from forms.engine.types.files import megabytes
from forms.models import Signature, Submission
from languages.registry import by_code

_TEMPLATE = Path(__file__).parent / "typst" / "receipt.typ"


def pdf(submission: Submission) -> bytes:
    """The PDF (PDF/UA-1). Ten years on it says the same: it is made from the version sent with."""
    with translation.override(submission.language):
        data = facts(submission)
    return compile_pdf(_TEMPLATE, data)


def facts(submission: Submission) -> dict[str, Any]:
    """Everything that stands on the receipt, in the active language."""
    language = submission.language
    service = submission.version.definition.service
    mandate = submission.representation
    rows = [
        (_("Number"), submission.receipt_number),
        (_("Sent"), format_moment(submission.submitted_at, language)),
        (_("Agency"), pick(service.agency.name, language) if service else ""),
        (_("Applicant"), submission.user.full_name if submission.user else ""),
        (_("On behalf of"), str(mandate.represented) if mandate else ""),
    ]
    status = _status_address(submission)
    steps = selectors.shown_submission(submission, language)
    return {
        "title": submission.version.title(language),
        "author": "Yagona portal",
        "site": settings.BASE_URL.partition("://")[2],
        "lang": by_code(language).iso,
        "demonstration": _("A demonstration: not an official document.") if settings.DEMO else "",
        "facts": [{"label": label, "text": text} for label, text in rows if text],
        "qr": qr.svg(status) if status else "",
        "qr_alt": _("QR code with the address: %(address)s") % {"address": status},
        "qr_label": _("Where the request stands"),
        "steps": [
            {
                "title": step.title,
                "answers": [
                    {"label": answer.label, "lines": _lines(answer)} for answer in step.answers
                ],
            }
            for step in steps
        ],
        "files_title": _("Attached files"),
        "files": [
            f"{row.filename} ({megabytes(row.size)}), SHA-256: {row.sha256[:16]}"
            for row in submission.attachments.all()
        ],
        "signature_title": _("Electronic signature"),
        "signature": _signature(submission, language),
    }


def _lines(answer: selectors.ShownAnswer) -> list[str]:
    if answer.files:
        return [str(file["name"]) for file in answer.files]
    return answer.text.splitlines() or [_("not answered")]


def _status_address(submission: Submission) -> str:
    path = submission.status_url or submission.receipt_url
    if not path:
        return ""
    return f"{settings.BASE_URL.rstrip('/')}{in_language(path, submission.language)}"


def _signature(submission: Submission, language: str) -> list[dict[str, str]]:
    found = Signature.objects.filter(submission=submission).first()
    if found is None:
        return []
    rows = [
        (_("Signed by"), found.signer_name),
        (_("Certificate"), found.certificate),
        (_("Signed"), format_moment(found.signed_at, language)),
        ("SHA-256", found.answers_sha256),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]
