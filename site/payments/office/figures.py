"""Figures of money: totals as tables and charts, movements for bookkeeping."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from payments import documents, totals
from payments.office import access


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Totals by agency, service, way to pay and day, as tables and charts."""
    agencies = access.agencies(request)
    first, last = access.period(request)
    context = {"first": first, "last": last, **totals.report(agencies, first, last)}
    return render(
        request, "payments/admin/figures.html", access.frame(request, "payments_figures") | context
    )


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The ledger's movements of money in a time, for bookkeeping."""
    first, last = access.period(request)
    rows = totals.movements(access.agencies(request), first, last)
    return documents.table(rows, f"payments-{first}-{last}", ending)


@require_safe
def export_totals(request: HttpRequest, ending: str) -> HttpResponse:
    """The totals of a time as one table."""
    first, last = access.period(request)
    rows = totals.as_rows(access.agencies(request), first, last)
    return documents.table(rows, f"totals-{first}-{last}", ending)
