"""What a request is counted by, fixed when it comes: kept in its first event, nobody's name.

The registry's figures are computed from events alone, so that they stay the same when what is
personal goes.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from accounts.selectors import profile_value
from casework.models import ServiceRequest
from core.models import District
from forms.engine.schema import Schema
from forms.models import Source, Submission


class ApplicantKind(models.TextChoices):
    """For whom a request was sent."""

    PERSON = "person", _("Individuals")
    ORGANIZATION = "organization", _("Legal entities")
    UNKNOWN = "unknown", _("Without an account")


def facts(request: ServiceRequest, submission: Submission, schema: Schema) -> dict[str, Any]:
    """`{"district", "applicant"}` of a request that is about to be registered."""
    return {
        "district": _district(request.agency, submission, schema),
        "applicant": applicant_kind(request.applicant_id, request.organization_id),
    }


def applicant_kind(applicant: int | None, organization: int | None) -> str:
    """One of ApplicantKind, from the ids of account and firm."""
    if organization is not None:
        return ApplicantKind.ORGANIZATION
    return ApplicantKind.PERSON if applicant is not None else ApplicantKind.UNKNOWN


def territory_key(agency: Agency) -> str:
    """Key of the city or district that an agency serves; empty for one of the republic."""
    place = agency.territory
    return place.key if place is not None and place.kind != District.Kind.REPUBLIC else ""


def _district(agency: Agency, submission: Submission, schema: Schema) -> str:
    """Of the agency that answers, else as the form was answered, else where the applicant lives."""
    if found := territory_key(agency):
        return found
    for question in schema.questions():
        value = submission.answers.get(question.key)
        if question.type == "district" and isinstance(value, str) and value:
            return value
    if submission.source != Source.PORTAL or submission.user is None:
        return ""
    return profile_value(submission.user, "profile.district")
