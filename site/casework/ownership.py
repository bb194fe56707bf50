"""Whose a request is: of who sent it, and of those who act for the same firm or person today."""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User
from accounts.selectors import mandates_of
from casework.models import ServiceRequest


def own(user: User) -> Q:
    """Requests that `user` may see and act on as the applicant.

    What was sent on somebody's behalf belongs to whoever acts for them today, within the services
    of the mandate; once a mandate has ended nothing of it is shown, not even what one sent.
    """
    found = Q(applicant=user, representation__isnull=True)
    for mandate in mandates_of(user):
        if mandate.organization_id is not None:
            part = Q(organization_id=mandate.organization_id)
        else:
            part = Q(representation_id=mandate.pk, applicant=user)
        if mandate.scope:
            part &= Q(service__key__in=mandate.scope)
        found |= part
    return found


def acts_for(user: User, request: ServiceRequest) -> bool:
    """Whether `user` is an applicant of this request today."""
    if request.representation_id is None:
        return request.applicant_id == user.pk
    return ServiceRequest.objects.filter(own(user), pk=request.pk).exists()
