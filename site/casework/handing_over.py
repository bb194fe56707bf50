"""Open requests pass to the agency that took over what theirs did."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Agency, User
from casework import journal
from casework.graph import CLOSED
from casework.models import RequestTask, ServiceRequest


@transaction.atomic
def hand_over_all(old: Agency, new: Agency, *, actor: User | None, note: str) -> int:
    """Give every open request of `old` to `new`, its term unchanged; how many.

    Nobody is assigned afterwards: the new agency says who answers. What was decided stays where
    it was decided.
    """
    count = 0
    rows = ServiceRequest.objects.filter(agency=old).exclude(state__in=CLOSED).order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)):
        request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=pk)
        if request.is_closed or request.agency_id != old.pk:
            continue
        request.agency, request.assignee, request.unit = new, None, None
        request.save(update_fields=["agency", "assignee", "unit"])
        journal.record(
            request, "handed_over", actor=actor, public=note,
            data={"from": old.key, "to": new.key},
        )  # fmt: skip
        count += 1
    # What the old agency was asked in requests of others is asked of the new one.
    asked = RequestTask.objects.filter(agency=old, status=RequestTask.Status.OPEN)
    known = RequestTask.objects.filter(agency=new, status=RequestTask.Status.OPEN)
    asked.exclude(request__in=known.values("request")).update(agency=new)
    return count
