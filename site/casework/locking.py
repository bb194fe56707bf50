"""The row lock under which everything about a request happens."""

from __future__ import annotations

from casework.models import ServiceRequest


def locked_request(pk: int) -> ServiceRequest:
    """The request under a row lock, in the caller's transaction.

    Locked first, read afterwards: in one statement PostgreSQL joins the row as another has just
    changed it to the agency, executor or unit that it had before, and finds nothing.
    """
    ServiceRequest.objects.select_for_update().values("pk").get(pk=pk)
    rows = ServiceRequest.objects.select_related("agency", "assignee", "unit", "passport_version")
    return rows.get(pk=pk)
