"""Where the lists that questions offer come from."""

from __future__ import annotations

from accounts.models import Agency
from core.models import District
from forms.engine.references import Rows


def districts() -> Rows:
    """Cities and districts of Karakalpakstan, in their order."""
    return list(District.objects.exclude(kind=District.Kind.REPUBLIC).values_list("key", "name"))


def receiving() -> Rows:
    """Agencies whose heads receive citizens on days of the week, hokimiyats too."""
    rows = Agency.objects.filter(active=True, reception_slots__isnull=False)
    return list(rows.distinct().values_list("key", "name"))


def agencies() -> Rows:
    """Bodies of the republic that receive requests; hokimiyats are chosen by their district."""
    return list(
        Agency.objects.filter(active=True, level=Agency.Level.REPUBLIC).values_list("key", "name")
    )
