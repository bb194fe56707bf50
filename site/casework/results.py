"""Result documents: made of a favourable decision, signed by whoever decides, open to verifying.

The paper names the applicant; the page that verifies it does not: it says whether number and code
belong to a valid document, of which agency, from which day, and what its bytes add up to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.models import User
from casework import access, selectors
from casework.documents import EXCHANGED
from casework.graph import State
from casework.models import ResultDocument, ServiceRequest
from casework.numbers import parse_number
from core import private_files, qr
from core.pdf import compile_pdf
from core.texts import pick
from forms import uploads
from forms.models import Attachment
from languages.dates import format_date
from languages.registry import by_code
from operations.throttle import limit

_TEMPLATE = Path(__file__).parent / "typst" / "result.typ"


def verification_address(number: str, code: str, language: str) -> str:
    """The address that the QR code holds."""
    with translation.override(language):
        return settings.BASE_URL + reverse("casework:verified", args=[number, code])


@contextmanager
def issued(
    request: ServiceRequest, signer: User, text: str, now: datetime
) -> Iterator[list[dict[str, Any]]]:
    """Make the document of a decision while it is taken, in one transaction.

    Gives `[{"uuid", "name", "size"}]`. Where the block raises, neither rows nor file stay.
    """
    code = access.new_code()
    content = pdf(request, signer, text, code, now)
    attachment = Attachment(
        submission_id=request.submission_id,
        question_key=EXCHANGED,
        filename=f"{request.number}.pdf",
        content_type="application/pdf",
    )
    with private_files.written() as saved:
        private_files.store(attachment, content, saved)
        ResultDocument.objects.create(
            request=request, code=code, signed_by=signer, issued_at=now,
            attachment=attachment.uuid, sha256=attachment.sha256,
        )  # fmt: skip
        yield [uploads.named(attachment)]


def pdf(request: ServiceRequest, signer: User, text: str, code: str, now: datetime) -> bytes:
    """The document in the applicant's language (PDF/UA-1)."""
    with translation.override(request.language):
        return compile_pdf(_TEMPLATE, facts(request, signer, text, code, now))


def facts(
    request: ServiceRequest, signer: User, text: str, code: str, now: datetime
) -> dict[str, Any]:
    """Everything that stands on the document, in the active language."""
    language = request.language
    subject = request.subject
    address = verification_address(request.number, code, language)
    rows = [
        (_("Number"), request.number),
        (_("Date"), format_date(timezone.localdate(now), language)),
        (_("Applicant"), subject.get("full_name", "")),
        (_("On behalf of"), subject.get("organization", "")),
        (_("Signed by"), signer.full_name),
    ]
    return {
        "title": selectors.title_of(request, language),
        "agency": pick(request.agency.name, language),
        "author": pick(request.agency.name, language),
        "site": settings.BASE_URL.partition("://")[2],
        "lang": by_code(language).iso,
        "demonstration": _("A demonstration: not an official document.") if settings.DEMO else "",
        "facts": [{"label": label, "text": value} for label, value in rows if value],
        "paragraphs": [line for line in text.splitlines() if line.strip()],
        "qr": qr.svg(address),
        "qr_alt": _("QR code with the address: %(address)s") % {"address": address},
        "qr_label": _("Verify this document"),
        "code_label": _("Code"),
        "code": code,
    }


def find(number: str, code: str) -> ResultDocument | None:
    """The document with this number and code, valid or revoked; None for anything else.

    Raises operations.throttle.TooMany after twenty tries of a number in an hour.
    """
    known = parse_number(number)
    if known is None:
        return None
    limit("verify", known, "20/h")
    found = None
    typed = access.normal(code)
    rows = ResultDocument.objects.filter(request__number=known).select_related(
        "request__agency", "request__service", "request__submission__version",
        "request__passport_version",
    )  # fmt: skip
    for row in rows:
        # All are compared: the answer takes as long whichever fits.
        if constant_time_compare(typed, row.code):
            found = row
    return found


def on_moved(sender: Any, request: ServiceRequest, **kwargs: Any) -> None:
    """What is considered again has no valid document."""
    if request.state == State.REOPENED:
        request.results.filter(revoked_at__isnull=True).update(revoked_at=request.state_since)
