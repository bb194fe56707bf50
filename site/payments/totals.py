"""Figures of money for accountants: totals, charts, movements for bookkeeping. All in tiyin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Sum, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Agency
from core import tables as files
from core.money import Tiyin, in_soums
from payments import selectors
from payments.days import bounds
from payments.models import LedgerEntry
from payments.states import Account

#: Entries by which money came in, and by which it went back.
_IN, _OUT = ("paid", "surplus"), ("refunded",)
#: Size of a chart's field, in units of its own; most days drawn.
_WIDTH, _HEIGHT, _DAYS, _BAR = 900, 240, 92, 30
Row = tuple[str, Tiyin, Tiyin, Tiyin]


def _entries(agencies: Iterable[Agency], first: date, last: date) -> QuerySet[LedgerEntry]:
    start, end = bounds(first, last)
    return LedgerEntry.objects.filter(
        invoice__agency__in=list(agencies), at__gte=start, at__lt=end, kind__in=_IN + _OUT
    )


def _grouped(entries: QuerySet[LedgerEntry], field: Any) -> list[tuple[Any, Tiyin, Tiyin]]:
    """(value, in, out) for each value of an expression."""
    rows = entries.annotate(of=field).values("of").order_by("of")
    sums = rows.annotate(
        came=Sum("amount", filter=Q(kind__in=_IN)), went=Sum("amount", filter=Q(kind__in=_OUT))
    )
    return [(row["of"], Tiyin(int(row["came"] or 0)), Tiyin(int(row["went"] or 0))) for row in sums]


def _named(
    sums: Iterable[tuple[Any, Tiyin, Tiyin]], names: Mapping[Any, str], missing: str = "–"
) -> list[Row]:
    rows = [(str(names.get(key) or missing), came, went, came - went) for key, came, went in sums]
    return sorted(rows)


def report(agencies: Iterable[Agency], first: date, last: date) -> dict[str, Any]:
    """`tables`: totals by agency, service, way to pay and day; `chart`: bars of what came in each
    day; `shares`: bars of what came by each way. Five queries, whatever the time holds."""
    agencies = list(agencies)
    entries = _entries(agencies, first, last)
    language = get_language() or "uz"
    by_agency = _grouped(entries, F("invoice__agency_id"))
    by_service = _grouped(entries, F("invoice__service_id"))
    #: Money in is debited to the way it came by, money out is credited.
    way = Case(When(kind__in=_IN, then=F("debit")), default=F("credit"), output_field=CharField())
    by_way = _grouped(entries, way)
    by_day = _grouped(entries, TruncDate("at"))
    titles = selectors.titles_of({key for key, _in, _out in by_service if key})
    tables = [
        (_("By agency"), _named(by_agency, {one.pk: one.label(language) for one in agencies})),
        (_("By service"), _named(by_service, titles, _("Without a service"))),
        (_("By way to pay"), _named(by_way, {value: str(Account(value).label) for value, *_rest in by_way})),
        (_("By day"), _named(by_day, {day: day.isoformat() for day, *_rest in by_day})),
    ]  # fmt: skip
    shares = _shares(tables[2][1])
    total = sum((came for _key, came, _went in by_agency), Tiyin(0))
    gone = sum((went for _key, _came, went in by_agency), Tiyin(0))
    return {
        "tables": [{"title": title, "rows": rows} for title, rows in tables],
        "chart": _bars({day: came for day, came, _went in by_day}, first, last),
        "shares": shares,
        "shares_height": len(shares) * _BAR,
        "total": {"came": total, "went": gone, "kept": total - gone},
    }


def _bars(sums: Mapping[date, Tiyin], first: date, last: date) -> list[dict[str, Any]]:
    """Bars of the days: `{"x", "y", "width", "height", "day", "sum", "label"}`; the template draws
    them as SVG, the table of days says the same in words."""
    first = max(first, last - timedelta(days=_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    most = max([int(sums.get(day, 0)) for day in days] + [1])
    step = _WIDTH // len(days)
    bars = []
    for place, day in enumerate(days):
        amount = sums.get(day, Tiyin(0))
        height = int(amount) * _HEIGHT // most
        bars.append(
            {
                "x": place * step, "width": max(step - 2, 1), "day": day, "sum": amount,
                "height": height, "y": _HEIGHT - height,
                "label": day.strftime("%d.%m") if place % max(1, len(days) // 10) == 0 else "",
            }
        )  # fmt: skip
    return bars


def _shares(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Horizontal bars: `{"name", "sum", "percent", "width", "y"}`, in whole per cent of the sum."""
    came = [(name, amount) for name, amount, _went, _kept in rows if amount]
    total = sum((int(amount) for _name, amount in came), 0)
    return [
        {
            "name": name, "sum": amount, "percent": int(amount) * 100 // total,
            "width": max(int(amount) * 500 // total, 1), "y": place * _BAR,
        }
        for place, (name, amount) in enumerate(came)
    ]  # fmt: skip


def as_rows(agencies: Iterable[Agency], first: date, last: date) -> list[list[files.Cell]]:
    """The tables of a report under one head; sums in soʻm with two places."""
    found: list[list[files.Cell]] = [
        [_("Total by"), _("Name"), _("In, soʻm"), _("Out, soʻm"), _("Kept, soʻm")]
    ]
    for table in report(agencies, first, last)["tables"]:
        found += [
            [table["title"], name, *(in_soums(amount) for amount in sums)]
            for name, *sums in table["rows"]
        ]
    return found


def movements(agencies: Iterable[Agency], first: date, last: date) -> list[list[files.Cell]]:
    """Rows of money in and out, head first; sums in soʻm with two places."""
    rows: list[list[files.Cell]] = [
        [
            _("Day"), _("Invoice"), _("Request"), _("Agency"), _("Service"), _("Way to pay"),
            _("Number of the payment"), _("In, soʻm"), _("Out, soʻm"),
        ]
    ]  # fmt: skip
    entries = (
        _entries(agencies, first, last)
        .select_related("invoice__agency", "invoice__service", "attempt")
        .order_by("at", "pk")
    )
    for entry in entries.iterator(1_000):
        invoice, attempt = entry.invoice, entry.attempt
        amount = in_soums(entry.amount)
        way = entry.debit if entry.kind in _IN else entry.credit
        rows.append(
            [
                timezone.localdate(entry.at).isoformat(), invoice.number, invoice.about,
                invoice.agency.label(), invoice.service.key if invoice.service else "",
                str(Account(way).label), attempt.external_id if attempt else "",
                amount if entry.kind in _IN else "", amount if entry.kind in _OUT else "",
            ]
        )  # fmt: skip
    return rows
