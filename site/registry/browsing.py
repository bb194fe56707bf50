"""The public registry: filters that are links, one version at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Agency
from core.texts import pick
from registry import columns
from registry.models import RegistryLine, RegistryLineQuerySet
from service_pages.vocabulary import Phase, Status

PER_PAGE = 50
#: Columns of the table on a page; the rest stands on the page of a line and in the downloads.
TABLE = ("registry_number", "title", "agency", "phase", "status", "launched_on", "decision")


@dataclass(frozen=True)
class Filters:
    """What of the registry is shown; empty values filter nothing."""

    version: int
    newest: int
    agency: str = ""
    phase: str = ""
    status: str = ""

    @classmethod
    def read(cls, newest: int, params: Mapping[str, str], agency: str = "") -> Filters:
        """Filters of an address. Unknown values filter nothing; an unknown version is the newest."""
        number = params.get("version", "")
        version = int(number) if number.isdecimal() and 0 < int(number[:9]) <= newest else newest
        phase, status = params.get("phase", ""), params.get("status", "")
        return cls(
            version,
            newest,
            agency=agency or params.get("agency", "")[:100],
            phase=phase if phase in {str(value) for value in Phase.values} else "",
            status=status if status in Status.values else "",
        )

    def lines(self) -> RegistryLineQuerySet:
        """Lines that are left, in the order of their numbers."""
        rows = RegistryLine.objects.of(self.version)
        if self.agency:
            rows = rows.filter(agency_key=self.agency)
        if self.phase:
            rows = rows.filter(phase=int(self.phase))
        if self.status:
            rows = rows.filter(status=self.status)
        return rows.order_by("registry_number", "pk")

    def query(self, **changes: Any) -> str:
        """The query of the same address with some filters changed: `?phase=3`, or `?`."""
        wanted = replace(self, **changes)
        values = {
            "agency": wanted.agency,
            "phase": wanted.phase,
            "status": wanted.status,
            "version": "" if wanted.version == self.newest else str(wanted.version),
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})


def menus(filters: Filters, language: str) -> list[dict[str, Any]]:
    """Phase, status and agency as lists of links with counts; a chosen one leads back."""
    phases = _menu(filters, "phase", {str(key): label for key, label in Phase.choices})
    statuses = _menu(filters, "status", dict(Status.choices))
    names = {row.key: pick(row.name, language) for row in Agency.objects.order_by("order", "key")}
    agencies = _menu(filters, "agency", names, column="agency_key")
    found = [
        {"title": _("Phase"), "items": phases},
        {"title": _("Status"), "items": statuses},
        {"title": _("Agency"), "items": agencies},
    ]
    return [menu for menu in found if menu["items"]]


def _menu(
    filters: Filters, name: str, labels: Mapping[str, Any], column: str = ""
) -> list[dict[str, Any]]:
    without: dict[str, Any] = {name: ""}
    rows = replace(filters, **without).lines().order_by()
    counted = rows.values_list(column or name).annotate(n=Count("pk"))
    counts = {str(value): number for value, number in counted}
    chosen = getattr(filters, name)
    return [
        {
            "label": label,
            "url": filters.query(**{name: "" if chosen == key else key}),
            "count": counts.get(key, 0),
            "current": chosen == key,
        }
        for key, label in labels.items()
        if counts.get(key) or chosen == key
    ]


def cells(line: RegistryLine, language: str) -> dict[str, str]:
    """The columns of the table on a page, as texts in the active language."""
    return {name: columns.shown(name, line.content, language) for name in TABLE}


def facts(line: RegistryLine, language: str) -> list[tuple[str, str]]:
    """(name, text) of every column that says something."""
    rows = [
        (str(label), columns.shown(name, line.content, language))
        for name, label in columns.COLUMNS.items()
    ]
    return [(label, text) for label, text in rows if text]
