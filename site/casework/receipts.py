"""What an applicant holds of a request: its number, and the addresses of the receipt and the state."""

from __future__ import annotations

from django.urls import reverse

from casework.models import ServiceRequest
from forms.models import Submission


def write(request: ServiceRequest, submission: Submission) -> None:
    """Write the receipt of a registered request into what was sent; saving it is the caller's."""
    submission.receipt_number = request.number
    submission.receipt_url = reverse("casework:receipt", args=[request.uuid])
    submission.status_url = reverse("casework:status")


def keep(request: ServiceRequest) -> None:
    """Write it and save it: its PDF tells number and address."""
    submission = request.submission
    write(request, submission)
    Submission.objects.filter(pk=submission.pk).update(
        receipt_number=submission.receipt_number, receipt_url=submission.receipt_url,
        status_url=submission.status_url,
    )  # fmt: skip
