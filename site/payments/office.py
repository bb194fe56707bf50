"""The accountants' side in the admin: money, never answers. Every step is a verb of `services`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Agency, Role
from accounts.selectors import agencies_of
from core.money import soums
from payments import by_hand, documents, reconciling, refunds, statements, totals
from payments.models import BankLine, CashReceipt, Difference, Invoice, MerchantAccount, Refund
from payments.numbers import parse_number
from payments.providers import known
from payments.states import InvalidMove, InvoiceState, ProviderName

PER_PAGE = 50
#: Who sees money: accountants and heads of their agencies, controllers of all they control.
READERS = (*refunds.MONEY, Role.CONTROLLER)


def _agencies(request: HttpRequest, *roles: str) -> list[Agency]:
    found = list(agencies_of(request.user, *(roles or READERS)))
    if not found:
        raise PermissionDenied
    return found


def _period(request: HttpRequest) -> tuple[Any, Any]:
    """First and last day asked for; the last thirty days where none is."""
    today = localdate()
    last = parse_date(request.GET.get("to", "")[:10]) if request.GET.get("to") else None
    first = parse_date(request.GET.get("from", "")[:10]) if request.GET.get("from") else None
    last = last or today
    return first or last - timedelta(days=29), last


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Invoices of one's agencies, found by number, state; what waits for a person on top."""
    agencies = _agencies(request)
    rows = Invoice.objects.filter(agency__in=agencies).select_related("agency", "service")
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in InvoiceState.values:
        rows = rows.filter(state=state)
    if query:
        rows = rows.filter(number=parse_number(query) or "") | rows.filter(about=query[:64])
    return render(request, "payments/admin/index.html", {
        "page_obj": Paginator(rows.order_by("-issued_at", "-pk"), PER_PAGE).get_page(request.GET.get("page")),
        "states": InvoiceState.choices, "state": state, "query": query,
        "refunds": Refund.objects.filter(
            invoice__agency__in=agencies, state__in=["requested", "approved"]
        ).select_related("invoice", "requested_by"),
        "cash": CashReceipt.objects.filter(agency__in=agencies, state="entered"),
        "lines": BankLine.objects.filter(agency__in=agencies, attempt__isnull=True)[:100],
        "differences": Difference.objects.filter(agency__in=agencies, settled_at__isnull=True)[:100],
        "agencies": agencies, "ways": [ProviderName(name) for name in known()],
        "reasons": Refund.Reason.choices,
    })  # fmt: skip


@require_safe
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One invoice: items, attempts, ledger, refunds."""
    row = _invoice(request, uuid)
    return render(request, "payments/admin/detail.html", {
        "row": row, "items": row.items.all(), "attempts": row.attempts.order_by("pk"),
        "entries": row.entries.select_related("actor"), "refunds": row.refunds.all(),
        "returnable": refunds.returnable(row), "reasons": Refund.Reason.choices,
        "may_money": agencies_of(request.user, *refunds.MONEY).filter(pk=row.agency_id).exists(),
    })  # fmt: skip


def _invoice(request: HttpRequest, uuid: UUID, *roles: str) -> Invoice:
    rows = Invoice.objects.filter(agency__in=_agencies(request, *roles))
    return get_object_or_404(rows.select_related("agency", "service"), uuid=uuid)


def _done(request: HttpRequest, act: Callable[[], Any], told: str) -> None:
    """Do something with money and say how it went."""
    try:
        act()
    except (refunds.NotAllowed, InvalidMove):
        messages.error(
            request, _("This cannot be done: another person must do it, or it is done already.")
        )
    except (ValueError, InvalidOperation):
        messages.error(request, _("The sum or the number is not right."))
    else:
        messages.success(request, told)


@require_POST
def ask_refund(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a refund with its reason."""
    row, reason = _invoice(request, uuid, *refunds.MONEY), request.POST.get("reason", "")
    if reason not in Refund.Reason.values:
        raise Http404
    text = request.POST.get("amount", "").replace(" ", "").replace("\u00a0", "").replace(",", ".")
    _done(
        request,
        lambda: refunds.request(
            row.pk, soums(text), reason, actor=request.user, note=request.POST.get("note", "")
        ),
        _("The refund waits for another person's approval."),
    )
    return redirect("payments_detail", uuid)


@require_POST
def decide_refund(request: HttpRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Approve, refuse, or book a refund that was carried out by hand."""
    row = get_object_or_404(
        Refund, uuid=uuid, invoice__agency__in=_agencies(request, *refunds.MONEY)
    )
    if verb == "approve":
        _done(request, lambda: refunds.approve(row.pk, request.user), _("The refund was approved."))
    elif verb == "reject":
        _done(
            request, lambda: refunds.reject(row.pk, request.user), _("The refund was not approved.")
        )
    elif verb == "book":
        number = request.POST.get("number", "")
        _done(
            request, lambda: refunds.book(row.pk, number, request.user), _("The refund was booked.")
        )
    else:
        raise Http404
    return redirect("payments_detail", row.invoice.uuid)


@require_POST
def enter_cash(request: HttpRequest) -> HttpResponse:
    """Enter a receipt of the cash desk."""
    agencies = _agencies(request, *by_hand.DESK)
    number = parse_number(request.POST.get("invoice", "")[:64]) or ""
    row = Invoice.objects.filter(number=number, agency__in=agencies).first()
    if row is None:
        messages.error(request, _("There is no invoice with this number."))
        return redirect("payments_desk")
    text = request.POST.get("amount", "").replace(" ", "").replace(",", ".")
    _done(
        request,
        lambda: by_hand.enter_cash(row, request.POST.get("number", ""), soums(text), request.user),
        _("The receipt waits for a second person."),
    )
    return redirect("payments_desk")


@require_POST
def decide_cash(request: HttpRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Confirm or refuse a receipt as the second person."""
    row = get_object_or_404(CashReceipt, uuid=uuid, agency__in=_agencies(request, *by_hand.DESK))
    confirm = verb == "confirm"
    told = _("The receipt was confirmed.") if confirm else _("The receipt was not confirmed.")
    _done(request, lambda: by_hand.decide_cash(row.pk, request.user, confirm=confirm), told)
    return redirect("payments_desk")


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The cash desk: enter a receipt, confirm another person's."""
    agencies = _agencies(request, *by_hand.DESK)
    rows = CashReceipt.objects.filter(agency__in=agencies).select_related("invoice", "entered_by")
    return render(request, "payments/admin/desk.html", {"rows": rows.order_by("-pk")[:50]})


@require_POST
def import_statement(request: HttpRequest) -> HttpResponse:
    """A bank's statement as CSV."""
    agencies = _agencies(request, *refunds.MONEY)
    agency = next((a for a in agencies if a.key == request.POST.get("agency")), None)
    sent = request.FILES.get("file")
    if agency is None or sent is None or (sent.size or 0) > by_hand.MOST_BYTES:
        messages.error(request, _("Choose an agency and a file of at most 5 MB."))
        return redirect("payments_index")
    try:
        done = by_hand.import_statement(agency, sent.read(), request.user)
    except by_hand.BadStatement as bad:
        text = _("Line %(line)s cannot be read: %(column)s.") % {
            "line": bad.line,
            "column": bad.column,
        }
        messages.error(request, text)
    else:
        text = _("Paid: %(matched)s, not recognised: %(unmatched)s, known before: %(known)s.")
        messages.success(request, text % vars(done))
    return redirect("payments_index")


@require_POST
def match_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line of the statement for an invoice."""
    line = get_object_or_404(BankLine, pk=pk, agency__in=_agencies(request, *refunds.MONEY))
    number = parse_number(request.POST.get("invoice", "")[:64]) or ""
    row = Invoice.objects.filter(number=number, agency=line.agency).first()
    if row is None:
        messages.error(request, _("There is no invoice with this number."))
    else:
        _done(
            request,
            lambda: by_hand.match(line, row, request.user),
            _("The money was taken for the invoice."),
        )
    return redirect("payments_index")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Totals by agency, service, way to pay and day, as tables and a chart."""
    agencies = _agencies(request)
    first, last = _period(request)
    return render(request, "payments/admin/figures.html", {
        "first": first, "last": last, "tables": totals.tables(agencies, first, last),
        "chart": totals.chart(agencies, first, last),
    })  # fmt: skip


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The ledger's movements of money in a time, for bookkeeping."""
    first, last = _period(request)
    return documents.table(totals.movements(_agencies(request), first, last), "payments", ending)


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """A payment system's statement as a file: compare a day with our books."""
    agencies = _agencies(request, *refunds.MONEY)
    agency = next((a for a in agencies if a.key == request.POST.get("agency")), None)
    sent, day = request.FILES.get("file"), parse_date(request.POST.get("day", "")[:10] or "-")
    account = MerchantAccount.objects.filter(
        agency=agency, provider=request.POST.get("provider", "")
    ).first()
    if account is None or day is None or sent is None or (sent.size or 0) > by_hand.MOST_BYTES:
        messages.error(request, _("Choose an agency, a day and a file of at most 5 MB."))
        return redirect("payments_index")
    try:
        lines = statements.parse(sent.read())
    except by_hand.BadStatement as bad:
        text = _("Line %(line)s cannot be read: %(column)s.") % {
            "line": bad.line,
            "column": bad.column,
        }
        messages.error(request, text)
    else:
        found = len(reconciling.compare(account, day, lines, request.user))
        messages.success(request, _("Compared. Differences: %(count)s") % {"count": found})
    return redirect("payments_index")


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """A difference is cleared up."""
    row = get_object_or_404(Difference, pk=pk, agency__in=_agencies(request, *refunds.MONEY))
    reconciling.settle(row.pk, request.user)
    return redirect("payments_index")
