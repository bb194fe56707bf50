"""Invoices: the list with what waits for a person, one invoice with its money, a new one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agency
from accounts.selectors import agencies_of
from payments import documents, freestanding, presenting, refunds, selectors
from payments.models import BankLine, CashReceipt, Difference, Invoice, Refund
from payments.numbers import parse_number
from payments.office import access
from payments.providers import known
from payments.states import InvoiceState
from service_pages.vocabulary import FeeKind


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Invoices of one's agencies, found by number, state; what waits for a person on top."""
    agencies = access.agencies(request)
    rows = (
        Invoice.objects.filter(agency__in=agencies)
        .select_related("agency", "service")
        .prefetch_related("items")
    )
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in InvoiceState.values:
        rows = rows.filter(state=state)
    if query:
        rows = rows.filter(number=parse_number(query) or "") | rows.filter(about=query[:64])
    pages = Paginator(rows.order_by("-issued_at", "-pk"), access.PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    titles = selectors.titles_of({row.service_id for row in page if row.service_id})
    return render(request, "payments/admin/index.html", access.frame(request, "payments_index") | {
        "page_obj": page, "rows": [(row, presenting.title(row, titles)) for row in page],
        "states": InvoiceState.choices, "state": state, "query": query,
        "waiting": _waiting(agencies), "many": len(agencies) > 1,
        "may_issue": agencies_of(request.user, *refunds.MONEY).exists(),
    })  # fmt: skip


def _waiting(agencies: list[Agency]) -> list[dict[str, Any]]:
    """What waits for a person: how many, and where."""
    cash = CashReceipt.objects.filter(agency__in=agencies, state="entered")
    pending = Refund.objects.filter(invoice__agency__in=agencies)
    lines = BankLine.objects.filter(agency__in=agencies, attempt__isnull=True)
    differences = Difference.objects.filter(agency__in=agencies, settled_at__isnull=True)
    counts = [
        (_("Refunds to approve"), pending.filter(state="requested"), "payments_refunds"),
        (_("Refunds to carry out"), pending.filter(state="approved"), "payments_refunds"),
        (_("Receipts to confirm"), cash, "payments_desk"),
        (_("Transfers not recognised"), lines, "payments_transfers"),
        (_("Differences"), differences, "payments_differences"),
    ]
    found = [(label, rows.count(), name) for label, rows, name in counts]
    return [
        {"label": label, "count": count, "url": reverse(name)}
        for label, count, name in found
        if count
    ]


@require_safe
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One invoice: items, attempts, ledger, refunds."""
    row = access.invoice(request, uuid)
    title = selectors.titles_of({row.service_id}) if row.service_id else {}
    context = {
        "row": row, "items": row.items.all(), "attempts": row.attempts.order_by("pk"),
        "entries": row.entries.select_related("actor"), "online": known(),
        "refunds": row.refunds.select_related("attempt", "requested_by", "decided_by"),
        "returnable": refunds.returnable(row), "reasons": Refund.Reason.choices,
        "service_title": title.get(row.service_id or 0, ""),
        "may_money": agencies_of(request.user, *refunds.MONEY).filter(pk=row.agency_id).exists(),
    }  # fmt: skip
    return render(
        request, "payments/admin/detail.html", access.frame(request, "payments_index") | context
    )


@require_safe
def pdf(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponse:
    """The invoice or its receipt as the payer has it."""
    row = access.invoice(request, uuid)
    language = get_language() or "uz"
    if kind == "receipt" and row.is_settled:
        return documents.download(documents.receipt_pdf(row, language), f"{row.number}-receipt.pdf")
    return documents.download(documents.invoice_pdf(row, language), f"{row.number}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """A free-standing invoice: for what belongs to no request."""
    agencies = access.agencies(request, *refunds.MONEY)
    typed = {name: request.POST.get(name, "").strip() for name in freestanding.FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        agency = access.chosen_agency(request, *refunds.MONEY)
        try:
            if agency is None:
                raise freestanding.Wrong("agency")
            row = freestanding.issue(agency, typed, access.person(request))
        except freestanding.Wrong as wrong:
            errors = {wrong.field: str(freestanding.WORDS[wrong.field])}
        else:
            messages.success(request, _("The invoice was issued."))
            return redirect("payments_detail", row.uuid)
    context = {
        "agencies": agencies, "kinds": FeeKind.choices, "typed": typed, "errors": errors,
        "chosen": request.POST.get("agency", ""),
    }  # fmt: skip
    return render(
        request, "payments/admin/issue.html",
        access.frame(request, "payments_index") | context, status=400 if errors else 200,
    )  # fmt: skip
