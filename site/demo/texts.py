"""What every loader of the demonstration's pages uses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from wagtail.models import Page

from core.texts import complete
from demo.reading import items

REASON = "demonstration"
#: Languages whose texts are converted.
MACHINE = frozenset({"uz-cyrl"})
NAMESPACE = uuid.UUID("7c9e6679-7425-40de-944b-e07fc1f90ae7")


class Texts:
    """Uzbek texts of one page, remembered with their translations."""

    def __init__(self) -> None:
        self.memory: dict[str, dict[str, str]] = {}

    def __call__(self, texts: Mapping[str, str] | None) -> str:
        """The Uzbek text; empty for nothing."""
        if not texts:
            return ""
        whole = complete(dict(texts))
        source = whole.get("uz", "")
        if source:
            self.memory.setdefault(source, {}).update(whole)
        return source


def missing(parent: Page, slug: str) -> bool:
    """Whether a parent has no child of a slug yet."""
    return not parent.get_children().filter(slug=slug).exists()


def owner_of(key: str) -> dict[str, str]:
    """The name of the body that answers for a text."""
    record = next((item for item in items("agencies") if item["key"] == key), None)
    return record["name"] if record else {}
