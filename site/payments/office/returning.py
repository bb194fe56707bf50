"""Refunds: asked for by one person, decided by another, booked once the money went back."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from payments import refunds
from payments.models import Refund
from payments.office import access


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Refunds of one's agencies: those that wait first, or of one state."""
    agencies = access.agencies(request)
    rows = Refund.objects.filter(invoice__agency__in=agencies)
    state = request.GET.get("state", "")
    if state in Refund.State.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=[Refund.State.REQUESTED, Refund.State.APPROVED])
    rows = rows.select_related("invoice__agency", "requested_by", "decided_by")
    pages = Paginator(rows.order_by("-requested_at", "-pk"), access.PER_PAGE)
    context = {
        "page_obj": pages.get_page(request.GET.get("page")), "state": state,
        "states": Refund.State.choices,
    }  # fmt: skip
    return render(
        request, "payments/admin/refunds.html", access.frame(request, "payments_refunds") | context
    )


@require_POST
def ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask for a refund with its reason."""
    row, reason = access.invoice(request, uuid, *refunds.MONEY), request.POST.get("reason", "")
    if reason not in Refund.Reason.values:
        raise Http404
    text = request.POST.get("amount", "")
    access.done(
        request,
        lambda: refunds.request(
            row.pk, access.amount_of(text), reason, actor=access.person(request),
            note=request.POST.get("note", ""),
        ),
        _("The refund waits for another person's approval."),
    )  # fmt: skip
    return redirect("payments_detail", uuid)


@require_POST
def decide(request: HttpRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Approve, refuse, or book a refund that was carried out by hand."""
    row = get_object_or_404(
        Refund, uuid=uuid, invoice__agency__in=access.agencies(request, *refunds.MONEY)
    )
    number = request.POST.get("number", "")
    acts = {
        "approve": (
            lambda: refunds.approve(row.pk, access.person(request)),
            _("The refund was approved."),
        ),
        "reject": (
            lambda: refunds.reject(row.pk, access.person(request)),
            _("The refund was not approved."),
        ),
        "book": (
            lambda: refunds.book(row.pk, number, access.person(request)),
            _("The refund was booked."),
        ),
    }
    if verb not in acts:
        raise Http404
    access.done(request, *acts[verb])
    return redirect("payments_detail", row.invoice.uuid)
