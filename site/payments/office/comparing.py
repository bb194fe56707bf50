"""Reconciliation: which days were compared, what differs, and what was exchanged."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors import agencies_of
from payments import by_hand, reconciling, refunds, statements
from payments.days import bounds
from payments.models import CallLog, Comparison, Difference, MerchantAccount
from payments.office import access
from payments.providers import known
from payments.states import ProviderName


@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """What differs and stands until somebody settles it; the last days of each account."""
    agencies = access.agencies(request)
    rows = Difference.objects.filter(agency__in=agencies)
    show_all = request.GET.get("show") == "all"
    if not show_all:
        rows = rows.filter(settled_at__isnull=True)
    rows = rows.select_related("agency", "invoice", "settled_by")
    today = timezone.localdate()
    days = [today - timedelta(days=n) for n in range(1, reconciling.BACK + 1)]
    accounts = list(
        MerchantAccount.objects.filter(agency__in=agencies, provider__in=known(), active=True)
        .select_related("agency")
        .order_by("agency", "provider")[:100]
    )
    compared = {
        (row.account_id, row.day): row
        for row in Comparison.objects.filter(account__in=accounts, day__in=days)
    }
    money = agencies_of(request.user, *refunds.MONEY)
    context = {
        "page_obj": Paginator(rows, access.PER_PAGE).get_page(request.GET.get("page")),
        "show_all": show_all, "days": days,
        "accounts": [(one, [compared.get((one.pk, day)) for day in days]) for one in accounts],
        "agencies": list(money), "ways": [ProviderName(name) for name in known()],
        "columns": ";".join(statements.COLUMNS), "states": ", ".join(sorted(statements.STATES)),
    }  # fmt: skip
    return render(
        request, "payments/admin/differences.html",
        access.frame(request, "payments_differences") | context,
    )  # fmt: skip


@require_POST
def compare(request: HttpRequest) -> HttpResponse:
    """A payment system's statement as a file: compare a day with our books."""
    agency = access.chosen_agency(request, *refunds.MONEY)
    sent, day = access.sent_file(request), access.day_of(request.POST.get("day"))
    account = MerchantAccount.objects.filter(
        agency=agency, provider=request.POST.get("provider", ""), provider__in=known()
    ).order_by("-active", "-pk").first()  # fmt: skip
    if agency is None or account is None or day is None or sent is None:
        messages.error(request, _("Choose an agency, a day and a file of at most 5 MB."))
        return redirect("payments_differences")
    try:
        lines = statements.parse(sent.read())
    except by_hand.BadStatement as bad:
        access.bad_line(request, bad)
    else:
        found = len(reconciling.compare(account, day, lines, access.person(request)))
        messages.success(request, _("Compared. Differences: %(count)s") % {"count": found})
    return redirect("payments_differences")


@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Record the money of a difference, or say that it is cleared up."""
    agencies = access.agencies(request, *refunds.MONEY)
    row = get_object_or_404(Difference, pk=pk, agency__in=agencies)
    if verb == "take":
        access.done(
            request,
            lambda: reconciling.take_money(row.pk, access.person(request)),
            _("The money was recorded."),
        )
    else:
        access.done(
            request,
            lambda: reconciling.settle(row.pk, access.person(request)),
            _("It is cleared up."),
        )
    return redirect("payments_differences")


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Every exchange with the payment systems in a time, newest first; secrets are masked."""
    agencies = access.agencies(request, *access.CALL_READERS)
    first, last = access.period(request)
    start, end = bounds(first, last)
    asked = {name: request.GET.get(name, "").strip() for name in ("provider", "way", "show", "q")}
    rows = CallLog.objects.filter(account__agency__in=agencies, at__gte=start, at__lt=end)
    if asked["provider"] in ProviderName.values:
        rows = rows.filter(provider=asked["provider"])
    if asked["way"] in {"in", "out"}:
        rows = rows.filter(incoming=asked["way"] == "in")
    if asked["show"] == "failed":
        rows = rows.filter(Q(code__lt=0) | Q(code__gte=400))
    if asked["q"]:
        rows = rows.filter(body__contains=asked["q"][:64])
    rows = rows.select_related("account__agency").defer("headers", "body", "answer")
    page = Paginator(rows.order_by("-at", "-pk"), access.PER_PAGE)
    context = {
        "page_obj": page.get_page(request.GET.get("page")), "first": first, "last": last,
        "asked": asked, "ways": [ProviderName(name) for name in known()],
    }  # fmt: skip
    return render(
        request, "payments/admin/calls.html", access.frame(request, "payments_calls") | context
    )


@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One exchange: what was said and what was answered."""
    agencies = access.agencies(request, *access.CALL_READERS)
    rows = CallLog.objects.select_related("account__agency")
    row = get_object_or_404(rows, pk=pk, account__agency__in=agencies)
    return render(
        request, "payments/admin/call.html", access.frame(request, "payments_calls") | {"row": row}
    )
