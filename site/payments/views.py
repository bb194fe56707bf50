"""The payer's side: what is owed, ways to pay, waiting, paid, failed, documents. Reads only."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.firms import speaks_for
from core.texts import pick
from payments import asking, documents, presenting, requisites, selectors, subjects
from payments.models import Invoice
from payments.providers import known, provider_of, usable
from payments.states import AttemptState, InvoiceState, ProviderName


def _own(request: HttpRequest, uuid: UUID) -> Invoice:
    """The reader's own invoice, or their firm's. Somebody else's does not exist."""
    return get_object_or_404(selectors.invoices_of(request.user), uuid=uuid)


def _context(row: Invoice, reader: Any) -> dict[str, Any]:
    language = get_language() or "uz"
    accounts = list(selectors.accounts_of(row.agency))
    last = row.attempts.order_by("-pk").first()
    failed = (
        row.state == InvoiceState.OPEN and last is not None and last.state == AttemptState.CANCELLED
    )
    return {
        "row": row,
        "agency": pick(row.agency.name, language),
        "items": [
            {"item": item, "text": item.text(language), "law": item.law(language)}
            for item in row.items.all()
        ],
        "discounted": any(item.discount for item in row.items.all()),
        "online": [
            account for account in accounts if account.provider in known() and usable(account)
        ],
        "payee": requisites.payee(row, language),
        "payer": requisites.payer(row),
        "may_change_requisites": bool(row.organization) and speaks_for(reader, row.organization),
        "bank": any(a.provider == ProviderName.BANK for a in accounts),
        "desk": any(a.provider == ProviderName.CASH for a in accounts),
        "service_title": selectors.titles_of([row.service_id]).get(row.service_id, "")
        if row.service_id
        else "",
        "list_url": reverse("payments:invoices"),
        "may_pay": row.state == InvoiceState.OPEN and row.due_at > timezone.now(),
        "failed": failed,
        "standing": presenting.standing(row, failed=failed),
        "subject_url": subjects.of(row).url(row.reference),
    }


@login_required
@never_cache
@require_safe
def invoice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is owed and for what, how it stands, and the ways to pay."""
    return render(request, "payments/invoice.html", _context(_own(request, uuid), request.user))


@login_required
@never_cache
@require_safe
def pay(request: HttpRequest, uuid: UUID, provider: str) -> HttpResponse:
    """On to the provider. Nothing is written: the provider's own call reserves the invoice."""
    row = _own(request, uuid)
    account = selectors.accounts_of(row.agency).filter(provider=provider).first()
    if provider not in known() or account is None:
        raise Http404
    if not row.is_payable:
        return redirect("payments:invoice", uuid)
    back = settings.BASE_URL + reverse("payments:return", args=[uuid])
    return redirect(
        provider_of(provider).start(row, account, return_url=back, language=get_language() or "uz")
    )


@login_required
@never_cache
@require_safe
def come_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where the provider sends the payer. It changes nothing: it waits for the provider's call,
    and lets a task ask the provider where that does not come."""
    row = _own(request, uuid)
    if not row.is_payable:
        return redirect("payments:invoice", uuid)
    context = _context(row, request.user)
    live = row.attempts.filter(state=AttemptState.CREATED).first()
    if live is not None:
        asking.ask_soon(live)
    elif context["failed"]:
        return redirect("payments:invoice", uuid)
    return render(request, "payments/waiting.html", context)


@login_required
@never_cache
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    """My invoices and my firms', by month."""
    rows = list(selectors.invoices_of(request.user).prefetch_related("items")[:500])
    titles = selectors.titles_of({row.service_id for row in rows if row.service_id})
    months = selectors.by_month(rows)
    for month in months:
        month["rows"] = [
            {"row": row, "tag": presenting.tag(row), "title": presenting.title(row, titles)}
            for row in month["rows"]
        ]
    return render(request, "payments/invoices.html", {"months": months})


@login_required
@never_cache
@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The same as a file, all or one month (`?month=2026-11`), for bookkeeping."""
    rows = selectors.invoices_of(request.user)
    month = request.GET.get("month", "")
    if month:
        try:
            rows = selectors.of_month(rows, date.fromisoformat(f"{month[:7]}-01"))
        except ValueError:
            raise Http404 from None
    return documents.table_of_invoices(list(rows[:5_000]), ending)


@login_required
@never_cache
@require_safe
def invoice_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The invoice with the requisites of both sides."""
    row = _own(request, uuid)
    return documents.download(
        documents.invoice_pdf(row, get_language() or "uz"), f"{row.number}.pdf"
    )


@login_required
@never_cache
@require_safe
def receipt_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt of a payment, with a code that leads to a page saying whether it is genuine."""
    row = _own(request, uuid)
    if not row.is_settled:
        raise Http404
    return documents.download(
        documents.receipt_pdf(row, get_language() or "uz"), f"{row.number}-receipt.pdf"
    )


@never_cache
@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a receipt is genuine: number, sum, agency and day, nothing of the payer."""
    number = documents.number_of(token)
    row = Invoice.objects.filter(number=number).select_related("agency").first() if number else None
    context = {"row": row, "agency": pick(row.agency.name, get_language() or "uz") if row else ""}
    return render(request, "payments/verify.html", context, status=200 if row else 404)
