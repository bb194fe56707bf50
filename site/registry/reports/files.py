"""A report as PDF (tagged), as XLSX with every row, and as JSON with the frozen figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import charts, tables
from core.pdf import band, compile_pdf, frame
from languages.dates import NBSP, format_date, format_year
from languages.registry import by_code
from registry.models import Report
from registry.monitoring.telling import Public, Teller
from registry.reports.parts import Cell, Section, Table
from registry.reports.showing import sections

_TEMPLATE = Path(__file__).parent.parent / "typst" / "report.typ"
#: Rows of a table in the PDF; the annex has all.
MOST = 40


def last_year(report: Report) -> Report | None:
    """The signed report of the year before, to compare with."""
    return Report.objects.public().of(report.year - 1).first()


def title(report: Report) -> str:
    """Its name, in the active language."""
    year = format_year(report.year, get_language() or "uz")
    named = _("Report on interactive public services for %(year)s") % {"year": year}
    # It does not stand alone in a second line.
    named = named.replace(f" {year}", f"{NBSP}{year}")
    return named if report.edition == 1 else f"{named} · {_('corrected edition')} {report.edition}"


def name(report: Report, language: str) -> str:
    """Its name as a file, without the ending."""
    edition = f"-{report.edition}" if report.edition > 1 else ""
    return f"report-{report.year}{edition}-{language}"


def to_pdf(report: Report, language: str, teller: Teller | None = None) -> bytes:
    """In the active language, which `language` is; without `teller` every figure is told exactly."""
    return compile_pdf(
        _TEMPLATE,
        {
            **frame(title(report), language),
            "band": band(),
            "facts": [
                f"{format_date(report.first_day, language)} – "
                f"{format_date(report.last_day, language)}",
                str(report.get_state_display()),
                *([_public_note()] if teller else []),
            ],
            "contents": _("Contents"),
            "sections": [
                _section(part) for part in sections(report, language, last_year(report), teller)
            ],
        },
    )


def _public_note() -> str:
    return _(
        "Public edition: numbers of fewer than 5 requests are not told, others are rounded to 5; "
        "a dash stands where a number would give a smaller one away."
    )


def _section(part: Section) -> dict[str, Any]:
    return {
        "title": part.title,
        "comment": part.comment,
        "empty": part.empty if part.is_empty else "",
        "charts": [
            {
                "title": chart.title,
                "svg": str(chart.svg(charts.IN_PDF)),
                "alt": f"{chart.title}. {chart.description}",
            }
            for chart in part.charts
        ],
        "tables": [
            {
                "title": table.title,
                "head": table.head,
                "rows": [[_cell(cell) for cell in row] for row in table.rows[:MOST]],
                "widths": table.widths,
                "rights": table.rights,
                "more": _more(table),
            }
            for table in part.tables
            if table.rows
        ],
    }  # fmt: skip


def _cell(cell: Cell) -> dict[str, str]:
    return {"text": cell.text, "lang": by_code(cell.language).iso if cell.language else ""}


def _more(table: Table) -> str:
    """What of a table is not on the page, in words."""
    if len(table.rows) > MOST:
        return f"{_('Further rows stand in the annex:')} {len(table.rows) - MOST}"
    if table.leaves_out:
        return _("Rows of fewer than 5 requests are not shown; the totals have them.")
    return ""


def to_xlsx(report: Report, language: str, teller: Teller | None = None) -> bytes:
    """A sheet for each section, with every row; numbers are numbers."""
    sheets = []
    for number, part in enumerate(sections(report, language, last_year(report), teller), 1):
        rows: list[list[tables.Cell]] = [[part.title], [part.comment or part.empty], []]
        for table in part.tables:
            if table.rows:
                rows += [[table.title], [*table.head]]
                rows += [
                    [cell.text if cell.number is None else cell.number for cell in row]
                    for row in table.rows
                ]
                rows.append([])
        sheets.append((f"{number} {part.title}", rows))
    return tables.to_xlsx(sheets)


def to_json(report: Report, language: str) -> bytes:
    """What is frozen, with the hash that proves it; the same in every language."""
    body = {
        "year": report.year,
        "edition": report.edition,
        "period": [report.first_day.isoformat(), report.last_day.isoformat()],
        "state": report.state,
        "run": report.run,
        "hash": report.hash,
        "figures": report.figures,
        "comments": report.comments,
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _public_pdf(report: Report, language: str) -> bytes:
    return to_pdf(report, language, Public(language))


def _public_xlsx(report: Report, language: str) -> bytes:
    return to_xlsx(report, language, Public(language))


def _public_json(report: Report, language: str) -> bytes:
    """What the page says, table by table; nothing more exact."""
    body = {
        "year": report.year,
        "edition": report.edition,
        "period": [report.first_day.isoformat(), report.last_day.isoformat()],
        "state": report.state,
        "language": language,
        "hash": report.hash,
        "sections": [
            {
                "key": part.key,
                "title": part.title,
                "comment": part.comment,
                "tables": [
                    {
                        "title": table.title,
                        "head": table.head,
                        "rows": [[cell.text for cell in row] for row in table.rows],
                    }
                    for table in part.tables
                    if table.rows
                ],
            }
            for part in sections(report, language, last_year(report), Public(language))
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


#: ending → (content type, writer)
FORMATS: dict[str, tuple[str, Callable[[Report, str], bytes]]] = {
    "pdf": ("application/pdf", to_pdf),
    "xlsx": (tables.XLSX, to_xlsx),
    "json": ("application/json", to_json),
}
#: The same for everybody.
PUBLIC: dict[str, tuple[str, Callable[[Report, str], bytes]]] = {
    "pdf": ("application/pdf", _public_pdf),
    "xlsx": (tables.XLSX, _public_xlsx),
    "json": ("application/json", _public_json),
}
