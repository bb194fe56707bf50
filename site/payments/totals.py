"""Figures of money for accountants: totals, a chart, movements for bookkeeping. All in tiyin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Agency
from core import tables as files
from core.money import Tiyin, in_soums
from payments.days import bounds
from payments.models import LedgerEntry
from payments.states import Account

#: Entries by which money came in, and by which it went back.
_IN, _OUT = ("paid", "surplus"), ("refunded",)


def _entries(agencies: Iterable[Agency], first: date, last: date) -> QuerySet[LedgerEntry]:
    start, end = bounds(first, last)
    return (
        LedgerEntry.objects.filter(
            invoice__agency__in=list(agencies), at__gte=start, at__lt=end, kind__in=_IN + _OUT
        )
        .select_related("invoice__agency", "invoice__service", "attempt")
        .order_by("at", "pk")
    )


def _way(entry: LedgerEntry) -> str:
    account = entry.debit if entry.kind in _IN else entry.credit
    return str(Account(account).label)


def tables(agencies: Iterable[Agency], first: date, last: date) -> list[dict[str, Any]]:
    """Totals by agency, service, way to pay and day: `{"title", "rows": [(name, in, out, kept)]}`."""
    language = get_language() or "uz"
    sums: list[dict[str, list[Tiyin]]] = [
        defaultdict(lambda: [Tiyin(0), Tiyin(0)]) for _group in range(4)
    ]
    for entry in _entries(agencies, first, last).iterator(1_000):
        invoice = entry.invoice
        names = (
            invoice.agency.label(language),
            invoice.service.key if invoice.service else "–",
            _way(entry),
            timezone.localdate(entry.at).isoformat(),
        )
        place = 0 if entry.kind in _IN else 1
        for group, name in zip(sums, names, strict=True):
            group[name][place] += entry.amount
    titles = (_("By agency"), _("By service"), _("By way to pay"), _("By day"))
    return [
        {
            "title": title,
            "rows": [
                (name, came, went, came - went) for name, (came, went) in sorted(group.items())
            ],
        }
        for title, group in zip(titles, sums, strict=True)
    ]


#: Size of the chart's field, in units of its own.
_WIDTH, _HEIGHT = 900, 240


def chart(agencies: Iterable[Agency], first: date, last: date) -> list[dict[str, Any]]:
    """Bars of what came in each day: `{"x", "y", "width", "height", "day", "sum", "label"}`.

    The template draws them as SVG; the table of days says the same in words.
    """
    days = [first + timedelta(days=n) for n in range(max(1, min((last - first).days + 1, 92)))]
    sums: dict[date, Tiyin] = defaultdict(Tiyin)
    for entry in _entries(agencies, first, last).filter(kind__in=_IN).iterator(1_000):
        sums[timezone.localdate(entry.at)] += entry.amount
    most = max([int(sums[day]) for day in days] + [1])
    step = _WIDTH // len(days)
    return [
        {
            "x": place * step, "width": max(step - 2, 1), "day": day, "sum": sums[day],
            "height": int(sums[day]) * _HEIGHT // most,
            "y": _HEIGHT - int(sums[day]) * _HEIGHT // most,
            "label": day.strftime("%d.%m") if place % max(1, len(days) // 10) == 0 else "",
        }
        for place, day in enumerate(days)
    ]  # fmt: skip


def movements(agencies: Iterable[Agency], first: date, last: date) -> list[list[files.Cell]]:
    """Rows of money in and out, head first; sums in soʻm with two places."""
    rows: list[list[files.Cell]] = [
        [
            _("Day"), _("Invoice"), _("Request"), _("Agency"), _("Service"), _("Way to pay"),
            _("Number of the payment"), _("In, soʻm"), _("Out, soʻm"),
        ]
    ]  # fmt: skip
    for entry in _entries(agencies, first, last).iterator(1_000):
        invoice, attempt = entry.invoice, entry.attempt
        amount = str(in_soums(entry.amount))
        rows.append(
            [
                timezone.localdate(entry.at).isoformat(), invoice.number, invoice.about,
                invoice.agency.label(), invoice.service.key if invoice.service else "",
                _way(entry), attempt.external_id if attempt else "",
                amount if entry.kind in _IN else "", amount if entry.kind in _OUT else "",
            ]
        )  # fmt: skip
    return rows
