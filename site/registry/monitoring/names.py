"""Names of the values of each cut, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from casework.counted import ApplicantKind
from casework.models import Kind
from core.models import District
from core.texts import pick
from forms.models import Source
from registry.models.figures import Cut
from service_pages.models import CatalogueEntry, Service

#: Cuts that figures are shown by, with their names.
CUTS = {
    Cut.SERVICE: gettext_lazy("Service"),
    Cut.DISTRICT: gettext_lazy("City or district"),
    Cut.CHANNEL: gettext_lazy("Channel"),
    Cut.APPLICANT: gettext_lazy("Applicant"),
    Cut.KIND: gettext_lazy("Kind"),
}
#: With the counts by agency, and those of the house.
ALL_CUTS = (*(str(cut) for cut in CUTS), str(Cut.AGENCY), str(Cut.HOUSE))

#: Kinds side by side: a request for a service, and the three of the law on appeals.
KINDS: dict[str, Any] = {
    Kind.REQUEST: gettext_lazy("Requests for services"),
    Kind.APPLICATION: gettext_lazy("Appeals: applications"),
    Kind.PROPOSAL: gettext_lazy("Appeals: proposals"),
    Kind.COMPLAINT: gettext_lazy("Appeals: complaints"),
}


def of_values(cut: str, values: Iterable[str], language: str) -> dict[str, str]:
    """value → name; a value that is not there any more keeps its key."""
    wanted = set(values)
    unknown: dict[str, Any] = {"": _("Not known")}
    match cut:
        case Cut.SERVICE:
            found = dict(
                CatalogueEntry.objects.filter(
                    service__key__in=wanted, language=language
                ).values_list("service__key", "title")
            )
            numbers = dict(
                Service.objects.filter(key__in=wanted - found.keys()).values_list(
                    "key", "registry_number"
                )
            )
            return unknown | {value: value for value in wanted} | numbers | found
        case Cut.DISTRICT:
            rows = District.objects.filter(key__in=wanted)
            names: dict[str, Any] = {row.key: pick(row.name, language) for row in rows}
        case Cut.CHANNEL:
            names = dict(Source.choices)
        case Cut.APPLICANT:
            names = dict(ApplicantKind.choices)
        case _:
            names = {str(kind): label for kind, label in KINDS.items()}
    return {value: value for value in wanted} | unknown | {k: str(v) for k, v in names.items()}


def of_agencies(ids: Iterable[int], language: str) -> dict[int, Agency]:
    """id → agency."""
    return Agency.objects.in_bulk(list(ids))
