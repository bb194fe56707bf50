"""What Click says of a day. It gives no list, so each payment begun or performed on that day is
asked about, and each invoice that could be paid on it and was not: what was paid there and is
unknown here is found so, unless the payer named no invoice of ours."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from payments.days import bounds
from payments.models import Attempt, Invoice, MerchantAccount
from payments.providers import click_merchant
from payments.providers.base import Line, Silent, Status
from payments.states import AttemptState

#: Questions for one day and account; more is left to a file of Click's cabinet.
MOST = 500


def lines(account: MerchantAccount, day: date) -> list[Line]:
    """The day's payments as Click has them. Raises Silent."""
    start, end = bounds(day)
    attempts = list(
        Attempt.objects.filter(account=account)
        .filter(
            Q(created_at__gte=start, created_at__lt=end)
            | Q(performed_at__gte=start, performed_at__lt=end)
        )
        .select_related("invoice")
        .order_by("pk")[: MOST + 1]
    )
    unpaid = _unpaid(account, day)
    if len(attempts) + len(unpaid) > MOST:
        raise Silent("too many to ask about one by one")
    found = [line for attempt in attempts for line in _of_attempt(account, attempt)]
    known = {row.data.get("paydoc") for row in attempts}
    for invoice in unpaid:
        payment, status = click_merchant.find(account, invoice.number, day)
        if status == Status.PAID and payment not in known:
            found.append(Line(payment, invoice.number, None, paid=True))
    return found


def _of_attempt(account: MerchantAccount, attempt: Attempt) -> list[Line]:
    payment = str(attempt.data.get("paydoc") or "")
    if payment:
        status = click_merchant.status_of(account, payment)
    else:
        day = click_merchant.begun_on(attempt)
        _payment, status = click_merchant.find(account, attempt.invoice.number, day)
    if status == Status.UNKNOWN:
        return []
    return [Line(attempt.external_id, attempt.invoice.number, None, paid=status == Status.PAID)]


def _unpaid(account: MerchantAccount, day: date) -> list[Invoice]:
    """Invoices of the agency that could be paid on a day and have no money of this account."""
    start, end = bounds(day)
    paid = Attempt.objects.filter(
        account=account, state__in=[AttemptState.PERFORMED, AttemptState.SURPLUS]
    )
    rows = Invoice.objects.filter(agency=account.agency_id, issued_at__lt=end, due_at__gte=start)
    return list(rows.exclude(pk__in=paid.values("invoice_id")).order_by("pk")[: MOST + 1])
