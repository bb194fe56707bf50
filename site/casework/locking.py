"""The row lock under which everything about a request happens."""

from __future__ import annotations

from casework.models import ServiceRequest


def locked_request(pk: int) -> ServiceRequest:
    """The request under a row lock, in the caller's transaction."""
    return (
        ServiceRequest.objects.select_for_update(of=("self",))
        .select_related("agency", "assignee", "unit", "passport_version")
        .get(pk=pk)
    )
