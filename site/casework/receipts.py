"""What an applicant holds of a request: its number, and the addresses of the receipt and the state."""

from __future__ import annotations

from django.urls import reverse

from casework.models import ServiceRequest
from forms.models import Submission
from forms.receivers import Receipt


def receipt_of(request: ServiceRequest) -> Receipt:
    """The receipt of a registered request."""
    return Receipt(
        request.number,
        reverse("casework:receipt", args=[request.uuid]),
        reverse("casework:status"),
    )


def keep(request: ServiceRequest) -> ServiceRequest:
    """Write the receipt into what was sent where no form did: its PDF tells number and address."""
    receipt = receipt_of(request)
    Submission.objects.filter(pk=request.submission_id).update(
        receipt_number=receipt.number, receipt_url=receipt.url, status_url=receipt.status_url
    )
    return request
