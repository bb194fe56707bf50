"""The services that a mandate may be kept to, for the room of people below."""

from __future__ import annotations

from django.utils.translation import get_language

from service_pages.models import CatalogueEntry


def named() -> list[tuple[str, str]]:
    """(key, name) of every published service in the reader's language, by name."""
    rows = CatalogueEntry.objects.filter(language=get_language() or "uz").order_by("sort_title")
    return [(key, title) for key, title in rows.values_list("service__key", "title")]
