"""Money that people enter: the bank's statement and the cash desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import agencies_of
from payments import by_hand, refunds
from payments.models import BankLine, CashReceipt, Invoice
from payments.numbers import parse_number
from payments.office import access


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The cash desk: enter a receipt, confirm another person's."""
    agencies = access.agencies(request, *by_hand.DESK)
    rows = CashReceipt.objects.filter(agency__in=agencies).select_related(
        "invoice", "entered_by", "decided_by"
    )
    pages = Paginator(rows.order_by("-pk"), access.PER_PAGE)
    context = {"page_obj": pages.get_page(request.GET.get("page"))}
    return render(
        request, "payments/admin/desk.html", access.frame(request, "payments_desk") | context
    )


@require_POST
def enter_cash(request: HttpRequest) -> HttpResponse:
    """Enter a receipt of the cash desk."""
    agencies = access.agencies(request, *by_hand.DESK)
    number = parse_number(request.POST.get("invoice", "")[:64]) or ""
    row = Invoice.objects.filter(number=number, agency__in=agencies).first()
    if row is None:
        messages.error(request, _("There is no invoice with this number."))
        return redirect("payments_desk")
    access.done(
        request,
        lambda: by_hand.enter_cash(
            row, request.POST.get("number", ""), access.amount_of(request.POST.get("amount", "")),
            access.person(request),
        ),
        _("The receipt waits for a second person."),
    )  # fmt: skip
    return redirect("payments_desk")


@require_POST
def decide_cash(request: HttpRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Confirm or refuse a receipt as the second person."""
    agencies = access.agencies(request, *by_hand.DESK)
    row = get_object_or_404(CashReceipt, uuid=uuid, agency__in=agencies)
    confirm = verb == "confirm"
    told = _("The receipt was confirmed.") if confirm else _("The receipt was not confirmed.")
    access.done(
        request, lambda: by_hand.decide_cash(row.pk, access.person(request), confirm=confirm), told
    )
    return redirect("payments_desk")


@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """Transfers that named no invoice, and the way to read a statement in."""
    agencies = access.agencies(request)
    lines = BankLine.objects.filter(agency__in=agencies).select_related("attempt__invoice")
    show_all = request.GET.get("show") == "all"
    if not show_all:
        lines = lines.filter(attempt__isnull=True)
    context = {
        "page_obj": Paginator(lines, access.PER_PAGE).get_page(request.GET.get("page")),
        "show_all": show_all, "agencies": list(agencies_of(request.user, *refunds.MONEY)),
        "columns": ";".join(by_hand.COLUMNS),
    }  # fmt: skip
    return render(
        request, "payments/admin/transfers.html",
        access.frame(request, "payments_transfers") | context,
    )  # fmt: skip


@require_POST
def import_statement(request: HttpRequest) -> HttpResponse:
    """A bank's statement as CSV."""
    agency = access.chosen_agency(request, *refunds.MONEY)
    sent = access.sent_file(request)
    if agency is None or sent is None:
        messages.error(request, _("Choose an agency and a file of at most 5 MB."))
        return redirect("payments_transfers")
    try:
        counts = by_hand.import_statement(agency, sent.read(), access.person(request))
    except by_hand.BadStatement as bad:
        access.bad_line(request, bad)
    else:
        text = _("Paid: %(matched)s, not recognised: %(unmatched)s, known before: %(known)s.")
        messages.success(request, text % vars(counts))
    return redirect("payments_transfers")


@require_POST
def match_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line of the statement for an invoice."""
    agencies = access.agencies(request, *refunds.MONEY)
    line = get_object_or_404(BankLine, pk=pk, agency__in=agencies)
    number = parse_number(request.POST.get("invoice", "")[:64]) or ""
    row = Invoice.objects.filter(number=number, agency=line.agency).first()
    if row is None:
        messages.error(request, _("There is no invoice with this number."))
    else:
        access.done(
            request,
            lambda: by_hand.match(line, row, access.person(request)),
            _("The money was taken for the invoice."),
        )
    return redirect("payments_transfers")
