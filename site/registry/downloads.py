"""The registry as files: CSV, XLSX, JSON and PDF, in each language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from core import tables
from core.pdf import band, compile_pdf, frame
from languages.dates import format_date, format_number
from registry import columns
from registry.browsing import Filters
from registry.models import RegistryVersion

_TEMPLATE = Path(__file__).parent / "typst" / "registry.typ"
#: The table of the PDF, on pages laid sideways, with the share of the width of each column.
_PRINTED = {
    "registry_number": 1.0, "title": 2.4, "agency": 2.3, "form": 1.35, "phase": 1.4, "status": 1.1,
    "fee": 1.3, "term": 1.4, "head": 1.5, "executor": 2.1, "launched_on": 1.6, "decision": 1.6,
}  # fmt: skip


def _rows(filters: Filters, language: str) -> Iterator[list[str]]:
    yield [str(label) for label in columns.COLUMNS.values()]
    for line in filters.lines().iterator(500):
        yield [columns.shown(name, line.content, language) for name in columns.COLUMNS]


def _csv(filters: Filters, version: RegistryVersion, language: str) -> bytes:
    return tables.to_csv(_rows(filters, language))


def _xlsx(filters: Filters, version: RegistryVersion, language: str) -> bytes:
    return tables.to_xlsx([(_("Registry"), _rows(filters, language))])


def _json(filters: Filters, version: RegistryVersion, language: str) -> bytes:
    """All languages: text maps stay maps, keys stay keys."""
    document = {
        "version": version.number,
        "published_at": version.published_at.isoformat(),
        "hash": version.hash,
        "lines": [line.content for line in filters.lines().iterator(500)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _pdf(filters: Filters, version: RegistryVersion, language: str) -> bytes:
    lines = filters.lines()
    return compile_pdf(
        _TEMPLATE,
        {
            **frame(_("Consolidated registry of interactive public services"), language),
            "band": band(),
            "facts": [
                f"{_('Version')}: {version.number}",
                f"{_('Published')}: {format_date(version.published_at.date(), language)}",
                f"{_('Services')}: {format_number(lines.count(), language)}",
            ],
            "columns": [
                {"label": str(columns.COLUMNS[name]), "width": width}
                for name, width in _PRINTED.items()
            ],
            "rows": [
                [columns.shown(name, line.content, language) for name in _PRINTED]
                for line in lines.iterator(500)
            ],
        },
    )


#: ending → (content type, writer)
FORMATS: dict[str, tuple[str, Callable[[Filters, RegistryVersion, str], bytes]]] = {
    "csv": (tables.CSV, _csv),
    "xlsx": (tables.XLSX, _xlsx),
    "json": ("application/json", _json),
    "pdf": ("application/pdf", _pdf),
}
