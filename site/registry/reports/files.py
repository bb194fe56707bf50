"""A report as PDF (tagged), as XLSX with every row, and as JSON with the frozen figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core import tables
from core.pdf import compile_pdf
from languages.dates import format_date
from languages.registry import by_code
from registry.models import Report
from registry.reports.showing import MOST, sections

_TEMPLATE = Path(__file__).parent.parent / "typst" / "report.typ"


def last_year(report: Report) -> Report | None:
    """The signed report of the year before, to compare with."""
    return Report.objects.filter(year=report.year - 1).exclude(hash="").first()


def to_pdf(report: Report, language: str) -> bytes:
    """In the active language, which `language` is."""
    parts = sections(report, language, last_year(report))
    return compile_pdf(
        _TEMPLATE,
        {
            "title": f"{_('Report on interactive public services')}: {report.year}",
            "author": "Yagona portal",
            "lang": by_code(language).iso,
            "site": settings.BASE_URL.partition("://")[2],
            "demonstration": _("A demonstration: not an official document.")
            if settings.DEMO
            else "",
            "facts": [
                f"{format_date(report.first_day, language)} – "
                f"{format_date(report.last_day, language)}",
                str(report.get_state_display()),
            ],
            "more": _("Further rows stand in the annex."),
            "sections": [
                {
                    "title": part.title,
                    "comment": part.comment,
                    "chart": str(part.chart.svg()) if part.chart else "",
                    "alt": part.chart.description if part.chart else "",
                    "tables": [
                        {
                            "title": table.title,
                            "head": table.head,
                            "rows": table.rows[:MOST],
                            "cut": len(table.rows) > MOST,
                        }
                        for table in part.tables
                        if table.rows
                    ],
                }
                for part in parts
            ],
        },
    )


def to_xlsx(report: Report, language: str) -> bytes:
    """A sheet for each section."""
    sheets = []
    for number, part in enumerate(sections(report, language, last_year(report)), 1):
        rows: list[list[str]] = []
        for table in part.tables:
            rows += [[table.title], table.head, *table.rows, []]
        sheets.append((f"{number} {part.title}", rows or [[part.comment]]))
    return tables.to_xlsx(sheets)


def to_json(report: Report, language: str) -> bytes:
    """What is frozen, with the hash that proves it; the same in every language."""
    body = {
        "year": report.year,
        "period": [report.first_day.isoformat(), report.last_day.isoformat()],
        "state": report.state,
        "run": report.run,
        "hash": report.hash,
        "figures": report.figures,
        "comments": report.comments,
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


#: ending → (content type, writer)
FORMATS: dict[str, tuple[str, Callable[[Report, str], bytes]]] = {
    "pdf": ("application/pdf", to_pdf),
    "xlsx": (tables.XLSX, to_xlsx),
    "json": ("application/json", to_json),
}
