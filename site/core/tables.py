"""Tables of data as files: CSV and XLSX that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | Decimal | None
#: What a spreadsheet takes for the begin of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text so that no spreadsheet computes it: `=1+1` → `'=1+1`."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _storable(text: str) -> str:
    """Without what XML cannot hold, and no longer than a cell may be."""
    return "".join(c for c in text if c in "\t\n\r" or c >= " ")[:32_000]


def _cell(value: Cell) -> Cell:
    return harmless(_storable(value)) if isinstance(value, str) else value


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows (the first one is the head) as CSV in UTF-8, marked so that spreadsheets know it."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """Named sheets of rows as a workbook. Numbers stay numbers."""
    book = Workbook(write_only=True)
    for title, rows in sheets:
        # What Excel refuses in a name, and its longest one.
        sheet = book.create_sheet("".join(c for c in title if c not in r"[]:*?/\ ")[:31])
        for row in rows:
            sheet.append([_cell(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
