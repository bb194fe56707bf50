"""What an applicant holds of a request: its number, and the addresses of the receipt and the state."""

from __future__ import annotations

from django.urls import reverse

from casework.models import ServiceRequest
from core.rows import add
from forms.models import Submission


def write(request: ServiceRequest, submission: Submission) -> None:
    """Write the receipt of a registered request into what was sent; saving it is the caller's."""
    submission.receipt_number = request.number
    submission.receipt_url = reverse("casework:receipt", args=[request.uuid])
    submission.status_url = reverse("casework:status")


def keep(request: ServiceRequest) -> None:
    """Write it and save it: its PDF tells number and address. What was sent is stored with it, where
    it is not stored yet."""
    submission = request.submission
    write(request, submission)
    if submission._state.adding:
        add(submission)
        request.submission = submission  # the request learns its key
    else:
        submission.save(update_fields=["receipt_number", "receipt_url", "status_url"])
